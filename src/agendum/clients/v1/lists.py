"""Clients found: by filters, while typing, by their phone in a whole chain."""

from __future__ import annotations

from typing import Annotated, Any

from agendum.clients.actions import sql
from agendum.clients.rules import filters, looking
from agendum.clients.rules.shown import CARD, FIELDS, shown
from agendum.clients.search import SORTED_BY, find_shown, place_of
from agendum.clients.wire import (
    ChainClient,
    ChainClients,
    Client,
    Count,
    Found,
    ListQuery,
    PageTotal,
    PhoneQuery,
    QuickQuery,
    SearchBody,
    Total,
)
from agendum.core.envelope import Answer
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.permissions import may
from agendum.core.phone import parse_phone, show_phone
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.core.wire import to_json

routes = Routes("/api/v1", group="clients")

_SEES = may("clients_access")


@routes.get("/group/{chain_id}/clients", needs=_SEES, group="chain-management")
async def get_chain_client_by_phone_number(call: Call, chain_id: int, query: PhoneQuery) -> Answer[ChainClients]:
    """Where in a chain a phone is known: the client's entry in each location."""
    phone = parse_phone(query.phone)
    if phone is None:
        raise Invalid("The phone is not in international form, such as +13155550175.", field="phone")
    rows = await sql.chain_clients_by_phone.rows(call.db, chain_id=chain_id, phone=phone)
    if not rows:
        raise NotFound("Client not found")
    clients = [ChainClient(**dict(row)) for row in rows]
    return Answer(data=ChainClients(salon_group_id=chain_id, phone=show_phone(phone), clients=clients))


@routes.post("/company/{location_id}/clients/search", needs=_SEES, status=200, reads=True, errors_by_field=True)
async def get_client_list(call: Call, body: SearchBody) -> Annotated[bytes, Answer[list[dict[str, Any]]]]:
    """Clients by filters, sorted, a page of them with the fields that are asked for.

    A filter's `state` is {value} for id, importance, gender, category (tags), quick_search, name, phone, email, card
    and has_mobile_app (has a personal cabinet); {from, to}, both belonging to it, for sold_amount, paid_amount,
    balance, visit_count, failed_visit_count, first_visit_date, last_visit_date, birthday, discount, create_date and
    last_change_date. `record` asks for an appointment by staff, service, service_category, status, created and date,
    and for records_count and sold_amount of all such; `client` holds filters together.
    """
    place, view = await place_of(call)
    for field in body.fields:
        if field not in FIELDS:
            raise Invalid(f"fields: there is no {field[:100]}.", field="fields")
    if body.order_by not in SORTED_BY:
        raise Invalid(f"order_by: expected one of {', '.join(SORTED_BY)}.", field="order_by")
    if (way := body.order_by_direction.upper()) not in ("ASC", "DESC"):
        raise Invalid("order_by_direction: expected ASC or DESC.", field="order_by_direction")
    hidden = {"phone": not view.phones, "email": not view.emails, "sold_amount": not view.money}
    if hidden.get(body.order_by):
        raise Forbidden()
    total, found = await find_shown(
        call,
        view,
        filters.tree_of(body.filters, body.operation, view, place.country_iso),
        body.fields or ("id", "name"),
        sorted_by=body.order_by,
        descending=way == "DESC",
        count=body.page_size,
        skip=(body.page - 1) * body.page_size,
    )
    return to_json(Answer(data=found, meta=Total(total_count=total)))


@routes.get("/clients/{location_id}", needs=_SEES)
async def deprecated_get_client_list(call: Call, query: ListQuery) -> Annotated[bytes, Answer[list[Client]]]:
    """Clients in full, by page: by parts of name, phone, e-mail and card, amounts paid, ids, when changed. Use the
    search."""
    place, view = await place_of(call)
    wanted = filters.listed(query, view, place.country_iso)
    skip = (query.page - 1) * query.count
    total, found = await find_shown(call, view, wanted, CARD, count=query.count, skip=skip)
    return to_json(Answer(data=found, meta=PageTotal(page=query.page, total_count=total)))


@routes.get("/company/{location_id}/clients/quick_search", needs=_SEES)
async def find_clients_quickly(call: Call, query: QuickQuery) -> Annotated[bytes, Answer[list[Found]]]:
    """Whom somebody means while typing: a name, begun or with a mistake in it, a phone in any form or a part of it, an
    e-mail or a card. Names that are only alike come when nobody has that name."""
    place, view = await place_of(call)
    typed = looking.read_typed(query.q, place.country_iso, phones=view.phones, emails=view.emails)
    if typed is None:
        return to_json(Answer(data=[], meta=Count(count=0)))
    asked: dict[str, Any] = {
        "chain_id": call.chain_id,
        "location_id": call.location_id,
        "member_id": view.member_id,
        "count": query.count,
    }
    guess = typed.guess
    rows = await sql.quick_search.rows(
        call.db,
        **asked,
        part=typed.parts[0],
        other=typed.parts[1],
        patterns=typed.patterns,
        is_name=guess is not None,
        contact_part=typed.contact_part,
        contacts=typed.contacts,
    )
    if not rows and guess is not None:
        rows = await sql.quick_guess.rows(
            call.db,
            **asked,
            part=guess.begun[0],
            other=guess.begun[1],
            guess=guess.text,
            first=guess.first,
            second=guess.second,
            threshold=str(guess.threshold),
            swaps=guess.swaps,
        )
    found = [shown(row, Found.__struct_fields__, view) for row in rows]
    return to_json(Answer(data=found, meta=Count(count=len(found))))
