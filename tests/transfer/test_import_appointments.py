"""Appointments from a file: history with its sums, coming ones in the calendar."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.makers.world import make_member
from tests.transfer.conftest import Ledger

pytestmark = pytest.mark.anyio

HEAD = "api_id,team_member,start,service,cost,client_phone,client_name,attendance\n"


async def test_history_comes_with_its_sums(ledger: Ledger) -> None:
    text = HEAD + "".join(
        [
            f"1,Anna,{ledger.day(-30)} 10:00,Haircut,40.00,+13155550001,Ann Other,came\n",
            f"2,Anna,{ledger.day(-30)} 11:00,Manicure|Haircut,10.10|20.20,+13155550001,Ann Other,1\n",
            f"3,Peter,{ledger.day(-9)} 10:00,Haircut,,+13155550001,Ann Other,missed\n",
        ]
    )
    totals = await ledger.bring("appointments", text)
    assert (totals.new, ledger.refused) == (3, {})
    row = await ledger.db.fetchrow(
        """SELECT s.visits_count, s.failed_visits_count, s.spent, c.name, c.surname
             FROM client_stats s JOIN clients c ON c.id = s.client_id WHERE c.phone = '13155550001'"""
    )
    assert tuple(row) == (2, 1, Decimal("70.30"), "Ann", "Other")
    visits = await ledger.db.fetch("SELECT date, attendance FROM visits ORDER BY date")
    assert [tuple(visit) for visit in visits] == [(ledger.day(-30), 1), (ledger.day(-9), -1)]
    assert await ledger.db.fetchval("SELECT count(*) FROM busy") == 0


async def test_coming_ones_take_their_time_and_are_refused_where_it_is_taken(ledger: Ledger) -> None:
    day = ledger.day(5)
    first = HEAD + f"1,Anna,{day} 10:00,Haircut,,+13155550001,Ann,\n"
    assert (await ledger.bring("appointments", first)).new == 1
    second = HEAD + "".join(
        [
            f"2,Anna,{day} 10:30,Haircut,,+13155550002,Ben,\n",
            f"3,Anna,{day} 11:00,Haircut,,+13155550003,Cid,\n",
            f"4,Anna,{day} 11:30,Manicure,,+13155550004,Dan,\n",
            f"5,Anna,{day} 14:00,Massage,,+13155550005,Eve,\n",
            f"6,Peter,{day} 14:00,Massage,,+13155550006,Fay,\n",
        ]
    )
    expected = {
        2: "start: the time is taken",
        4: "start: the time is taken",
        6: "service: what it needs is taken at this time",
    }
    for dry in (True, False):
        totals = await ledger.bring("appointments", second, dry=dry)
        assert (totals.new, ledger.refused) == (2, expected)
    totals = await ledger.bring("appointments", second, overbook=True)
    assert (totals.new, totals.same, ledger.refused) == (3, 2, {})
    assert await ledger.db.fetchval("SELECT count(*) FROM appointments WHERE is_overbooked") == 3


async def test_a_dry_run_writes_nothing_and_a_second_run_changes_nothing(ledger: Ledger) -> None:
    days = [ledger.day(n) for n in range(-20, 20) if n]
    spots = [(day, hour, who) for day in days for hour in range(9, 17) for who in ("Anna", "Peter")]
    lines: list[str] = []
    for n, (day, hour, who) in enumerate(spots):
        key, attendance = "" if n % 2 else f"k{n}", int(day < ledger.day(0))
        lines.append(f"{key},{who},{day} {hour}:00,Haircut,45,+1315555{n % 50:04d},Client {n % 50},{attendance}\n")
    text = HEAD + "".join(lines)
    before = await ledger.everything()
    totals = await ledger.bring("appointments", text, dry=True)
    assert (totals.new, ledger.refused, await ledger.everything()) == (len(lines), {}, before)
    totals = await ledger.bring("appointments", text)
    assert (totals.new, ledger.refused) == (len(lines), {})
    after, shown = await ledger.everything(), await ledger.take("appointments")
    totals = await ledger.bring("appointments", text)
    assert (totals.new, totals.same, totals.refused) == (0, len(lines), 0)
    assert (await ledger.everything(), await ledger.take("appointments")) == (after, shown)


async def test_every_refused_line_is_told_with_its_number_and_its_reason(ledger: Ledger) -> None:
    day, past = ledger.day(5), ledger.day(-5)
    text = HEAD + "".join(
        [
            f",Nobody,{day} 10:00,Haircut,,+13155550001,Ann,\n",
            ",Anna,soon,Haircut,,+13155550001,Ann,\n",
            f",Anna,{day} 10:00,Shave,,+13155550001,Ann,\n",
            f",Peter,{day} 10:00,Manicure,,+13155550001,Ann,\n",
            f",Anna,{day} 10:00,Haircut,-1,+13155550001,Ann,\n",
            f",Anna,{day} 10:00,Haircut,1|2,+13155550001,Ann,\n",
            f",Anna,{day} 10:00,Haircut,,+13155550001,,\n",
            f",Anna,{day} 10:00,Haircut,,12,Ann,\n",
            f",Anna,{day} 10:00,Haircut,,+13155550001,Ann,maybe\n",
            f"7,Anna,{past} 10:00,Haircut,,+13155550001,Ann,\n",
            f"7,Anna,{past} 12:00,Haircut,,+13155550001,Ann,\n",
        ]
    )
    totals = await ledger.bring("appointments", text)
    assert ledger.refused == {
        2: "team_member: Nobody is not known here",
        3: "start: expected a time such as 2026-09-21 14:30",
        4: "service: Shave is not known here",
        5: "service: Peter does not give Manicure; a past one needs its length",
        6: "cost: no such amount",
        7: "cost: expected 1 values, as there are services, with | between them",
        8: "client_phone: there is no such client; import clients first, or give client_name",
        9: "Phone must contain 9 to 15 digits",
        10: "attendance: expected one of -1, 0, 1, 2, missed, waiting, came, confirmed",
        12: "api_id: stands in line 11 already",
    }
    assert (totals.new, totals.refused) == (1, 10)


async def test_listeners_hear_of_coming_ones_alone_and_of_none_when_quiet(ledger: Ledger) -> None:
    text = HEAD + "".join(
        [
            f"1,Anna,{ledger.day(-5)} 10:00,Haircut,,{ledger.business.client_phone},,1\n",
            f"2,Anna,{ledger.day(5)} 10:00,Haircut,,{ledger.business.client_phone},,\n",
        ]
    )
    await ledger.bring("appointments", text)
    assert await ledger.db.fetch("SELECT kind FROM outbox") == [("appointment.created",)]
    more = HEAD + f"3,Anna,{ledger.day(6)} 10:00,Haircut,,{ledger.business.client_phone},,\n"
    await ledger.bring("appointments", more, quiet=True)
    assert await ledger.db.fetchval("SELECT count(*) FROM outbox") == 1


async def test_what_is_exported_can_be_imported_into_a_fresh_location(ledger: Ledger) -> None:
    business, far = ledger.business, ledger.business.far_location_id
    anna = await make_member(ledger.db, business.chain_id, far, "Anna", days=1)
    await ledger.db.execute(
        "INSERT INTO service_links (chain_id, service_id, team_member_id, duration) VALUES ($1, $2, $3, 3600)",
        business.chain_id,
        business.haircut,
        anna,
    )
    text = HEAD + "".join(
        [
            f"1,Anna,{ledger.day(-5)} 10:00,Haircut|Manicure,40|12.34,+13155550001,Ann Other,1\n",
            f"2,Anna,{ledger.day(5)} 10:00,Haircut,,+13155550001,Ann Other,2\n",
            f"3,Anna,{ledger.day(5)} 12:00,Haircut,,,,\n",
        ]
    )
    await ledger.bring("appointments", text)
    assert ledger.refused == {}
    taken = await ledger.take("appointments")
    totals = await ledger.bring("appointments", taken)
    assert (totals.same, ledger.refused) == (3, {})
    totals = await ledger.bring("appointments", taken, location_id=far)
    assert (totals.new, ledger.refused) == (3, {})
    # Its clock differs; everything else is the same, moments included.
    there = await ledger.rows("appointments", far)
    here = await ledger.rows("appointments")
    times = ("start", "created_at")
    assert [{k: v for k, v in row.items() if k not in times} for row in there] == [
        {k: v for k, v in row.items() if k not in times} for row in here
    ]
    moments = "SELECT starts_at, length FROM appointments WHERE location_id = $1 ORDER BY id"
    assert await ledger.db.fetch(moments, far) == await ledger.db.fetch(moments, ledger.here)
