"""What a server keeps about itself in the database."""

from __future__ import annotations

from agendum.core.db.sql import Connection, load
from agendum.core.signing import new_token

sql = load(__file__)


async def signing_secret(db: Connection) -> str:
    """The secret behind every signed link: made once, the same for every process."""
    return await sql.set_server_fact.value(db, name="signing_secret", value=new_token() + new_token())
