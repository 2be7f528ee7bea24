"""After any history of desk actions every sum equals one that is worked out from scratch, and time is where it should
be."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.appointments.conftest import Front

pytestmark = pytest.mark.anyio

STEPS = 120

# What must never be: one row for each offence.
OFFENCES = {
    "sums of clients": """
        WITH lines AS (
            SELECT a.chain_id, a.client_id, a.attendance, a.starts_at,
                   (SELECT sum(s.cost) FROM appointment_services s
                     WHERE s.chain_id = a.chain_id AND s.appointment_id = a.id) AS cost
              FROM appointments a WHERE a.deleted_at IS NULL
        ), real AS (
            SELECT c.chain_id, c.id, x.*,
                   (SELECT coalesce(sum(p.amount), 0) FROM visit_payments p JOIN visits v ON v.id = p.visit_id
                     WHERE v.client_id = c.id) AS paid
              FROM clients c
             CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE l.attendance = 1) AS visits,
                       count(*) FILTER (WHERE l.attendance = -1) AS failed,
                       min(l.starts_at) FILTER (WHERE l.attendance = 1) AS first,
                       max(l.starts_at) FILTER (WHERE l.attendance = 1) AS last,
                       coalesce(sum(l.cost) FILTER (WHERE l.attendance = 1), 0) AS spent
                  FROM lines l WHERE l.client_id = c.id) x
        )
        SELECT r.*, t.* FROM real r LEFT JOIN client_stats t ON t.chain_id = r.chain_id AND t.client_id = r.id
         WHERE (r.visits, r.failed, r.last, r.first, r.spent, r.paid) IS DISTINCT FROM
               (coalesce(t.visits_count, 0), coalesce(t.failed_visits_count, 0), t.last_visit_at, t.first_visit_at,
                coalesce(t.spent, 0), coalesce(t.paid, 0))""",
    "payments of visits": """
        SELECT v.id FROM visits v
         WHERE v.paid <> (SELECT coalesce(sum(p.amount), 0) FROM visit_payments p WHERE p.visit_id = v.id)""",
    "what visits come to": """
        SELECT v.id FROM visits v
         CROSS JOIN LATERAL (
            SELECT count(*) AS living, bool_and(a.visit_attendance = v.attendance) AS told,
                   CASE WHEN bool_or(a.attendance = 1) THEN 1 ELSE max(a.attendance) END AS attendance
              FROM appointments a WHERE a.visit_id = v.id AND a.deleted_at IS NULL) x
         WHERE (v.ended_at IS NOT NULL) <> (x.living = 0) OR x.attendance <> v.attendance OR NOT x.told""",
    "how visits are paid": """
        SELECT a.id FROM appointments a JOIN visits v ON v.id = a.visit_id
         CROSS JOIN LATERAL (
            SELECT coalesce(sum(s.cost), 0) AS cost FROM appointments o
              JOIN appointment_services s ON s.appointment_id = o.id WHERE o.visit_id = v.id AND o.deleted_at IS NULL) x
         WHERE a.deleted_at IS NULL
           AND a.paid_state <> CASE WHEN v.paid <= 0 THEN 0 WHEN v.paid < x.cost THEN 1
                                    WHEN v.paid = x.cost THEN 2 ELSE 3 END""",
    "appointments outside of their visit's day or client": """
        SELECT a.id FROM appointments a JOIN visits v ON v.id = a.visit_id JOIN locations l ON l.id = a.location_id
         WHERE a.deleted_at IS NULL
           AND (a.client_id IS DISTINCT FROM v.client_id OR (a.starts_at AT TIME ZONE l.timezone)::date <> v.date)""",
    "appointments without their time": """
        SELECT a.id FROM appointments a
          LEFT JOIN busy b ON b.id = a.busy_id AND b.owner_id = a.team_member_id AND b.starts_at = a.starts_at
                          AND b.ends_at = a.starts_at + make_interval(secs => a.length)
                          AND b.is_overbooked = a.is_overbooked
         WHERE a.deleted_at IS NULL AND b.id IS NULL""",
    "time without appointments": """
        SELECT b.id FROM busy b LEFT JOIN appointments a ON a.busy_id = b.id AND a.deleted_at IS NULL
         WHERE b.holder_id IS NULL AND a.id IS NULL""",
    "overlaps that nobody wanted": """
        SELECT a.id, b.id FROM busy a JOIN busy b ON b.owner_id = a.owner_id AND b.id > a.id
         WHERE NOT a.is_overbooked AND NOT b.is_overbooked
           AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)""",
    "lines out of place": """
        SELECT a.id FROM appointments a
         CROSS JOIN LATERAL (
            SELECT coalesce(sum(s.length), 0) AS length, count(*) AS lines, min(s.position) AS first,
                   max(s.position) AS last
              FROM appointment_services s WHERE s.appointment_id = a.id) x
         WHERE x.length <> a.length - a.technical_break OR x.first <> 1 OR x.last <> x.lines""",
}


async def offences(front: Front) -> dict[str, list[Any]]:
    found = {name: await front.db.fetch(sql) for name, sql in OFFENCES.items()}
    return {name: [dict(row) for row in rows] for name, rows in found.items() if rows}


@pytest.mark.parametrize("seed", range(3))
async def test_sums_are_right_after_any_history(front: Front, seed: int) -> None:
    rng, b = Random(seed), front.business
    clients: list[Any] = [{"id": b.client_id}, {"phone": "+13155550181", "name": "Bea"}, {"name": "Cy"}, None]
    here: list[Any] = []
    came: dict[tuple[str, int], int] = {}

    def wish() -> dict[str, Any]:
        count = rng.randint(1, 3)
        services: list[dict[str, Any]] = [{"id": id_} for id_ in rng.sample([b.haircut, b.massage, b.manicure], count)]
        for service in services:
            match rng.randrange(4):
                case 0:
                    service["cost"] = rng.randrange(10_000) / 100
                case 1:
                    service |= {"cost_per_unit": rng.randrange(5_000) / 100, "amount": rng.randint(1, 3)}
                case 2:
                    service |= {"first_cost": rng.randrange(9_999) / 100, "discount": rng.randrange(10_000) / 100}
                case _:
                    pass
        return {
            "services": services,
            "client": rng.choice(clients),
            "attendance": rng.choice((0, 0, 1, 1, 2, -1)),
            "seance_length": rng.choice((1800, 3600, 5400)),
            "technical_break_duration": rng.choice((None, 0, 300)),
            "save_if_busy": rng.random() < 0.4,
            "datetime": front.at(f"{rng.randint(9, 16):02}:{rng.choice(('00', '30'))}", rng.randint(2, 4)),
        }

    async def step() -> tuple[str, int]:
        what = rng.choices(("create", "update", "visit", "delete"), (4, 3, 4, 1))[0] if here else "create"
        if what == "create":
            answer = await front.call("POST", f"/records/{front.here}", json=front.wish(**wish()))
            if answer.status_code == 201:
                here.append(answer.json()["data"][0])
            return what, answer.status_code
        n = rng.randrange(len(here))
        record = here[n]
        if what == "update":
            path = f"/record/{front.here}/{record['id']}"
            answer = await front.call("PUT", path, json=front.wish(**wish()))
            if answer.status_code == 201:
                here[n] = answer.json()["data"]
        elif what == "delete":
            answer = await front.delete(here.pop(n))
        else:
            body: dict[str, Any] = {"attendance": rng.choice((0, 1, 2, -1)), "comment": ""}
            body["fast_payment"] = rng.choice((0, 0, 1, 2))
            if rng.random() < 0.3:
                body["new_transactions"] = [{"amount": rng.randrange(1, 5_000) / 100}]
            if rng.random() < 0.3:
                body["services"] = [{"id": one["id"], "cost": rng.randrange(9_999) / 100} for one in record["services"]]
            current = await front.record(record["id"], include_finance_transactions=1)
            if current["finance_transactions"] and rng.random() < 0.3:
                body["deleted_transaction_ids"] = [rng.choice(current["finance_transactions"])["id"]]
            answer = await front.call("PUT", f"/visits/{current['visit_id']}/{record['id']}", json=body)
        return what, answer.status_code

    for _ in range(STEPS):
        done = await step()
        came[done] = came.get(done, 0) + 1
    assert {status for _, status in came} <= {200, 201, 204, 422}, came
    assert min(came["create", 201], came["update", 201], came["visit", 200]) > 3, came
    assert await offences(front) == {}
    for record in here:
        shown = await front.record(record["id"])
        visit = await front.visit(shown["visit_id"])
        assert record["id"] in [one["id"] for one in visit["records"]]
