"""Notices: facts that other domains may hear, written in the transaction of the change that caused them.

A relay (see `agendum.core.jobs`) takes them in order and makes one job for each listener, in one transaction: a
change that committed is heard, one that did not is not.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import msgspec

from agendum.core.db.sql import Connection, load

sql = load(__file__)


class Notice(msgspec.Struct, kw_only=True):
    """Base of every notice. `kind` is its name in the outbox, such as `appointment.created`."""

    kind: ClassVar[str]

    chain_id: int
    location_id: int


async def tell(db: Connection, notice: Notice, at: datetime) -> None:
    """Write one notice; it is heard once this transaction commits."""
    await sql.write_notice.run(db, chain_id=notice.chain_id, kind=notice.kind, body=body_of(notice), at=at)


def body_of(notice: Notice) -> Any:
    """A notice as jsonb."""
    return msgspec.to_builtins(notice, enc_hook=str)
