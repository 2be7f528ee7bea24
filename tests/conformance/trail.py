"""Every write leaves an entry in the audit trail, or says here why it does not."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from agendum.app import routes
from tests.conformance.contract import Operation

# What writes and is nobody's data: by (method, path).
QUIET = {
    ("POST", "/v1/book_code/{location_id}"): "a code is on its way to a phone",
    ("PUT", "/v1/booking/user"): "a person's own profile, who belongs to several businesses or to none",
    ("PUT", "/v1/booking/user/password"): "the same",
    ("GET", "/v1/booking/user/phone_confirmation"): "the same",
    ("GET", "/v1/tips/{location_id}/settings"): "the first look makes the rows that say: switched off",
}
_SECRET = re.compile("token|hash|password|secret", re.I)


@cache
def _writing() -> frozenset[tuple[str, str]]:
    return frozenset(
        (route.method, route.prefix.removeprefix("/api") + route.path) for route in routes() if route.writes
    )


def leaves_entries(operation: Operation) -> bool:
    return (place := (operation.method, operation.path)) in _writing() and place not in QUIET


async def check_trail(db: Any, request_ids: list[str]) -> None:
    """One of these requests left an entry that says something, and no entry tells a secret."""
    rows = await db.fetch("SELECT entity, before, after FROM audit_log WHERE request_id = ANY($1)", request_ids)
    assert rows, "no entry in the audit trail"
    for row in rows:
        sides: list[dict[str, Any]] = [row["before"] or {}, row["after"] or {}]
        assert sides[0] != sides[1], f"nothing changed: {row['entity']}"
        assert not [name for side in sides for name in side if _SECRET.search(name)], f"a secret of {row['entity']}"
