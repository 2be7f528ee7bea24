"""The catalogue as JSON:API, and the ways in which the calendar gives its services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import msgspec

from agendum.catalog.facts import sql
from agendum.catalog.rules import shown as shown_rules
from agendum.catalog.wire import (
    AttendanceFacts,
    AttendanceQuery,
    CategoryFacts,
    CategoryListQuery,
    OneServiceQuery,
    ServiceFacts,
    ServiceListQuery,
    SuggestionFacts,
    SuggestionsQuery,
)
from agendum.core.clock import wire_time, zone
from agendum.core.db.sql import Row
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.jsonapi import Document, Identifier, Relationship, Resource, ToMany, ToOne
from agendum.core.permissions import MEMBER, may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.core.wire import to_json

routes = Routes("/api/v2", group="v2")

_READ = may("settings_services_access")
Attendance = Resource[AttendanceFacts]
Suggestion = Resource[SuggestionFacts]


class OneService(msgspec.Struct, kw_only=True):
    """One service; `meta` is an empty array."""

    data: Resource[ServiceFacts]
    included: list[Resource[Any]] | msgspec.UnsetType = msgspec.UNSET
    meta: list[Any]


@routes.get("/locations/{location_id}/services", needs=_READ)
async def list_services(call: Call, query: ServiceListQuery) -> Document[list[Resource[ServiceFacts]]]:
    """A page of the location's services, heavier first. What `include` names stands in `relationships` and
    `included`."""
    rows = await _services(call, query.service_ids, query.include, query.limit, (query.page - 1) * query.limit)
    return Document(data=[_service(row, query.include) for row in rows], included=_included(rows, query.include))


@routes.get("/locations/{location_id}/services/{service_id}", needs=_READ)
async def get_service(call: Call, service_id: int, query: OneServiceQuery) -> OneService:
    """One service, with what `include` names."""
    rows = await _services(call, [service_id], query.include, 1, 0)
    if not rows:
        raise NotFound("Service not found.")
    return OneService(data=_service(rows[0], query.include), included=_included(rows, query.include), meta=[])


@routes.get("/locations/{location_id}/service_categories", needs=_READ)
async def list_service_categories(call: Call, query: CategoryListQuery) -> Document[list[Resource[CategoryFacts]]]:
    """The location's categories, heavier first; `filter[staff_id]`: those with services of this team member."""
    rows = await sql.categories_with_services_of.rows(call.db, **_here(call), staff_id=query.staff_id)
    if not rows and query.staff_id:
        await _check_filters(call, query.staff_id)
    return Document(
        data=[
            Resource(
                type="service_category",
                id=str(row["id"]),
                attributes=CategoryFacts(row["title"], row["salon_service_id"]),
            )
            for row in rows
        ]
    )


@routes.get("/locations/{location_id}/attendance_services", needs=MEMBER)
async def list_attendance_services(
    call: Call, query: AttendanceQuery
) -> Annotated[bytes, Document[list[Resource[AttendanceFacts]]]]:
    """Services as the calendar gives them, heavier first: by the location's terms, or with `staff_id` by those of one
    team member."""
    offset = (query.page - 1) * query.limit
    rows = await _attendance(call, query, query.limit, offset)
    if not rows and query.staff_id:
        await _check_filters(call, query.staff_id)
    page = {"pagination": {"page": query.page, "offset": offset, "limit": query.limit}}
    return _document((row["shown"] for row in rows), meta=page)


@routes.get("/locations/{location_id}/composite_services/{service_id}/attendance_services", needs=MEMBER)
async def list_composite_service_attendance_services(
    call: Call, service_id: int
) -> Annotated[bytes, Document[list[Resource[AttendanceFacts]]]]:
    """The parts of a composite service in their order, each by every team member who gives it."""
    if service_id < 1:
        raise Invalid("service_id: expected an id.", field="service_id")
    rows = await sql.composite_parts.rows(call.db, **_here(call), service_id=service_id)
    if not rows:
        raise NotFound("Composite service not found.")
    return _document(row["shown"] for row in rows if row["id"] is not None)


@routes.get("/locations/{location_id}/attendance_service_suggestions", needs=MEMBER)
async def list_attendance_service_suggestions(
    call: Call, query: SuggestionsQuery
) -> Document[list[Resource[SuggestionFacts]]]:
    """What a team member is likely to be asked for next: what the client had last and has most often, then what the
    team member gives most often. Only services that he gives, each once."""
    only_of = _only_clients_of(call) if query.client_id else 0
    found: Any = await sql.suggestions.row(
        call.db,
        **_here(call),
        staff_id=query.staff_id,
        client_id=query.client_id,
        only_of=only_of,
        with_records="record" in query.include,
        at=call.now,
    )
    if not found["knows_member"]:
        raise NotFound("Team Member not found.")
    if query.client_id and not found["knows_client"]:
        raise NotFound("Client not found.")
    if query.client_id and not found["sees_client"]:
        raise Forbidden()
    facts = [SuggestionFacts(**one) for one in found["suggestions"]]
    included: list[Resource[Any]] = []
    if "attendance_service" in query.include and facts:
        wanted = AttendanceQuery(staff_id=query.staff_id, service_ids=[one.service_id for one in facts])
        rows = await _attendance(call, wanted, len(facts), 0)
        included += [msgspec.json.decode(row["shown"], type=Attendance) for row in rows]
    ways = {one.attributes.service_id: Identifier(one.type, one.id) for one in included}
    shown = {one.record_id for one in facts}
    included += [_record(call, row, found["timezone"]) for row in found["records"] or () if row["id"] in shown]
    return Document(
        data=[_suggestion(one, query.include, ways) for one in facts],
        included=included if query.include else msgspec.UNSET,
    )


def _here(call: Call) -> dict[str, int]:
    return {"chain_id": call.chain_id, "location_id": call.location_id}


async def _check_filters(call: Call, staff_id: int) -> None:
    known: Any = await sql.known.row(call.db, **_here(call), staff_id=staff_id, category_id=None)
    if not known["member"]:
        raise NotFound("Team Member not found.")


async def _services(call: Call, ids: list[int], include: Iterable[str], limit: int, offset: int) -> list[Row]:
    page = {"limit": limit, "offset": offset}
    return await sql.services_page.rows(call.db, **_here(call), service_ids=ids, include=list(include), **page)


async def _attendance(call: Call, query: AttendanceQuery, limit: int, offset: int) -> list[Row]:
    flags = {
        name: None if (flag := getattr(query, name)) is None else bool(flag) for name in ("is_multi", "is_composite")
    }
    available = query.is_available_for_timetable
    return await sql.attendance_page.rows(
        call.db,
        **_here(call),
        staff_id=query.staff_id,
        category_id=query.category_id,
        service_ids=query.service_ids,
        term=shown_rules.term_of(query.term),
        is_available=None if available is None else bool(available),
        **flags,
        limit=limit,
        offset=offset,
    )


def _document(shown: Iterable[str], meta: dict[str, Any] | None = None) -> bytes:
    """A document of resources that PostgreSQL wrote."""
    tail = "" if meta is None else f',"meta":{to_json(meta).decode()}'
    return f'{{"data":[{",".join(shown)}]{tail}}}'.encode()


def _service(row: Row, include: Sequence[str]) -> Resource[ServiceFacts]:
    facts = ServiceFacts(row["title"], row["category_id"])
    if not include:
        return Resource(type="service", id=str(row["id"]), attributes=facts)
    needed = row["resources"] or ()
    of_service = {
        "resources": ToMany([Identifier("resource", str(one["id"])) for one in needed]),
        "resource_links": ToMany([Identifier("resource_link", _link_id(row, one)) for one in needed]),
        "company_links": ToMany([Identifier("company_link", str(row["link_id"]))]),
        "service_composite": ToOne(
            Identifier("service_composite", str(row["id"])) if row["parts"] is not None else None
        ),
        "trial_settings": ToOne(None),
    }
    related: dict[str, Relationship] = {name: of_service[name] for name in include}
    return Resource(type="service", id=str(row["id"]), attributes=facts, relationships=related)


def _link_id(row: Row, resource: dict[str, Any]) -> str:
    return f"{row['id']}_{resource['id']}"


def _included(rows: list[Row], include: Sequence[str]) -> list[Resource[Any]] | msgspec.UnsetType:
    """What the services point to, each once."""
    if not include:
        return msgspec.UNSET
    found: dict[tuple[str, str], dict[str, Any] | msgspec.Raw] = {}
    for row in rows:
        for one in row["resources"] or ():
            if "resources" in include:
                facts = {"title": one["title"], "description": one["description"]}
                found["resource", str(one["id"])] = facts
            if "resource_links" in include:
                found["resource_link", _link_id(row, one)] = {"service_id": row["id"], "resource_id": one["id"]}
        if row["company_link"] is not None:
            found["company_link", str(row["link_id"])] = msgspec.Raw(row["company_link"])
        if row["parts"] is not None:
            found["service_composite", str(row["id"])] = msgspec.Raw(row["parts"])
    return [Resource(type=kind, id=key, attributes=facts, relationships={}) for (kind, key), facts in found.items()]


def _suggestion(facts: SuggestionFacts, include: Sequence[str], ways: dict[int, Identifier]) -> Suggestion:
    related: dict[str, Relationship] = {}
    if "attendance_service" in include:
        related["attendance_service"] = ToOne(ways.get(facts.service_id))
    if "record" in include:
        related["record"] = ToOne(Identifier("record", str(facts.record_id)) if facts.record_id else None)
    return Resource(
        type="attendance_service_suggestion",
        id=str(facts.service_id),
        attributes=facts,
        relationships=related or msgspec.UNSET,
    )


def _record(call: Call, row: dict[str, Any], timezone: str) -> Resource[Any]:
    """The appointment behind a suggestion."""
    starts_at = msgspec.convert(row.pop("starts_at"), type=type(call.now))
    facts = {"company_id": call.location_id, "datetime": wire_time(starts_at, zone(timezone)), **row}
    return Resource(type="record", id=str(facts.pop("id")), attributes=facts, relationships={})


def _only_clients_of(call: Call) -> int:
    """The team member to whose clients the caller is limited; 0 for none. Raises Forbidden where he sees no clients."""
    rights = call.membership.rights if call.membership is not None else {}
    if rights.get("clients_access") is not True:
        raise Forbidden()
    return int(rights.get("clients_visit_master_id") or 0)
