"""Which notices a stream tells of, and to whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec

from agendum.core.live import Told
from agendum.core.permissions import allows
from agendum.live.wire import Change, Resource, Status

_RESOURCES: Mapping[str, tuple[Resource, str]] = {
    "appointment": ("record", "appointment_id"),
    "schedule": ("schedule", "team_member_id"),
    "team_member": ("staff", "team_member_id"),
    "service": ("service", "service_id"),
    "service_category": ("service_category", "category_id"),
    "client": ("client", "client_id"),
    "location": ("salon", "location_id"),
}
_STATUSES: Mapping[str, Status] = {"created": "create", "changed": "update", "deleted": "delete"}

KINDS = frozenset(f"{noun}.{verb}" for noun in _RESOURCES for verb in _STATUSES)
"""The notices that are told of."""


class Eyes(msgspec.Struct, frozen=True):
    """What a watcher sees: whose calendars (None: everybody's), appointments from which moment on (None: all), and
    whether the clients of the location."""

    member_ids: Collection[int] | None
    since: datetime | None
    clients: bool

    def see(self, told: Told) -> bool:
        body, noun = told.body, told.kind.partition(".")[0]
        if noun == "client":
            return self.clients
        if noun == "appointment":
            return self._sees_any(body.get("team_member_ids", ())) and self._is_recent(body)
        return noun != "schedule" or self._sees_any([body["team_member_id"]])

    def _sees_any(self, member_ids: Collection[int]) -> bool:
        return self.member_ids is None or not set(member_ids).isdisjoint(self.member_ids)

    def _is_recent(self, body: Mapping[str, Any]) -> bool:
        if self.since is None:
            return True
        moments = filter(None, (body.get("starts_at"), body.get("moved_from")))
        return any(datetime.fromisoformat(moment) >= self.since for moment in moments)


def sees_clients(rights: Mapping[str, Any]) -> bool:
    """Whether all clients are his to see; who sees only those of one team member is told of none."""
    return allows(rights, "clients_access") and not rights.get("clients_visit_master_id")


def change_of(told: Told) -> Change:
    noun, _, verb = told.kind.partition(".")
    resource, field = _RESOURCES[noun]
    return Change(resource, told.body[field], _STATUSES[verb])
