"""An appointment's client: who he is, and what his visits come to."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from agendum.attendance import rules
from agendum.attendance.wire import ClientDocument, ClientQuery, Sums, SumsDocument
from agendum.clients.rules.shown import View
from agendum.clients.search import place_of
from agendum.core.db.sql import Row, load
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.jsonapi import Relationship, Resource, ToMany
from agendum.core.permissions import allows, may
from agendum.core.routes import Routes
from agendum.core.server import Call

routes = Routes("/api/v2", group="v2")
sql = load(__file__)

_IN_FORM = may("record_form_access", "record_form_client_access")
_AVAILABLE = ("labels", "first_successful_visit", "custom_field_values")
_NO_CLIENT = "Client not found."


@routes.get("/locations/{location_id}/attendance/clients/{client_id}", needs=_IN_FORM)
async def get_attendance_booking_user(call: Call, client_id: int, query: ClientQuery) -> ClientDocument:
    """A client as an appointment's window shows him, with what `include` names: labels, the first visit that took
    place, values of custom fields (403 without the right to read them). 422 for what this location does not have."""
    wanted = list(dict.fromkeys(query.include))
    for name in wanted:
        if name not in _AVAILABLE:
            raise Invalid(f"include: {name} is not available in this location.", field="include")
    _, view = await place_of(call, in_card=True)
    if "custom_field_values" in wanted and not view.fields:
        raise Forbidden()
    row = await sql.client.row(call.db, **_key(call, _id(client_id), view))
    if row is None or not row["is_theirs"]:
        raise NotFound(_NO_CLIENT)
    found: dict[str, list[Resource[Any]]] = {}
    if "labels" in wanted:
        found["labels"] = rules.labels(await sql.labels.rows(call.db, chain_id=call.chain_id, id=client_id))
    if "first_successful_visit" in wanted:
        found["first_successful_visit"] = rules.first_visit(row, view)
    if "custom_field_values" in wanted:
        fields = await sql.fields.rows(call.db, chain_id=call.chain_id, location_id=call.location_id)
        found["custom_field_values"] = rules.values(client_id, row["custom_fields"], fields)
    return ClientDocument(
        data=Resource(
            type="client",
            id=str(client_id),
            attributes=rules.facts(row, view),
            relationships=rules.relationships(wanted, found) if wanted else UNSET,
        ),
        included=[one for name in wanted for one in found[name]] if wanted else UNSET,
    )


@routes.get("/locations/{location_id}/clients/{client_id}/attendances_statistic", needs=may("clients_access"))
async def get_booking_user_location_attendance_statistics(call: Call, client_id: int) -> SumsDocument:
    """What a client's visits to the location come to, of deleted clients too. Sums of money are left out for those who
    may not see money."""
    row, view = await _sums(call, client_id, in_chain=False)
    facts = rules.sums(row, view, company_id=call.location_id)
    return _document("client_attendances_statistic", f"{client_id}_{call.location_id}", facts)


@routes.get(
    "/locations/{location_id}/clients/{client_id}/chain_attendances_statistic/{chain_id}",
    needs=may("record_form_access"),
)
async def get_booking_user_chain_attendance_statistics(call: Call, client_id: int, chain_id: int) -> SumsDocument:
    """The same over the whole chain: of everybody in it who has the client's phone. It is for those who see clients of
    the chain (`records_group_id_access`, or a place in the chain itself)."""
    if chain_id != call.chain_id:
        raise NotFound("Chain not found.")
    if not _sees_chain(call):
        raise Forbidden()
    row, view = await _sums(call, client_id, in_chain=True)
    facts = rules.sums(row, view, chain_id=chain_id)
    return _document("client_chain_attendances_statistic", f"{client_id}_{chain_id}", facts)


def _sees_chain(call: Call) -> bool:
    membership = call.membership
    if membership is None:
        return False
    if membership.location_id is None:
        return True
    limit = membership.rights.get("records_group_id")
    return allows(membership.rights, "records_group_id_access") and (limit is True or limit in (None, call.chain_id))


async def _sums(call: Call, client_id: int, *, in_chain: bool) -> tuple[Row, View]:
    _, view = await place_of(call)
    row = await sql.sums.row(call.db, **_key(call, _id(client_id), view), in_chain=in_chain)
    if row is None:
        raise NotFound(_NO_CLIENT)
    return row, view


def _id(client_id: int) -> int:
    if client_id < 1:
        raise Invalid("client_id: expected an id.", field="client_id")
    return client_id


def _key(call: Call, client_id: int, view: View) -> dict[str, int]:
    place = {"chain_id": call.chain_id, "location_id": call.location_id}
    return place | {"id": client_id, "member_id": view.member_id}


def _document(kind: str, id: str, facts: Sums) -> SumsDocument:
    none: dict[str, Relationship] = {"deposits": ToMany([])}  # clients have no deposits
    return SumsDocument(data=Resource(type=kind, id=id, attributes=facts, relationships=none))
