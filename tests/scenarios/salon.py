"""A salon with one long counter, and the clients who storm it over HTTP, all at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from agendum.core.clock import instant, now
from tests.makers.world import (
    NEW_YORK,
    connect,
    make_cabin,
    make_category,
    make_chain,
    make_member,
    make_partner_token,
    make_place,
    make_service,
)

ZONE = ZoneInfo(NEW_YORK)
FIRST, LAST = 9, 18  # hours, when everybody works


@dataclass(frozen=True)
class Salon:
    """`haircut` takes 30 minutes of any member, `massage` also the only cabin, `yoga` has five seats."""

    chain_id: int
    location_id: int
    members: list[int]
    haircut: int
    massage: int
    yoga: int
    partner_token: str

    def booking(self, phone: str, service_id: int, member_id: int, at: datetime) -> dict[str, Any]:
        wanted = {"id": 1, "services": [service_id], "staff_id": member_id, "datetime": at.isoformat()}
        return {"phone": f"+{phone}", "fullname": f"Client {phone}", "appointments": [wanted]}

    def client(self, url: str, connections: int = 100) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        headers = {"Authorization": f"Bearer {self.partner_token}"}
        return httpx.AsyncClient(base_url=url, headers=headers, limits=limits, timeout=120)


async def make_salon(dsn: str, *, members: int) -> Salon:
    db = await connect(dsn)
    try:
        chain_id = await make_chain(db, "Storm")
        here = await make_place(db, chain_id, "Storm", zone=NEW_YORK)
        team = tuple([await make_member(db, chain_id, here, f"Member {n}") for n in range(members)])
        category_id = await make_category(db, chain_id, [here])
        haircut = await make_service(db, chain_id, category_id, "Haircut", {here: team}, seconds=1800)
        massage = await make_service(db, chain_id, category_id, "Massage", {here: team}, seconds=1800)
        yoga = await make_service(db, chain_id, category_id, "Yoga", {here: team}, seconds=1800, seats=5)
        await make_cabin(db, chain_id, here, massage)
        return Salon(chain_id, here, list(team), haircut, massage, yoga, await make_partner_token(db))
    finally:
        await db.close()


def slot(day: int, half_hour: int) -> datetime:
    """A start `day` days from now, so many half hours after opening."""
    date = (now().astimezone(ZONE) + timedelta(days=day)).date()
    return instant(date, FIRST * 3600 + half_hour * 1800, ZONE)


HALF_HOURS = (LAST - FIRST) * 2

# What must never be, whatever has happened: one row for each offence.
OFFENCES = {
    "overlaps": """
        SELECT a.id, b.id FROM busy a JOIN busy b ON b.chain_id = a.chain_id AND b.owner_id = a.owner_id AND b.id > a.id
         WHERE tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)""",
    "appointments without their time": """
        SELECT a.id FROM appointments a
          LEFT JOIN busy b ON b.chain_id = a.chain_id AND b.id = a.busy_id AND b.owner_id = a.team_member_id
                          AND b.starts_at = a.starts_at AND b.ends_at = a.starts_at + make_interval(secs => a.length)
         WHERE a.deleted_at IS NULL AND b.id IS NULL""",
    "time without appointments": """
        SELECT b.id FROM busy b
         WHERE b.holder_id IS NULL
           AND b.seats_taken <> (SELECT count(*) FROM appointments a
                                  WHERE a.chain_id = b.chain_id AND a.busy_id = b.id AND a.deleted_at IS NULL)""",
    "appointments without visit or client": """
        SELECT a.id FROM appointments a
          LEFT JOIN visits v ON v.chain_id = a.chain_id AND v.id = a.visit_id AND v.client_id = a.client_id
         WHERE v.id IS NULL""",
    "appointments without services": """
        SELECT a.id FROM appointments a
         WHERE NOT EXISTS (SELECT FROM appointment_services s
                            WHERE s.chain_id = a.chain_id AND s.appointment_id = a.id)""",
    "appointments nobody will hear of": """
        WITH jobs AS (SELECT convert_from(payload, 'UTF8')::jsonb -> 'body' AS body FROM pgqueuer)
        SELECT a.id FROM appointments a
         WHERE NOT EXISTS (SELECT FROM outbox o
                            WHERE o.kind = 'appointment.created' AND (o.body ->> 'appointment_id')::bigint = a.id)
           AND NOT EXISTS (SELECT FROM jobs j WHERE (j.body ->> 'appointment_id')::bigint = a.id)
           AND NOT EXISTS (SELECT FROM messages m WHERE m.chain_id = a.chain_id AND m.appointment_id = a.id)""",
}


async def offences(dsn: str) -> dict[str, list[Any]]:
    """What is wrong in the database, by kind; empty when it is whole."""
    db = await connect(dsn)
    try:
        found = {name: await db.fetch(sql) for name, sql in OFFENCES.items()}
    finally:
        await db.close()
    return {name: rows for name, rows in found.items() if rows}
