"""`Idempotency-Key`: a repeated POST answers what the first answered and does nothing twice.

The key is claimed in the write's own transaction, so it stands exactly when the write does.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from agendum.core.db.sql import Connection, load
from agendum.core.errors import Conflict, Invalid

sql = load(__file__)


class Claim:
    """One request's claim on its key."""

    def __init__(self, db: Connection, caller: bytes, key: str) -> None:
        self._db, self._caller, self._key = db, caller, key

    async def keep(self, status: int, body: bytes) -> None:
        """Keep the answer for repeats."""
        await sql.finish_idempotency_key.run(self._db, status=status, body=body, caller=self._caller, key=self._key)


async def claim(
    db: Connection, *, authorization: str, key: str, method: str, path: str, body: bytes, at: datetime
) -> Claim | tuple[int, bytes]:
    """A claim when the key is new, else the (status, body) answered before.

    Raises Invalid for a key over 255 characters and Conflict for a key that came with another request.
    """
    if len(key) > 255:
        raise Invalid("Idempotency-Key is longer than 255 characters.", field="Idempotency-Key")
    caller = hashlib.sha256(authorization.encode()).digest()
    request = hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).digest()
    if await sql.claim_idempotency_key.value(db, caller=caller, key=key, request=request, at=at):
        return Claim(db, caller, key)
    row = await sql.idempotency_key.row(db, caller=caller, key=key)
    if row is None or row["request"] != request:
        raise Conflict("This Idempotency-Key was used for another request.")
    return row["status"], row["body"]
