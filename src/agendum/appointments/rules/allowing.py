"""What a user may do to appointments, by the rights of his membership."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from agendum.appointments.facts import DeskFacts
from agendum.appointments.rules.lines import Line
from agendum.appointments.rules.sight import Lens, since
from agendum.core.errors import Forbidden
from agendum.core.money import less_discount
from agendum.core.permissions import allows

CAME, CONFIRMED = 1, 2
PAID_IN_FULL = 2  # paid states from here on


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits there: his rights, what he sees, and what day it is."""

    rights: Mapping[str, Any]
    lens: Lens
    tz: ZoneInfo
    today: date
    facts: DeskFacts

    def may(self, right: str) -> bool:
        return allows(self.rights, right)

    def demand(self, *rights: str) -> None:
        """Raises Forbidden naming the first of these rights that is missing."""
        for right in rights:
            if not self.may(right):
                raise Forbidden(f"Access denied: this needs the right {right}.")

    def sees(self, member_id: int, at: datetime) -> bool:
        """Whether an appointment of a team member at this moment is within his sight."""
        sight, member = self.lens.sight, self.facts.members.get(member_id)
        if not sight.covers(member_id, member.position_id if member else None):
            return False
        return sight.since is None or at.astimezone(self.tz).date() >= sight.since

    def check_sight(self, member_id: int, at: datetime) -> None:
        """Raises Forbidden for an appointment beyond his sight."""
        if not self.sees(member_id, at):
            raise Forbidden()

    def check_days(self, *moments: datetime) -> None:
        """Raises Forbidden for appointments that lie too far back for him to write."""
        first = since(self.rights, "records_edit_last_days_count", self.today)
        if any(at.astimezone(self.tz).date() < first for at in moments):
            raise Forbidden(f"Access denied: appointments before {first} are closed.")

    def member_ids(self, wanted: int | None) -> list[int] | None:
        """Whose appointments a list may have: None for everybody's."""
        sight = self.lens.sight
        if sight.member_id is None and sight.position_id is None:
            return None if wanted is None else [wanted]
        return [
            member.id
            for member in self.facts.members.values()
            if sight.covers(member.id, member.position_id) and wanted in (None, member.id)
        ]


def check_prices(desk: Desk, member_id: int, lines: Iterable[Line], before: Iterable[Line] = ()) -> None:
    """Raises Forbidden for prices or discounts that differ from the price list (and from what they were) by one who may
    not set them."""
    known = {(line.service_id, line.amount, line.first_cost, line.discount, line.cost) for line in before}
    for line in lines:
        if (line.service_id, line.amount, line.first_cost, line.discount, line.cost) in known:
            continue
        service, link = desk.facts.services[line.service_id], desk.facts.links[line.service_id, member_id]
        if line.discount != service.discount:
            desk.demand("records_services_discount_access")
        is_listed = line.first_cost == (service.price_min if link.price is None else link.price)
        if not is_listed or line.cost != less_discount(line.first_cost * line.amount, line.discount):
            desk.demand("records_services_cost_access")


def check_edit(desk: Desk, before: Any, after: Mapping[str, Any]) -> None:
    """Raises Forbidden when someone may not make of an appointment what it is to be, under the names of `before`."""

    def differs(*names: str) -> bool:
        return any(name in after and after[name] != before[name] for name in names)

    if before["attendance"] == CAME:
        desk.demand("edit_records_attendance_access")
    if before["paid_state"] >= PAID_IN_FULL and not desk.may("record_edit_full_paid_access"):
        only_attendance = not any(differs(name) for name in after if name != "attendance")
        marks = {
            CAME: "record_edit_full_paid_client_came_access",
            CONFIRMED: "record_edit_full_paid_client_confirm_access",
        }
        right = marks.get(after.get("attendance", 0)) if only_attendance else None
        desk.demand(right or "record_edit_full_paid_access")
    if differs("starts_at", "team_member_id"):
        desk.demand("records_edit_date_and_master_access")
    if differs("length", "technical_break"):
        desk.demand("records_edit_duration_access")
    if differs("comment"):
        desk.demand("records_edit_comment_access")
    if differs("sold"):
        desk.demand("records_edit_services_access")


def check_delete(desk: Desk, before: Any) -> None:
    """Raises Forbidden when someone may not delete this appointment."""
    desk.check_sight(before["team_member_id"], before["starts_at"])
    desk.check_days(before["starts_at"])
    if before["attendance"] == CAME:
        desk.demand("delete_customer_came_records_access")
    if before["paid_state"] > 0:
        desk.demand("delete_paid_records_access")
