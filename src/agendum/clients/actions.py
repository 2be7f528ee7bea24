"""Writing clients."""

from __future__ import annotations

from datetime import datetime

import msgspec

from agendum.clients.notices import ClientCreated
from agendum.core.db.sql import Connection, load
from agendum.core.outbox import body_of

sql = load(__file__)


class FoundClient(msgspec.Struct, frozen=True):
    id: int
    is_blacklisted: bool
    is_new: bool


async def find_or_make_client(
    db: Connection, *, chain_id: int, location_id: int, phone: str, fullname: str, email: str, at: datetime
) -> FoundClient:
    """The client of this phone (E.164 digits), made when there is none; the first word of `fullname` is the name."""
    name, _, surname = fullname.strip().partition(" ")
    args = {
        "chain_id": chain_id,
        "location_id": location_id,
        "phone": phone,
        "name": name,
        "surname": surname.strip(),
        "email": email,
        "at": at,
        "kind": ClientCreated.kind,
        # The statement that makes the client puts its id in.
        "notice": body_of(ClientCreated(chain_id=chain_id, location_id=location_id, client_id=0)),
    }
    row = await sql.find_or_make_client.row(db, **args)
    if row is None:  # another booking made the client while this statement waited for it
        row = await sql.find_or_make_client.row(db, **args)
        assert row is not None
    return FoundClient(row["id"], row["is_blacklisted"], row["is_new"])
