"""The search: every filter, sorting, fields, paging, what it refuses, and the older list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agendum.core import clock
from tests.booking.test_statements import watch
from tests.clients.conftest import Desk
from tests.makers.clients import make_client_field, make_client_tag, make_presence, make_stats
from tests.makers.world import put

pytestmark = pytest.mark.anyio


@pytest.fixture
async def people(desk: Desk) -> Desk:
    """Ann, Bob and Cid, who differ in everything that is filtered by; Clara of the small world beside them."""
    facts: dict[str, dict[str, Any]] = {
        "Ann": {"surname": "Archer", "phone": "13155550101", "email": "ann@one.example", "importance": 1, "gender": 2},
        "Bob": {"surname": "Baker", "phone": "13155550202", "email": "bob@two.example", "importance": 2, "gender": 1},
        "Cid": {"surname": "Cook", "phone": "441155550303", "email": "", "importance": 3, "gender": 0},
    }
    more: dict[str, dict[str, Any]] = {
        "Ann": {"birth_date": date(1980, 5, 1), "discount": 5, "card": "777001"},
        "Bob": {"birth_date": date(1990, 5, 1), "discount": 15},
        "Cid": {},
    }
    await desk.db.execute("UPDATE clients SET phone = '12029990250'")
    for name in facts:
        await desk.make(name, **facts[name], **more[name])
    return desk


async def id_of(desk: Desk, name: str) -> int:
    return await desk.db.fetchval("SELECT id FROM clients WHERE name = $1", name)


async def visits(desk: Desk, name: str, count: int, spent: str, paid: str, *, first: int, last: int) -> None:
    """Sums of somebody; days are counted back from today."""
    when = {"first_visit_at": clock.now() - timedelta(days=first), "last_visit_at": clock.now() - timedelta(days=last)}
    sums = {"visits_count": count, "spent": Decimal(spent), "paid": Decimal(paid)}
    await make_stats(desk.db, desk.business, await id_of(desk, name), **sums, **when)


async def test_clients_are_found_by_what_they_are(people: Desk) -> None:
    ann, bob = await id_of(people, "Ann"), await id_of(people, "Bob")
    assert await people.search(("id", {"value": [bob, ann, 999]})) == ["Ann", "Bob"]
    assert await people.search(("importance", {"value": [2, 3]})) == ["Bob", "Cid"]
    assert await people.search(("gender", {"value": ["1", 2]})) == ["Ann", "Bob"]
    assert await people.search(("birthday", {"from": "1980-05-01 00:00:00", "to": "1990-04-30 23:59:59"})) == ["Ann"]
    assert await people.search(("birthday", {"from": "1990-05-01"})) == ["Bob"]
    assert await people.search(("discount", {"from": 5.01})) == ["Bob"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann", ["Ann"]),
        ("ARCHER ann", ["Ann"]),
        ("oo", ["Cid"]),
        ("5550", ["Ann", "Bob", "Cid"]),
        ("+1 (315) 555-02", ["Bob"]),
        ("@two", ["Bob"]),
        ("77700", ["Ann"]),
        ("100%", []),
        ("_nn", []),
    ],
)
async def test_a_text_is_looked_for_in_names_phone_email_and_card(people: Desk, text: str, found: list[str]) -> None:
    await people.db.execute("DELETE FROM clients WHERE name LIKE 'Clara%'")
    assert await people.search(("quick_search", {"value": text})) == found


async def test_a_part_of_one_thing_is_looked_for_in_it_alone(people: Desk) -> None:
    assert await people.search(("phone", {"value": "55502"})) == ["Bob"]
    assert await people.search(("email", {"value": "ONE.exam"})) == ["Ann"]
    assert await people.search(("card", {"value": "7001"})) == ["Ann"]
    assert await people.search(("name", {"value": "ba"})) == ["Bob"]
    assert await people.search(("name", {"value": "bob@"})) == []


async def test_clients_are_found_by_their_tags(people: Desk) -> None:
    loyal = await make_client_tag(people.db, people.business, "Loyal")
    late = await make_client_tag(people.db, people.business, "Late")
    for name, tag in (("Ann", loyal), ("Bob", late), ("Bob", loyal)):
        tagged = {"chain_id": people.business.chain_id, "client_id": await id_of(people, name), "tag_id": tag}
        await put(people.db, "client_tags", **tagged)
    assert await people.search(("category", {"value": [loyal]})) == ["Ann", "Bob"]
    assert await people.search(("category", {"value": [late]})) == ["Bob"]
    [bob] = await people.ask(
        "POST",
        f"/company/{people.here}/clients/search",
        json={"fields": ["categories"], "filters": [{"type": "category", "state": {"value": [late]}}]},
    )
    assert [tag["title"] for tag in bob["categories"]] == ["Loyal", "Late"]


async def test_clients_are_found_by_their_sums_and_visits(people: Desk) -> None:
    await visits(people, "Ann", 1, "50", "20", first=10, last=10)
    await visits(people, "Bob", 7, "700.50", "700.50", first=90, last=2)
    assert await people.search(("sold_amount", {"from": 50, "to": 700})) == ["Ann"]
    assert await people.search(("sold_amount", {"from": 0, "to": 50})) == ["Clara Client", "Ann", "Cid"]
    assert await people.search(("paid_amount", {"from": 700.5})) == ["Bob"]
    assert await people.search(("balance", {"to": -0.01})) == ["Ann"]
    assert await people.search(("visit_count", {"from": 1, "to": 1})) == ["Ann"]
    assert await people.search(("visits_count", {"to": 0})) == ["Clara Client", "Cid"]
    day = (clock.now() - timedelta(days=5)).strftime("%Y-%m-%d %H:%M:%S")
    assert await people.search(("last_visit_date", {"from": day})) == ["Bob"]
    assert await people.search(("first_visit_date", {"to": day})) == ["Ann", "Bob"]


async def test_clients_are_found_by_their_appointments(people: Desk) -> None:
    b = people.business
    ann, bob = await id_of(people, "Ann"), await id_of(people, "Bob")
    await make_presence(people.db, b, ann, days=-3, cost="30.00")
    await make_presence(people.db, b, ann, days=-1, cost="45.00", service_id=b.manicure)
    await make_presence(people.db, b, bob, days=-2, member_id=b.peter, attendance=-1)
    await make_presence(people.db, b, bob, days=5, member_id=b.peter, attendance=0)

    async def found(**state: Any) -> list[str]:
        return await people.search(("record", state))

    assert await found(staff={"value": [b.anna]}) == ["Ann"]
    assert await found(service={"value": [b.manicure]}) == ["Ann"]
    assert await found(service_category={"value": [b.category_id]}) == ["Ann", "Bob"]
    assert await found(status={"value": [-1]}) == ["Bob"]
    assert await found(status={"value": [-1]}, staff={"value": [b.anna]}) == [], "of one and the same appointment"
    assert await found(records_count={"from": 2, "to": 9}) == ["Ann", "Bob"]
    assert await found(records_count={"from": 2}, status={"value": [1]}) == ["Ann"]
    assert await found(records_count={"from": 0, "to": 0}) == ["Clara Client", "Cid"]
    assert await found(sold_amount={"from": 75, "to": 75}, status={"value": [1]}) == ["Ann"]
    assert await found(sold_amount={"from": 75.01, "to": 99}) == []
    tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
    assert await found(date={"from": tomorrow}) == ["Bob"]
    long_ago = (clock.now() - timedelta(days=3.5)).strftime("%Y-%m-%d %H:%M:%S")
    assert await found(created={"to": long_ago}) == ["Ann"]


async def test_a_deleted_appointment_is_none(people: Desk) -> None:
    record = await make_presence(people.db, people.business, await id_of(people, "Ann"))
    await people.db.execute("UPDATE appointments SET deleted_at = now() WHERE id = $1", record)
    assert await people.search(("record", {"staff": {"value": [people.business.anna]}})) == []


async def test_who_has_a_cabinet_of_his_own_is_found(people: Desk) -> None:
    phone = people.small.client.phone
    await people.db.execute("UPDATE clients SET phone = $1 WHERE name = 'Cid'", phone)
    assert await people.search(("has_mobile_app", {"value": True})) == ["Cid"]
    assert "Cid" not in await people.search(("has_mobile_app", {"value": False}))


async def test_what_nobody_has_finds_nobody(people: Desk) -> None:
    everybody = ["Clara Client", "Ann", "Bob", "Cid"]
    assert await people.search(("has_passteam_card", {"value": True})) == []
    assert await people.search(("has_passteam_card", {"value": False})) == everybody
    assert await people.search(("passteam_card_ids", {"value": ["111122223333aaaabbbbcccc"]})) == []
    assert await people.search(("sale", {"abonement_balance": {"from": 2, "to": 3}})) == []
    assert await people.search(("sale", {"abonement_balance": {"from": 0}})) == everybody


async def test_filters_hold_together_or_any_of_them(people: Desk) -> None:
    filters = [("importance", {"value": [1, 2]}), ("gender", {"value": [1, 0]})]
    assert await people.search(*filters) == ["Bob"]
    assert await people.search(*filters, operation="OR") == ["Clara Client", "Ann", "Bob", "Cid"]
    inner = {"importance": {"value": [1]}, "gender": {"value": [2]}}
    assert await people.search(("client", inner), ("name", {"value": "cid"}), operation="OR") == ["Ann", "Cid"]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("id", ["Clara Client", "Ann", "Bob", "Cid"]),
        ("name", ["Ann", "Bob", "Cid", "Clara Client"]),
        ("phone", ["Clara Client", "Ann", "Bob", "Cid"]),
        ("email", ["Cid", "Ann", "Bob", "Clara Client"]),
        ("discount", ["Clara Client", "Cid", "Ann", "Bob"]),
        ("sold_amount", ["Clara Client", "Cid", "Ann", "Bob"]),
        ("visit_count", ["Clara Client", "Cid", "Ann", "Bob"]),
        ("first_visit_date", ["Bob", "Ann", "Clara Client", "Cid"]),
        ("last_visit_date", ["Ann", "Bob", "Clara Client", "Cid"]),
    ],
)
async def test_lists_are_sorted(people: Desk, order: str, names: list[str]) -> None:
    await visits(people, "Ann", 1, "50", "20", first=10, last=10)
    await visits(people, "Bob", 7, "700.50", "700.50", first=90, last=2)
    assert await people.search(order_by=order, order_by_direction="asc") == names
    back = await people.search(order_by=order, order_by_direction="DESC")
    if order in ("first_visit_date", "last_visit_date"):
        assert back[:2] == names[1::-1], "who never came is last either way"
    elif order in ("discount", "sold_amount", "visit_count"):
        assert back[:2] == names[:1:-1]
    else:
        assert back == names[::-1]


async def test_pages_follow_each_other_and_the_total_is_of_all(people: Desk) -> None:
    body: dict[str, Any] = {"page_size": 3, "order_by": "name", "fields": ["name"]}
    seen: list[str] = []
    for page in (1, 2, 3):
        path = f"/company/{people.here}/clients/search"
        answer = (await people.call("POST", path, user=people.chief, json=body | {"page": page})).json()
        assert answer["meta"] == {"total_count": 4}
        seen += [client["name"] for client in answer["data"]]
    assert seen == ["Ann", "Bob", "Cid", "Clara Client"]


async def test_every_field_can_be_asked_for(people: Desk) -> None:
    await make_client_field(people.db, people.business, "drink")
    await people.db.execute("""UPDATE clients SET custom_fields = '{"drink": "tea", "gone": 1}' WHERE name = 'Ann'""")
    await visits(people, "Ann", 1, "50", "20", first=10, last=10)
    card = await people.card(await id_of(people, "Ann"))
    more = {"sold_amount": 50, "paid_amount": 20, "visit_count": 1, "visits_count": 1}
    path, ann = f"/company/{people.here}/clients/search", {"type": "name", "state": {"value": "ann"}}
    [shown] = await people.ask("POST", path, json={"fields": [*card, *more], "filters": [ann]})
    assert shown == card | more
    assert list(shown) == [*card, *more], "in the order in which they were asked for"
    assert shown["custom_fields"] == {"drink": "tea"}, "a value whose field is gone is not shown"
    assert datetime.fromisoformat(shown["last_visit_date"]).tzinfo is not None


@pytest.mark.parametrize(
    "wrong",
    [
        ("shoe_size", {"value": 42}),
        ("importance", {"value": []}),
        ("importance", {"value": ["gold"]}),
        ("id", {"value": [2**63]}),
        ("sold_amount", {}),
        ("sold_amount", {"from": "much"}),
        ("sold_amount", {"from": "NaN"}),
        ("last_visit_date", {"from": "9999-12-31T23:59:59"}),
        ("birthday", {"from": "yesterday"}),
        ("visit_count", {"from": 1.5}),
        ("quick_search", {"value": " "}),
        ("has_mobile_app", {"value": "perhaps"}),
        ("record", {}),
        ("record", {"mood": {"value": 1}}),
        ("record", {"staff": [1]}),
        ("client", {"importance": [1]}),
        ("sale", {"mood": {"from": 1}}),
    ],
)
async def test_a_wrong_filter_is_a_400_that_says_so(people: Desk, wrong: tuple[str, Any]) -> None:
    said = await people.refused(wrong)
    assert said["message"] == "Invalid filter value"
    assert len(said["errors"]["filters"]) == 1


async def test_what_is_asked_of_the_list_itself_is_checked(people: Desk) -> None:
    wrong: list[dict[str, Any]] = [
        {"fields": ["shoe_size"]},
        {"order_by": "mood"},
        {"order_by_direction": "up"},
        {"operation": "XOR"},
        {"page_size": 201},
        {"page": 0},
    ]
    for more in wrong:
        assert list((await people.refused(status=422, **more))["errors"]) == list(more)


async def test_who_may_not_see_it_cannot_search_by_it(people: Desk) -> None:
    nosy = await people.holder()
    for hidden in (("sold_amount", {"from": 1}), ("record", {"sold_amount": {"from": 1}})):
        await people.refused(hidden, status=403, user=nosy)
    await people.refused(order_by="sold_amount", status=403, user=nosy)
    await people.refused(order_by="phone", status=403, user=nosy)
    assert await people.search(("phone", {"value": "55501"}), user=nosy) == []
    assert await people.search(("quick_search", {"value": "55501"}), user=nosy) == []
    assert await people.search(("email", {"value": "ann"}), user=nosy) == []
    assert await people.search(("quick_search", {"value": "one.ex"}), user=nosy) == []
    assert await people.search(("quick_search", {"value": "+1 315 555 0101"}), user=nosy) == ["Ann"]


async def test_the_older_list_has_filters_of_its_own(people: Desk) -> None:
    await visits(people, "Ann", 1, "50", "20", first=10, last=10)
    ann, bob = await id_of(people, "Ann"), await id_of(people, "Bob")
    assert await people.listed(fullname="arch") == ["Ann"]
    assert await people.listed(phone="0202", fullname="bo") == ["Bob"]
    assert await people.listed(email="two.example") == ["Bob"]
    assert await people.listed(card="7770") == ["Ann"]
    assert await people.listed(paid_min=1) == ["Ann"]
    assert await people.listed(paid_max=0, phone="55503") == ["Cid"]
    several: dict[str, Any] = {"id[]": [ann, bob]}
    assert await people.listed(**several) == ["Ann", "Bob"]
    assert await people.listed(id=ann) == await people.listed(location_id=ann) == ["Ann"]
    assert await people.listed(count=2, page=2) == ["Bob", "Cid"]
    await people.db.execute("UPDATE clients SET updated_at = '2020-06-01T12:00:00Z' WHERE name = 'Bob'")
    assert await people.listed(changed_before="2020-06-02T00:00:00") == ["Bob"]
    assert await people.listed(changed_after="2020-06-01T09:00:00", changed_before="2021-01-01T00:00:00") == []
    assert await people.listed(changed_after="2020-06-01T08:00:00", changed_before="2021-01-01T00:00:00") == ["Bob"]
    await people.ask("GET", f"/clients/{people.here}", 422, params={"changed_after": "soon"})


async def test_a_list_costs_one_statement_however_long_it_is(people: Desk) -> None:
    filters = [{"type": "quick_search", "state": {"value": "a"}}, {"type": "discount", "state": {"from": 0}}]
    body = {"filters": filters, "fields": ["id", "name", "categories", "sold_amount"], "order_by": "sold_amount"}
    path = f"/company/{people.here}/clients/search"
    for _ in range(2):
        await people.ask("POST", path, json=body)
        await people.listed()
    seen = watch(people)
    await people.ask("POST", path, json=body)
    await people.listed()
    assert len(seen) == 2, "\n".join(seen)
