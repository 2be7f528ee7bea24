"""Receipts on paper."""

from __future__ import annotations

from decimal import Decimal

from agendum.core.clock import zone
from agendum.core.db.sql import load
from agendum.core.errors import Forbidden, NotFound
from agendum.core.permissions import USER, check_place, may
from agendum.core.routes import Routes
from agendum.core.server import Call
from agendum.receipts.actions import typeset
from agendum.receipts.rules import Head, Line, receipt
from agendum.schedule.rules import sight_of

routes = Routes("/api/v1", group="appointments")
sql = load(__file__)

_NEEDS = may("finances_print_check_access")


@routes.get("/attendance/receipt_print/{visit_id}", needs=USER, media_type="application/pdf")
async def get_visit_receipt_pdf(call: Call, visit_id: int) -> bytes:
    """The receipt of a visit as a PDF, in the location's language and currency. It takes the right
    `finances_print_check_access` in the visit's location; whoever sees only some calendars prints only visits that
    touch them."""
    place = await sql.place_of_visit.row(call.db, id=visit_id)
    if place is None:
        raise NotFound("Visit not found.")
    chain_id = place["chain_id"]
    membership = check_place(call.actor, _NEEDS, chain_id, place["location_id"])
    head = await sql.head.row(call.db, chain_id=chain_id, id=visit_id)
    rows = await sql.lines.rows(call.db, chain_id=chain_id, id=visit_id)
    if head is None or not rows:
        raise NotFound("Visit not found.")
    tz = zone(head["timezone"])
    assert membership is not None
    sight = sight_of(membership.rights, call.now.astimezone(tz).date())
    if not any(
        sight.covers(row["team_member_id"], row["position_id"])
        and (sight.since is None or row["starts_at"].astimezone(tz).date() >= sight.since)
        for row in rows
    ):
        raise Forbidden()
    facts = {name: head[name] for name in Head.__struct_fields__ if name not in ("tz", "paid")}
    paid = {method: Decimal(amount) for method, amount in head["paid"].items()}
    lines = [Line(**{name: row[name] for name in Line.__struct_fields__}) for row in rows]
    return await typeset(receipt(visit_id, Head(tz=tz, paid=paid, **facts), lines), call.now)
