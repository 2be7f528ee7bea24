"""The demo is a whole business with a past, the same each time."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from agendum.access.passwords import is_password
from agendum.core.db.embedded import EmbeddedPostgres
from agendum.core.rights import KINDS
from agendum.core.signing import token_hash
from agendum.demo.actions import extend_demo, make_demo
from tests.conftest import copy_of
from tests.demo.conftest import NOW, URL, Demo

pytestmark = pytest.mark.anyio


TABLES = (
    "users partners chains locations location_chains memberships custom_fields positions position_locations "
    "team_members service_categories location_categories services service_parts location_services service_links "
    "resources resource_instances service_resources clients days busy visits appointments appointment_services "
    "reviews team_ratings visit_payments client_stats booking_settings booking_forms privacy_policies timeslot_rules "
    "timeslot_settings"
)


async def content(dsn: str, tables: str = TABLES) -> dict[str, str]:
    """A hash of each table's rows, secrets left out."""
    db = await asyncpg.connect(dsn)
    try:
        rows = "SELECT (to_jsonb(t) - 'password_hash' - 'token_hash')::text AS r FROM {} t"
        query = f"SELECT md5(string_agg(r, '\n' ORDER BY r)) FROM ({rows}) AS x"
        return {table: await db.fetchval(query.format(table)) for table in tables.split()}
    finally:
        await db.close()


async def test_it_is_a_whole_business(demo: Demo) -> None:
    keys = demo.keys
    counts = await demo.db.fetchrow(
        """
        SELECT (SELECT count(*) FROM locations WHERE chain_id = $1) AS locations,
               (SELECT count(DISTINCT timezone) FROM locations WHERE chain_id = $1) AS zones,
               (SELECT count(DISTINCT currency_id) FROM locations WHERE chain_id = $1) AS currencies,
               (SELECT count(*) FROM team_members WHERE chain_id = $1) AS team,
               (SELECT count(*) FROM services WHERE chain_id = $1) AS services,
               (SELECT count(*) FROM service_categories WHERE chain_id = $1) AS categories,
               (SELECT count(*) FROM services WHERE chain_id = $1 AND seats = 6) AS classes,
               (SELECT count(*) FROM services WHERE chain_id = $1 AND is_composite) AS bundles,
               (SELECT count(*) FROM clients WHERE chain_id = $1) AS clients,
               (SELECT count(*) FROM booking_forms WHERE chain_id = $1) AS forms,
               (SELECT count(*) FROM privacy_policies WHERE chain_id = $1) AS policies,
               (SELECT count(*) FROM timeslot_rules WHERE chain_id = $1) AS rules,
               (SELECT count(*) FROM service_links k JOIN service_links o USING (chain_id, service_id)
                 WHERE chain_id = $1 AND k.duration < o.duration) > 0 AS paces_differ
        """,
        keys["chain_id"],
    )
    assert counts is not None
    assert dict(counts) == {
        "locations": 2, "zones": 2, "currencies": 2, "team": 8, "services": 25, "categories": 5, "classes": 1,
        "bundles": 1, "clients": 300, "forms": 2, "policies": 2, "rules": 7, "paces_differ": True,
    }  # fmt: skip
    confirm = await demo.db.fetch(
        "SELECT confirm_number FROM booking_settings WHERE chain_id = $1 ORDER BY location_id", keys["chain_id"]
    )
    assert [row["confirm_number"] for row in confirm] == [False, True]


async def test_the_past_was_lived(demo: Demo) -> None:
    rows = await demo.db.fetch(
        """
        SELECT attendance, deleted_at IS NOT NULL AS deleted, starts_at + length * interval '1 second' <= $1 AS past,
               count(*) AS n
          FROM appointments GROUP BY 1, 2, 3
        """,
        NOW,
    )
    counts = {(row["attendance"], row["deleted"], row["past"]): row["n"] for row in rows}
    came, missed = counts[1, False, True], counts[-1, False, True]
    assert 1500 < came < 5000
    assert 0.02 < missed / came < 0.12
    assert counts[0, True, True] > 0
    assert {attendance for attendance, _, past in counts if not past} >= {0, 2}
    assert (0, False, True) not in counts
    reviews = await demo.db.fetchrow(
        "SELECT count(*) AS n, avg(rating) AS rating, count(DISTINCT text) AS texts, max(created_at) AS last "
        "FROM reviews"
    )
    assert reviews is not None
    assert reviews["n"] > 200
    assert 4.5 < reviews["rating"] < 4.85
    assert reviews["texts"] > 50
    assert reviews["last"] <= NOW
    wrong_sums = await demo.db.fetch(
        """
        SELECT chain_id, team_member_id, votes_count, rating_sum, comments_count FROM team_ratings
        EXCEPT
        SELECT chain_id, team_member_id, count(*), sum(rating), count(*) FILTER (WHERE text <> '')
          FROM reviews GROUP BY chain_id, team_member_id
        """
    )
    assert wrong_sums == []


async def test_visits_tell_what_their_appointments_and_payments_tell(demo: Demo) -> None:
    astray = await demo.db.fetch(
        """
        SELECT v.id FROM visits v
          JOIN LATERAL (
                SELECT max(a.attendance) FILTER (WHERE a.attendance <> 2) AS came, max(a.attendance) AS most,
                       sum((SELECT sum(s.cost) FROM appointment_services s WHERE s.appointment_id = a.id)) AS cost,
                       bool_and(a.visit_attendance = v.attendance) AS is_told,
                       bool_and((a.paid_state = 2) = (v.paid <> 0)) AS is_paid_told
                  FROM appointments a WHERE a.visit_id = v.id AND a.deleted_at IS NULL
               ) a ON a.most IS NOT NULL
         WHERE v.attendance <> CASE WHEN a.came = 1 THEN 1 ELSE a.most END OR NOT a.is_told OR NOT a.is_paid_told
            OR v.paid <> (SELECT coalesce(sum(p.amount), 0) FROM visit_payments p WHERE p.visit_id = v.id)
            OR (v.attendance <> 1 AND v.paid <> 0) OR v.paid > a.cost
        """
    )
    assert astray == []
    counts = (
        "SELECT count(*) FILTER (WHERE paid > 0) AS paid, count(*) FILTER (WHERE attendance = 1) AS came FROM visits"
    )
    row: Any = await demo.db.fetchrow(counts)
    assert 0.9 < row["paid"] / row["came"] < 1
    unknown = await demo.db.fetchval(
        """SELECT count(*) FROM client_stats s WHERE paid <> (SELECT coalesce(sum(v.paid), 0) FROM visits v
                                                               WHERE v.client_id = s.client_id)"""
    )
    assert unknown == 0
    held = "SELECT count(*) FROM appointments a WHERE EXISTS (SELECT FROM busy b WHERE b.holder_id = a.busy_id)"
    known: Any = [await demo.db.fetchval(held), await demo.db.fetchval(f"{held} AND a.has_instances")]
    assert 0 < known[0] == known[1]


async def test_coming_days_are_some_sixty_percent_full(demo: Demo) -> None:
    rows = await demo.db.fetch(
        """
        SELECT m.location_id,
               sum((SELECT sum(extract(epoch FROM upper(r) - lower(r))) FROM unnest(d.work) r)) AS worked,
               sum((SELECT sum(extract(epoch FROM b.ends_at - b.starts_at)) FROM busy b
                     WHERE b.owner_id = d.owner_id AND d.work @> tstzrange(b.starts_at, b.ends_at))) AS booked
          FROM days d JOIN team_members m ON m.id = d.owner_id
         WHERE d.date BETWEEN $1 AND $2
         GROUP BY m.location_id
        """,
        (NOW + timedelta(days=1)).date(),
        (NOW + timedelta(days=30)).date(),
    )
    assert len(rows) == 3
    for row in rows:
        assert 0.50 <= row["booked"] / row["worked"] <= 0.70


async def test_appointments_lie_in_working_time_and_nobody_is_in_two_places(demo: Demo) -> None:
    for problem in (
        # the team member's time within one working interval
        """
        SELECT b.id FROM busy b
         WHERE b.holder_id IS NULL
           AND NOT EXISTS (SELECT FROM days d WHERE d.chain_id = b.chain_id AND d.owner_id = b.owner_id
                                                AND d.work @> tstzrange(b.starts_at, b.ends_at))
        """,
        # nobody (and no resource) twice at once
        """
        SELECT a.id FROM busy a JOIN busy b ON b.owner_id = a.owner_id AND b.id > a.id
           AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
        """,
        # no client twice at once
        """
        SELECT a.id FROM appointments a JOIN appointments b ON b.client_id = a.client_id AND b.id > a.id
           AND tstzrange(a.starts_at, a.starts_at + a.length * interval '1 second')
            && tstzrange(b.starts_at, b.starts_at + b.length * interval '1 second')
         WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL
        """,
        # a day of leave is free
        "SELECT d.owner_id FROM days d JOIN busy b USING (chain_id, owner_id) JOIN locations l ON l.id = b.location_id "
        "WHERE d.off_kind IS NOT NULL AND (b.starts_at AT TIME ZONE l.timezone)::date = d.date",
        # a visit, time while it stands, services that add up, all in the same place
        """
        SELECT a.id FROM appointments a
          JOIN visits v ON v.id = a.visit_id
          LEFT JOIN busy b ON b.id = a.busy_id
         WHERE (a.deleted_at IS NULL) IS DISTINCT FROM (b.id IS NOT NULL)
            OR v.client_id IS DISTINCT FROM a.client_id OR v.location_id <> a.location_id
            OR (b.owner_id, b.starts_at, b.ends_at)
               IS DISTINCT FROM (a.team_member_id, a.starts_at, a.starts_at + a.length * interval '1 second')
               AND b.id IS NOT NULL
            OR a.length <> a.technical_break + coalesce((SELECT sum(s.length) FROM appointment_services s
                                                          WHERE s.appointment_id = a.id), 0)
            OR a.created_at > least(a.starts_at, $1)
        """,
        # a resource of each service that needs one
        """
        SELECT a.id FROM appointments a
         WHERE a.busy_id IS NOT NULL
           AND (SELECT count(*) FROM appointment_services s
                  JOIN service_resources n ON n.service_id = s.service_id
                  JOIN resources r ON r.id = n.resource_id AND r.location_id = a.location_id
                 WHERE s.appointment_id = a.id) <> (SELECT count(*) FROM busy b WHERE b.holder_id = a.busy_id)
        """,
        # seats taken are appointments
        """
        SELECT b.id FROM busy b
         WHERE b.holder_id IS NULL AND b.seats_taken <> (SELECT count(*) FROM appointments a WHERE a.busy_id = b.id)
        """,
        # costs follow the link or the service, less the discount
        """
        SELECT s.appointment_id FROM appointment_services s
          JOIN appointments a ON a.id = s.appointment_id
          JOIN service_links k ON k.service_id = s.service_id AND k.team_member_id = a.team_member_id
          JOIN location_services o ON o.service_id = s.service_id AND o.location_id = a.location_id
         WHERE s.length <> k.duration OR s.first_cost <> coalesce(k.price, o.price_min)
            OR s.cost <> round(s.first_cost * (100 - s.discount) / 100, 2)
        """,
    ):
        args = [NOW] if "$1" in problem else []
        assert await demo.db.fetch(problem, *args) == [], problem


async def test_starts_are_on_the_grid(demo: Demo) -> None:
    new_york, riga = demo.keys["location_ids"]
    starts = await demo.db.fetch(
        """
        SELECT b.location_id, extract(isodow FROM local)::int AS weekday, extract(epoch FROM local::time)::int AS at,
               (SELECT extract(epoch FROM (SELECT lower(r) FROM unnest(d.work) r WHERE r @> b.starts_at)
                                          AT TIME ZONE l.timezone)::bigint % 86400
                  FROM days d WHERE d.owner_id = b.owner_id AND d.work @> b.starts_at) AS begins
          FROM busy b
          JOIN locations l ON l.id = b.location_id
         CROSS JOIN LATERAL (SELECT b.starts_at AT TIME ZONE l.timezone AS local) x
         WHERE b.holder_id IS NULL
        """
    )
    assert {row["at"] % 900 for row in starts if row["location_id"] == new_york} == {0}
    for row in starts:
        if row["location_id"] != riga:
            continue
        if row["weekday"] == 7:
            assert row["at"] in (36000, 40500, 45000, 54000, 58500, 63000)
        elif row["weekday"] == 6:
            assert (row["at"] - row["begins"]) % 1800 == 0
        else:
            assert row["at"] % 1800 == 0
            assert 8 * 3600 <= row["at"] <= 20 * 3600


async def test_the_team_keeps_different_hours(demo: Demo) -> None:
    weeks = await demo.db.fetch(
        """
        SELECT m.name, array_agg(DISTINCT to_char(lower(r) AT TIME ZONE l.timezone, 'ID HH24:MI')
                                       || to_char(upper(r) AT TIME ZONE l.timezone, '-HH24:MI')) AS hours,
               bool_or((upper(r) AT TIME ZONE l.timezone)::date > (lower(r) AT TIME ZONE l.timezone)::date) AS night
          FROM team_members m JOIN locations l ON l.id = m.location_id JOIN days d ON d.owner_id = m.id,
               unnest(d.work) r
         WHERE m.chain_id = $1 GROUP BY m.name
        """,
        demo.keys["chain_id"],
    )
    assert len({tuple(row["hours"]) for row in weeks}) == 8
    assert sum(row["night"] for row in weeks) == 1
    away = await demo.db.fetchval("SELECT count(*) FROM days WHERE off_kind = 2 AND date > $1", NOW.date())
    assert away == 21


async def test_the_file_is_for_its_owner_alone(demo: Demo) -> None:
    path = demo.folder / "demo.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys = msgspec.json.decode(path.read_bytes())
    assert keys == demo.keys
    assert set(keys) == {
        "base_url", "partner_token", "owner", "receptionist", "chain_id", "location_id", "location_ids",
        "team_member_ids", "service_ids", "booking_form_ids", "client_ids", "review_token", "stranger",
    }  # fmt: skip
    assert set(keys["owner"]) == set(keys["receptionist"]) == {"login", "password", "user_token"}
    assert set(keys["stranger"]) == {"user_token", "chain_id", "location_id"}
    assert keys["base_url"] == URL
    assert keys["location_id"] == keys["location_ids"][0]
    assert [len(keys[name]) for name in ("team_member_ids", "service_ids", "client_ids")] == [8, 25, 300]
    assert [path.name for path in demo.folder.iterdir()] == ["demo.json"]


async def test_the_tokens_open_the_database(demo: Demo) -> None:
    keys = demo.keys
    found = (
        "SELECT u.login, u.password_hash, m.* FROM user_tokens t JOIN users u ON u.id = t.user_id "
        "JOIN memberships m ON m.user_id = u.id WHERE t.token_hash = $1"
    )
    owner = await demo.db.fetchrow(found, token_hash(keys["owner"]["user_token"]))
    assert owner is not None
    assert (owner["login"], owner["role"], owner["location_id"]) == ("owner@aurora.example", "owner", None)
    assert owner["chain_id"] == keys["chain_id"]
    rights = msgspec.json.decode(owner["rights"])
    assert set(rights) == set(KINDS)
    assert all(rights[name] is True for name, kind in KINDS.items() if kind == "allow")
    assert await is_password(owner["password_hash"], keys["owner"]["password"])
    desk = await demo.db.fetchrow(found, token_hash(keys["receptionist"]["user_token"]))
    assert desk is not None
    assert (desk["role"], desk["location_id"]) == ("administrator", keys["location_id"])
    held = msgspec.json.decode(desk["rights"])
    assert held["create_records_access"] is True
    assert held["finances_access"] is False
    assert held["settings_access"] is False
    stranger = await demo.db.fetchrow(found, token_hash(keys["stranger"]["user_token"]))
    assert stranger is not None
    assert stranger["chain_id"] == keys["stranger"]["chain_id"] != keys["chain_id"]
    partner = await demo.db.fetchval(
        "SELECT title FROM partners WHERE token_hash = $1", token_hash(keys["partner_token"])
    )
    assert partner == "Demo integration"


async def test_the_same_seed_gives_the_same_data(
    demo: Demo, postgres: EmbeddedPostgres, template: str, tmp_path: Path
) -> None:
    async with copy_of(postgres, template) as other:
        keys = await make_demo(other, URL, tmp_path, now=NOW)
        assert await content(other) == await content(demo.dsn)
    assert keys["client_ids"] == demo.keys["client_ids"]
    assert keys["partner_token"] != demo.keys["partner_token"]
    assert keys["owner"]["password"] != demo.keys["owner"]["password"]


async def test_a_second_call_changes_nothing(demo: Demo) -> None:
    before, written = await content(demo.dsn), (demo.folder / "demo.json").stat().st_mtime_ns
    assert await make_demo(demo.dsn, URL, demo.folder, now=NOW + timedelta(hours=1)) == demo.keys
    assert await extend_demo(demo.dsn, now=NOW) == 0
    assert await content(demo.dsn) == before
    assert (demo.folder / "demo.json").stat().st_mtime_ns == written


async def test_weeks_later_the_calendar_rolls_forward(demo: Demo) -> None:
    later, db = NOW + timedelta(days=20), demo.db
    known = await db.fetchval("SELECT max(id) FROM appointments")
    old = "SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM appointments t WHERE id <= $1"
    before = await db.fetchval(old, known)
    await db.execute("UPDATE team_members SET fired_on = $1 WHERE name = 'Mateo Rivera'", later.date())
    olivia = await db.fetchval("SELECT id FROM team_members WHERE name = 'Olivia Bennett'")
    planned = (later + timedelta(days=25)).date()
    await db.execute(
        "INSERT INTO days (chain_id, owner_id, date) VALUES ($1, $2, $3)", demo.keys["chain_id"], olivia, planned
    )

    assert await extend_demo(demo.dsn, now=later) > 200

    assert await db.fetchval(old, known) == before
    assert await db.fetchval("SELECT max(date) FROM days") == (later + timedelta(days=30)).date()
    work = await db.fetchval("SELECT work::text FROM days WHERE owner_id = $1 AND date = $2", olivia, planned)
    assert work == "{}", "what the business has set itself stays"
    of_the_fired = (
        "SELECT count(*) FROM appointments a JOIN team_members m ON m.id = a.team_member_id "
        "WHERE m.fired_on IS NOT NULL AND a.id > $1"
    )
    assert await db.fetchval(of_the_fired, known) == 0
    assert await extend_demo(demo.dsn, now=later) == 0


async def test_without_a_demo_nothing_rolls_forward(dsn: str) -> None:
    assert await extend_demo(dsn, now=NOW) == 0


async def test_another_data_folder_gets_keys_of_its_own(demo: Demo, tmp_path: Path) -> None:
    rest = "appointments clients memberships days"
    before = await content(demo.dsn, rest)
    other = await make_demo(demo.dsn, "https://book.example", tmp_path, now=NOW)
    assert other["base_url"] == "https://book.example"
    assert other["chain_id"] == demo.keys["chain_id"]
    assert other["partner_token"] != demo.keys["partner_token"]
    assert await content(demo.dsn, rest) == before
    (tmp_path / "demo.json").write_bytes((demo.folder / "demo.json").read_bytes())
    moved = await make_demo(demo.dsn, "https://book.example", tmp_path, now=NOW)
    assert moved == demo.keys | {"base_url": "https://book.example"}, "the first keys still count"
