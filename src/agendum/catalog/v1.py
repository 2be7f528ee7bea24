"""The catalogue as its business keeps it: services, their categories, who gives them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from agendum.catalog.actions import categories, links, services
from agendum.catalog.errors import Unknown
from agendum.catalog.facts import sql
from agendum.catalog.rules import shown as shown_rules
from agendum.catalog.wire import (
    UNSET,
    CategoriesQuery,
    Category,
    CategoryBody,
    ChainCategoriesQuery,
    ChainCategory,
    Link,
    LinkChange,
    LinkPrice,
    Links,
    LinksBody,
    NewLink,
    NewService,
    ServiceBody,
    ServiceCard,
    ServiceItem,
    ServicesQuery,
    ShownSetting,
    TitledService,
    Translation,
)
from agendum.core.db.sql import Row
from agendum.core.envelope import Answer
from agendum.core.errors import Forbidden
from agendum.core.permissions import MEMBER, USER, may
from agendum.core.routes import Routes
from agendum.core.server import Call

routes = Routes("/api/v1", group="services")

_CREATE = may("settings_services_create_access")
_EDIT = may("services_edit")
_DELETE = may("services_delete")
_LINK = may("edit_master_service_and_duration")

# JSON that PostgreSQL wrote, and the shape that it has.
Services = Annotated[bytes, Answer[list[ServiceItem]]]
Cards = Annotated[bytes, Answer[list[ServiceCard] | ServiceCard]]
Card = Annotated[bytes, Answer[ServiceCard]]
Categories = Annotated[bytes, Answer[list[Category]]]
OneCategory = Annotated[bytes, Answer[Category]]


@routes.get("/services/{location_id}", needs=MEMBER)
async def get_service_list(call: Call, query: ServicesQuery) -> Services:
    """The location's services, heavier first; of a team member, of a category."""
    rows = await sql.service_list.rows(
        call.db, **_here(call), staff_id=query.staff_id or None, category_id=query.category_id or None
    )
    return _many(row["shown"] for row in rows)


@routes.post("/services/{location_id}", needs=_CREATE)
async def create_service(call: Call, body: NewService) -> Card:
    """A new service, or with `chain_service_id` one of the chain's that the location offers from now on. Without
    `staff`, those who give its category give it too; an empty list says nobody."""
    return await _card(call, await services.create_service(call, body))


@routes.patch("/services/{location_id}/{service_id}", needs=_EDIT)
async def update_service(call: Call, service_id: int, body: ServiceBody) -> Card:
    """Change what is given. A body with every field of the whole form takes a missing technical break for the
    location's; `staff`, when given, is everybody who gives the service here."""
    await services.change_service(call, service_id, body)
    return await _card(call, service_id)


@routes.put("/services/{location_id}/{service_id}", needs=_EDIT, status=201)
async def deprecated_update_service_by_id(call: Call, service_id: int, body: ServiceBody) -> Card:
    """Change what is given; a missing technical break is the location's. Use PATCH."""
    await services.change_service(call, service_id, body, whole=True)
    return await _card(call, service_id)


@routes.delete("/services/{location_id}/{service_id}", needs=_DELETE, status=204)
async def delete_service(call: Call, service_id: int) -> None:
    """The location no longer offers the service. 422 while appointments or events of it are still to come."""
    await services.delete_service(call, service_id)


@routes.get("/services/{location_id}/{service_id}", needs=MEMBER)
async def deprecated_get_service_list_by_id(call: Call, service_id: int, query: ServicesQuery) -> Cards:
    """One service in full; id 0: all of them, heavier first."""
    rows = await _cards(call, service_id, query)
    return _one(rows[0]) if service_id else _many(rows)


@routes.get("/company/{location_id}/services/{service_id}", needs=MEMBER)
async def get_service(call: Call, service_id: int, query: ServicesQuery) -> Cards:
    """One service in full; id 0: all of them, heavier first; of a team member, of a category."""
    rows = await _cards(call, service_id, query)
    return _one(rows[0]) if service_id else _counted(rows)


@routes.get("/company/{location_id}/services", needs=MEMBER)
async def get_services(call: Call, query: ServicesQuery) -> Cards:
    """All services in full, heavier first; of a team member, of a category."""
    return _counted(await _cards(call, 0, query))


@routes.post("/company/{location_id}/services/links", needs=_LINK, status=200, errors_by_field=True)
async def update_service_links(call: Call, body: LinksBody) -> Answer[Links]:
    """Set times, prices, resources and names of one service at once. When an item is wrong nothing is changed, and
    `meta.errors` says by field what is."""
    await links.set_links(call, body)
    return Answer(data=await _links(call, body.service_id))


@routes.post("/company/{location_id}/services/{service_id}/staff", needs=_LINK)
async def assign_service_to_team_member(call: Call, service_id: int, body: NewLink) -> Answer[Link]:
    """A team member gives the service from now on, in a time of his own (seconds)."""
    return Answer(data=_link(service_id, await links.assign(call, service_id, body)))


@routes.put("/company/{location_id}/services/{service_id}/staff/{team_member_id}", needs=_LINK)
async def update_service_team_member_assignment(
    call: Call, service_id: int, team_member_id: int, body: LinkChange
) -> Answer[Link]:
    """A team member takes another time (seconds) or another bill of materials for the service."""
    return Answer(data=_link(service_id, await links.change_link(call, service_id, team_member_id, body)))


@routes.delete("/company/{location_id}/services/{service_id}/staff/{team_member_id}", needs=_LINK, status=204)
async def remove_service_from_team_member(call: Call, service_id: int, team_member_id: int) -> None:
    """A team member no longer gives the service; what is booked with him stays."""
    await links.remove_link(call, service_id, team_member_id)


@routes.post("/service_categories/{location_id}", needs=_CREATE)
async def create_service_category(call: Call, body: CategoryBody) -> OneCategory:
    """A new category. `staff`: who gives its services unless a service says otherwise."""
    return await _category(call, await categories.create_category(call, body))


@routes.get("/service_category/{location_id}/{id}", needs=MEMBER)
async def get_service_category(call: Call, id: int) -> OneCategory:
    """One category."""
    return await _category(call, id)


@routes.put("/service_category/{location_id}/{id}", needs=_EDIT)
async def update_service_category(call: Call, id: int, body: CategoryBody) -> OneCategory:
    """Change what is given. `staff`: these, and nobody else here, give every service of the category."""
    await categories.change_category(call, id, body)
    return await _category(call, id)


@routes.delete("/service_category/{location_id}/{id}", needs=_DELETE, status=204)
async def delete_service_category(call: Call, id: int) -> None:
    """The location no longer has the category. 422 while it holds services."""
    await categories.delete_category(call, id)


@routes.get("/company/{location_id}/service_categories/{id}", needs=MEMBER)
async def get_service_category_list(call: Call, id: int, query: CategoriesQuery) -> Categories:
    """The location's categories, heavier first; those of a team member; one of them, or with id 0 all."""
    return _counted(await _categories(call, id, query.staff_id))


@routes.get("/company/{location_id}/service_categories", needs=MEMBER)
async def get_service_categories(call: Call, query: CategoriesQuery) -> Categories:
    """The location's categories, heavier first; those of a team member."""
    return _counted(await _categories(call, 0, query.staff_id))


@routes.get("/service_categories/{location_id}/{id}", needs=MEMBER)
async def deprecated_get_service_category_list(call: Call, id: int, query: CategoriesQuery) -> Categories:
    """The location's categories, heavier first; one of them, or with id 0 all."""
    return _many(await _categories(call, id, query.staff_id))


@routes.get("/service_categories/{location_id}", needs=MEMBER)
async def get_service_categories_of_location(call: Call, query: CategoriesQuery) -> Categories:
    """The location's categories, heavier first."""
    return _many(await _categories(call, 0, query.staff_id))


@routes.get("/chain/{chain_id}/service_categories", needs=USER)
async def get_chain_service_category_list(call: Call, query: ChainCategoriesQuery) -> list[ChainCategory]:
    """Every category of the chain, bare, heavier first; `include=services` adds what is in it. For everybody who works
    in the chain, be it at one location."""
    if all(place.chain_id != call.chain_id for place in call.user.memberships):
        raise Forbidden()
    with_services = "services" in query.include
    rows = await sql.chain_categories.rows(call.db, chain_id=call.chain_id, with_services=with_services)
    return [
        ChainCategory(
            row["id"], row["title"], [TitledService(**one) for one in row["services"]] if with_services else UNSET
        )
        for row in rows
    ]


def _here(call: Call) -> dict[str, int]:
    return {"chain_id": call.chain_id, "location_id": call.location_id}


def _one(shown: str, meta: str = "[]") -> bytes:
    return f'{{"success":true,"data":{shown},"meta":{meta}}}'.encode()


def _many(shown: Iterable[str], meta: str = "[]") -> bytes:
    return _one(f"[{','.join(shown)}]", meta)


def _counted(shown: list[str]) -> bytes:
    return _many(shown, f'{{"total_count":{len(shown)}}}')


async def _cards(call: Call, service_id: int, query: ServicesQuery) -> list[str]:
    """Services in full. Raises Unknown for one that is not there, and for a filter that names nothing."""
    filters = {"staff_id": query.staff_id or None, "category_id": query.category_id or None}
    rows = await sql.service_cards.rows(call.db, **_here(call), service_id=service_id or None, **filters)
    if not rows:
        await _check_filters(call, query.staff_id, query.category_id)
        if service_id:
            raise Unknown("Service not found.")
    return [shown_rules.card(row, call.server.url) for row in rows]


async def _card(call: Call, service_id: int) -> bytes:
    """A service that was just written, its picture in an array."""
    nothing = {"staff_id": None, "category_id": None}
    row: Any = await sql.service_cards.row(call.db, **_here(call), service_id=service_id, **nothing)
    return _one(shown_rules.card(row, call.server.url, in_list=True))


async def _categories(call: Call, category_id: int, staff_id: int) -> list[str]:
    """Categories. Raises Unknown for one that is not there, and for a team member who is not."""
    filters = {"category_id": category_id or None, "staff_id": staff_id or None}
    rows = await sql.category_cards.rows(call.db, **_here(call), **filters)
    if not rows:
        await _check_filters(call, staff_id, category_id)
    return [row["shown"] for row in rows]


async def _category(call: Call, category_id: int) -> bytes:
    row = await sql.category_cards.row(call.db, **_here(call), category_id=category_id, staff_id=None)
    if row is None:
        raise Unknown("Service category does not exist.")
    return _one(row["shown"])


async def _check_filters(call: Call, staff_id: int, category_id: int) -> None:
    if staff_id or category_id:
        known: Any = await sql.known.row(call.db, **_here(call), staff_id=staff_id, category_id=category_id)
        if staff_id and not known["member"]:
            raise Unknown("Team Member not found.")
        if category_id and not known["category"]:
            raise Unknown("Service category does not exist.")


def _link(service_id: int, row: Row) -> Link:
    return Link(
        service_id=service_id,
        master_id=row["team_member_id"],
        length=row["duration"],
        technological_card_id=row["technological_card_id"] or 0,
        api_id=row["api_id"],
        is_online=row["is_online"],
        is_offline_records_allowed=row["is_offline_records_allowed"],
        price=row["price"],
    )


async def _links(call: Call, service_id: int) -> Links:
    service = {"chain_id": call.chain_id, "service_id": service_id}
    return Links(
        service_id=service_id,
        team_member_settings=[
            ShownSetting(
                team_member_id=row["team_member_id"],
                tech_card_id=row["technological_card_id"],
                hours=row["duration"] // 3600,
                minutes=row["duration"] % 3600 // 60,
                price=None if row["price"] is None else LinkPrice(min=row["price"], max=row["price_max"]),
            )
            for row in await sql.links_of_service.rows(call.db, **service, location_id=call.location_id)
        ],
        resource_ids=[
            row["id"] for row in await sql.needed_resources.rows(call.db, **service, location_id=call.location_id)
        ],
        translations=[Translation(**row) for row in await sql.translations_of_service.rows(call.db, **service)],
    )
