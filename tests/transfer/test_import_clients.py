"""Clients from a file: read in any form, checked as the API checks them, known again."""

from __future__ import annotations

import pytest

from agendum.core.clock import now
from agendum.core.errors import Invalid
from agendum.transfer.actions.clients import Origins
from tests.makers.clients import make_client_tag
from tests.makers.world import insert, stamps
from tests.transfer.conftest import Ledger

pytestmark = pytest.mark.anyio

MANY = 5_000


async def test_columns_come_in_any_order_with_semicolons_and_a_byte_order_mark(ledger: Ledger) -> None:
    text = "\ufeffphone;surname;name;gender;birth_date\r\n1 (315) 555-0001;Doe;Jane;female;1990-02-28\r\n"
    totals = await ledger.bring("clients", text)
    assert (totals.lines, totals.new, ledger.refused) == (1, 1, {})
    [*_, jane] = await ledger.rows("clients")
    shown = {name: jane[name] for name in ("name", "surname", "phone", "gender", "birth_date")}
    expected = {"name": "Jane", "surname": "Doe", "phone": "+13155550001", "gender": "2", "birth_date": "1990-02-28"}
    assert shown == expected


@pytest.mark.parametrize(
    "text", ["", "phone\n1\n", "name,phone,shoe size\nA,1,44\n", "name,name\nA,B\n", "name,field:x\n"]
)
async def test_a_header_that_does_not_fit_is_refused_as_a_whole(ledger: Ledger, text: str) -> None:
    before = await ledger.everything()
    with pytest.raises(Invalid, match=r"column|Column|empty"):
        await ledger.bring("clients", text)
    assert await ledger.everything() == before


async def test_every_refused_line_is_told_with_its_number_and_its_reason(ledger: Ledger) -> None:
    lines = [
        "name,phone,external_id,email,gender,discount,birth_date,tag,comment",
        'Anna,+13155550001,,,,,,,"two',
        'lines"',
        ",+13155550002,,,,,,,",
        "Bob,12,,,,,,,",
        "Bob,,,,,,,,",
        "Bob,+13155550003,,nobody,,,,,",
        "Bob,+13155550004,,,robot,,,,",
        "Bob,+13155550005,,,,101,,,",
        "Bob,+13155550006,,,,,soon,,",
        "Bob,+13155550007,,,,,,Unheard of,",
        "Bob,+13155550008",
        "Bob,1 315 555 0001,,,,,,,",
        "Bob,+13155550009,,,,,,,\udcff",
        "",
        f"{'B' * 256},+13155550010,,,,,,,",
        "Carl,+13155550011,,,,,,,",
    ]
    totals = await ledger.bring("clients", "\n".join(lines))
    assert ledger.refused == {
        4: "Client name not specified",
        5: "Phone must contain 9 to 15 digits",
        6: "phone: a client without a phone needs an external_id",
        7: "email: expected an address such as name@example.com",
        8: "gender: expected one of 0, 1, 2, unknown, male, female",
        9: "discount: expected per cent, 0 to 100",
        10: "birth_date: expected a date such as 1990-02-28",
        11: "tag: there is no tag Unheard of here",
        12: "2 cells, but 9 columns",
        13: "phone: stands in line 2 already",
        14: "not UTF-8, or with a zero byte in it",
        16: "name: at most 255 characters",
    }
    assert (totals.lines, totals.new, totals.refused) == (14, 2, 12)


async def test_a_dry_run_tells_all_and_writes_nothing(ledger: Ledger) -> None:
    before, shown = await ledger.everything(), await ledger.take("clients")
    text = f"name,phone\nNew,+13155550001\nRenamed,{ledger.business.client_phone}\nBad,1\n"
    totals = await ledger.bring("clients", text, dry=True)
    assert (totals.new, totals.changed, totals.refused) == (1, 1, 1)
    assert (await ledger.everything(), await ledger.take("clients")) == (before, shown)


async def test_five_thousand_lines_come_in_and_a_second_run_changes_nothing(ledger: Ledger) -> None:
    await make_client_tag(ledger.db, ledger.business, "Loyal")
    lines = [f"old-{n},Name {n},+1315{2_000_000 + n},c{n}@example.com,{n % 4},12.50,loyal" for n in range(MANY)]
    text = "\n".join(["external_id,name,phone,email,importance,spent,tag", *lines])
    totals = await ledger.bring("clients", text)
    assert (totals.new, totals.refused) == (MANY, 0)
    before, shown = await ledger.everything(), await ledger.take("clients")
    totals = await ledger.bring("clients", text)
    assert (totals.new, totals.changed, totals.same, totals.refused) == (0, 0, MANY, 0)
    assert (await ledger.everything(), await ledger.take("clients")) == (before, shown)


async def test_a_known_client_gets_what_is_said_and_keeps_the_rest(ledger: Ledger) -> None:
    phone = ledger.business.client_phone
    totals = await ledger.bring("clients", f"name,phone,email,card,is_blacklisted\nClaire,{phone},,C-7,yes\n")
    assert (totals.new, totals.changed) == (0, 1)
    [client] = await ledger.rows("clients")
    shown = {name: client[name] for name in ("name", "email", "card", "is_blacklisted")}
    assert shown == {"name": "Claire", "email": "clara@example.com", "card": "C-7", "is_blacklisted": "yes"}


async def test_without_a_phone_the_id_of_the_other_system_knows_him(ledger: Ledger) -> None:
    await ledger.bring("clients", "name,external_id\nNo Phone,42\n")
    totals = await ledger.bring("clients", "name,external_id,phone\nNo Phone,42,+13155550001\n")
    assert (totals.new, totals.changed) == (0, 1)
    rows = [row for row in await ledger.rows("clients") if row["name"] == "No Phone"]
    assert [(row["external_id"], row["phone"]) for row in rows] == [("42", "+13155550001")]
    await ledger.bring("clients", f"name,external_id,phone\nWho,42,{ledger.business.client_phone}\n")
    assert ledger.refused == {2: "external_id: it is that of another client, not of the one with this phone"}


async def test_new_clients_are_told_of_unless_it_is_to_be_quiet(ledger: Ledger) -> None:
    text = f"name,phone\nNew,+13155550001\nRenamed,{ledger.business.client_phone}\n"
    await ledger.bring("clients", text)
    assert await ledger.db.fetch("SELECT kind FROM outbox") == [("client.created",)]
    await ledger.bring("clients", "name,phone\nNewer,+13155550002\n", quiet=True)
    assert await ledger.db.fetchval("SELECT count(*) FROM outbox") == 1


async def test_who_changed_what_is_on_the_trail(ledger: Ledger) -> None:
    await ledger.bring("clients", f"name,phone\nClaire,{ledger.business.client_phone}\n")
    row = await ledger.db.fetchrow("SELECT entity, entity_id, before, after FROM audit_log")
    assert tuple(row) == ("client", ledger.business.client_id, {"name": "Clara Client"}, {"name": "Claire"})


async def test_the_ids_of_an_erased_person_are_forgotten(ledger: Ledger) -> None:
    await ledger.bring("clients", "name,external_id\nNo Phone,42\n")
    chain_id, client_id = ledger.business.chain_id, await ledger.db.fetchval("SELECT client_id FROM client_origins")
    assert await Origins().held(ledger.db, chain_id, client_id) == ["42"]
    await Origins().erase(ledger.db, chain_id, client_id, now())
    assert await Origins().held(ledger.db, chain_id, client_id) == []


async def test_what_is_exported_can_be_imported_into_a_fresh_location(ledger: Ledger) -> None:
    far = ledger.business.far_location_id
    for place in (ledger.here, far):
        await make_client_tag(ledger.db, ledger.business, "Loyal", location_id=place)
    common = {"chain_id": ledger.business.chain_id, "location_id": None, "category": "client", "title": "X"}
    await insert(ledger.db, "custom_fields", **common, code="shoe", kind="number", **stamps())
    await insert(ledger.db, "custom_fields", **common, code="likes", kind="list", **stamps())
    text = (
        "name,surname,phone,external_id,comment,discount,spent,balance,sms_not,tag,field:shoe,field:likes\n"
        'Ana,"O""Neil, Jr",+13155550001,a1,"two\nlines",7.5,100,-20.25,yes,Loyal,44,tea|milk\n'
        "Nobody,,,b2,,,,,,,,\n"
    )
    await ledger.bring("clients", text)
    await insert(
        ledger.db, "clients", chain_id=ledger.business.chain_id, location_id=ledger.here, name="Bare", **stamps()
    )
    taken = await ledger.take("clients")
    totals = await ledger.bring("clients", taken)
    assert (totals.same, ledger.refused) == (4, {})
    totals = await ledger.bring("clients", taken, location_id=far)
    assert (totals.new, ledger.refused) == (4, {})
    assert await ledger.take("clients", far) == taken
