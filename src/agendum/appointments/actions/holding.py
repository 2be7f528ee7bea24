"""What appointments and reviews hold about a person: told to him, and forgotten when he asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from agendum.appointments.facts import sql
from agendum.core.clock import wire_time, zone
from agendum.core.db.sql import Connection


class Presences:
    """A client's appointments, with what he wrote in them and afterwards."""

    name = "appointments"

    async def held(self, db: Connection, chain_id: int, client_id: int) -> Any:
        """Oldest first, deleted ones too."""
        found: list[dict[str, Any]] = []
        for row in await sql.held_appointments.rows(db, chain_id=chain_id, client_id=client_id):
            tz = zone(row["timezone"])
            shown = {
                name: wire_time(value, tz) if isinstance(value, datetime) else value for name, value in row.items()
            }
            found.append(msgspec.to_builtins(shown, enc_hook=str))
        return found

    async def erase(self, db: Connection, chain_id: int, client_id: int, at: datetime) -> None:
        """Times, services, sums and ratings stay, of nobody; words go."""
        ids = await sql.erase_from_appointments.value(db, chain_id=chain_id, client_id=client_id, at=at)
        await sql.erase_reviews.run(db, chain_id=chain_id, ids=ids)
        await sql.erase_appointment_trail.run(db, chain_id=chain_id, ids=ids)
