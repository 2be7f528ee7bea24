"""Clients one by one: what is written, what is refused, what is seen by whom, what is told and kept in the trail."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.clients.conftest import Desk
from tests.makers.clients import make_client_field, make_client_tag, make_presence, make_stats
from tests.makers.office import field_of
from tests.makers.world import Person

pytestmark = pytest.mark.anyio

KNOWN = "The client with the specified phone number already exists in the database"


async def told(desk: Desk) -> list[tuple[str, int]]:
    rows = await desk.db.fetch("SELECT kind, body FROM outbox WHERE kind LIKE 'client.%' ORDER BY id")
    return [(row["kind"], row["body"]["client_id"]) for row in rows]


async def trail(desk: Desk, client_id: int) -> list[tuple[Any, Any]]:
    path = f"/company/{desk.here}/changes"
    changes = await desk.ask("GET", path, params={"entity": "client", "entity_id": client_id})
    return [(change["before"], change["after"]) for change in reversed(changes)]


async def test_a_phone_is_one_client_of_a_location_in_whatever_form_it_comes(desk: Desk) -> None:
    made = await desk.create(phone="+1 (315) 555-01-79")
    assert made["phone"] == 13155550179
    for form in ("13155550179", "001 315 555 0179", "+1.315.555.0179"):
        refused = await desk.create(422, phone=form)
        assert (refused["message"], field_of(refused)) == (KNOWN, "phone")
    assert await desk.search(("phone", {"value": "5550179"})) == ["James"]


async def test_two_desks_that_make_the_same_client_at_once_make_one(desk: Desk) -> None:
    body = {"name": "James", "phone": "+13155550179"}
    calls = [desk.call("POST", f"/clients/{desk.here}", json=body, user=desk.chief) for _ in range(8)]
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 7


async def test_a_deleted_clients_phone_may_be_used_again(desk: Desk) -> None:
    first = await desk.create()
    await desk.ask("DELETE", f"/client/{desk.here}/{first['id']}", 204)
    assert (await desk.create())["id"] != first["id"]


async def test_a_client_that_was_booked_online_is_the_one_of_his_phone(desk: Desk) -> None:
    made = await desk.create(phone="+13155550199")
    assert (await desk.book(desk.wish(desk.business.haircut, desk.at("10:00")))).status_code == 201
    assert (await desk.create(422, phone="+13155550199"))["message"] == KNOWN
    assert await desk.search(("phone", {"value": "13155550199"}), fields=["id", "name"]) == ["James"]
    found = await desk.ask("GET", f"/clients/{desk.here}", params={"phone": "13155550199"})
    assert [client["id"] for client in found] == [made["id"]]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"discount": 101}, "discount"),
        ({"discount": "NaN"}, "discount"),
        ({"spent": -1}, "spent"),
        ({"birth_date": "tomorrow"}, "birth_date"),
        ({"importance_id": 4}, "importance_id"),
        ({"categories": [999]}, "categories"),
        ({"custom_fields": {"count": "many"}}, "custom_fields.count"),
    ],
)
async def test_a_wrong_value_is_named_and_nothing_is_written(desk: Desk, facts: dict[str, Any], field: str) -> None:
    await make_client_field(desk.db, desk.business, "count", "number")
    assert field_of(await desk.create(422, **facts)) == field
    assert await desk.search() == ["Clara Client"]


async def test_tags_are_those_of_the_location_and_of_clients(desk: Desk) -> None:
    own = await make_client_tag(desk.db, desk.business, "Own")
    far = await make_client_tag(desk.db, desk.business, "Far", location_id=desk.business.far_location_id)
    of_records = await make_client_tag(desk.db, desk.business, "Records", entity=2)
    for tag in (far, of_records):
        assert field_of(await desk.create(422, categories=[own, tag])) == "categories"
    made = await desk.create(categories=[own, own])
    assert [tag["title"] for tag in made["categories"]] == ["Own"]
    assert (await desk.update(made["id"], categories=[]))["categories"] == []


async def test_a_change_touches_what_is_given_and_nothing_else(desk: Desk) -> None:
    await make_client_field(desk.db, desk.business, "drink")
    await make_client_field(desk.db, desk.business, "cup")
    made = await desk.create(surname="Smith", email="j@example.com", custom_fields={"drink": "tea", "cup": "small"})
    changed = await desk.update(made["id"], name="Jim", custom_fields={"cup": None}, birth_date="1990-02-28")
    assert changed == made | {
        "name": "Jim",
        "custom_fields": {"drink": "tea"},
        "birth_date": "1990-02-28",
        "last_change_date": changed["last_change_date"],
    }
    assert (await desk.card(made["id"]))["surname"] == "Smith"


async def test_what_was_spent_and_owed_before_stays_beside_what_visits_come_to(desk: Desk) -> None:
    made = await desk.create(spent=1000, balance=-200)
    assert (made["spent"], made["paid"], made["balance"]) == (1000, 0, -1200)
    await make_stats(desk.db, desk.business, made["id"], visits_count=3, failed_visits_count=1, spent=150, paid=100)
    card = await desk.card(made["id"])
    assert (card["spent"], card["paid"], card["balance"]) == (1150, 100, -1250)
    assert (card["visits"], card["failed_visits"]) == (3, 1)
    again = await desk.update(made["id"], spent=card["spent"], balance=card["balance"])
    assert (again["spent"], again["balance"]) == (1150, -1250), "sending back what was shown changes nothing"
    assert (await desk.update(made["id"], spent=500, balance=0))["balance"] == -550


async def test_a_phone_of_another_client_is_refused_on_a_change_too(desk: Desk) -> None:
    made = await desk.create()
    refused = await desk.update(made["id"], 422, phone=desk.business.client_phone, name="Jim")
    assert refused["message"] == KNOWN
    assert (await desk.card(made["id"]))["name"] == "James"


async def test_without_rights_phones_are_masked_texts_empty_and_sums_absent(desk: Desk) -> None:
    await make_client_field(desk.db, desk.business, "drink")
    facts: dict[str, Any] = {
        "surname": "Smith",
        "email": "jim@example.com",
        "comment": "Tall",
        "custom_fields": {"drink": "tea"},
    }
    made = await desk.create(**facts, spent=10)
    seen = await desk.card(made["id"], user=await desk.holder())
    assert (seen["phone"], seen["email"]) == ("131******79", "j***@example.com")
    assert (seen["surname"], seen["comment"], seen["custom_fields"]) == ("", "", [])
    assert not {"spent", "paid", "balance"} & seen.keys()
    in_card = await desk.holder("clients_card_phone_access")
    assert (await desk.card(made["id"], user=in_card))["phone"] == 13155550179
    [listed] = await desk.ask("GET", f"/clients/{desk.here}", user=in_card, params={"id": made["id"]})
    assert listed["phone"] == "131******79", "that right is for the card alone"
    lists = await desk.holder("clients_phones_access")
    [listed] = await desk.ask("GET", f"/clients/{desk.here}", user=lists, params={"id": made["id"]})
    assert listed["phone"] == 13155550179


async def test_sending_back_what_is_masked_or_hidden_changes_nothing(desk: Desk) -> None:
    made = await desk.create(surname="Smith", email="jim@example.com", comment="Tall", spent=10)
    editor = await desk.holder("clients_edit_access")
    seen = await desk.card(made["id"], user=editor)
    body: dict[str, Any] = {name: seen[name] for name in ("phone", "email", "surname", "comment")}
    await desk.update(made["id"], user=editor, name="Jim", **body)
    after = await desk.card(made["id"])
    assert (after["name"], after["phone"], after["email"]) == ("Jim", 13155550179, "jim@example.com")
    assert (after["surname"], after["comment"]) == ("Smith", "Tall")


@pytest.mark.parametrize(
    ("right", "facts"),
    [
        ("clients_surname_middle_name_edit_access", {"surname": "Jones"}),
        ("clients_card_comment_edit_access", {"comment": "Short"}),
        ("custom_fields_client_values_edit_access", {"custom_fields": {"drink": "tea"}}),
        ("finances_access", {"spent": 99}),
    ],
)
async def test_parts_with_a_right_of_their_own_ask_for_it(desk: Desk, right: str, facts: dict[str, Any]) -> None:
    await make_client_field(desk.db, desk.business, "drink")
    editor, able = await desk.holder("clients_edit_access"), await desk.holder("clients_edit_access", right)
    made = await desk.create()
    await desk.update(made["id"], 403, user=editor, **facts)
    await desk.create(403, user=editor, phone="+13155550180", **facts)
    await desk.update(made["id"], 200, user=able, **facts)


async def test_who_sees_one_team_members_clients_finds_no_others(desk: Desk) -> None:
    hers, his = await desk.make("Hers", phone="13155550181"), await desk.make("His", phone="13155550182")
    await make_presence(desk.db, desk.business, hers)
    await make_presence(desk.db, desk.business, his, member_id=desk.business.peter)
    rights = ("clients_edit_access", "clients_delete_access", "client_comments_list_access", "clients_excel_access")
    limited = await desk.holder(*rights, clients_visit_master_id=desk.business.anna)
    assert await desk.search(user=limited) == await desk.listed(user=limited) == ["Hers"]
    assert await desk.quick("Hi", user=limited) == []
    assert (await desk.card(hers, user=limited))["name"] == "Hers"
    here = desk.here
    for method, path in (
        ("GET", f"/client/{here}/{his}"),
        ("DELETE", f"/client/{here}/{his}"),
        ("GET", f"/clients/{here}/clients/{his}/comments"),
        ("GET", f"/client/{here}/{his}/export"),
        ("POST", f"/client/{here}/{his}/erase"),
    ):
        await desk.ask(method, path, 404, user=limited)
    await desk.update(his, 404, user=limited)
    assert (await desk.create(user=limited))["name"] == "James", "whom he makes he is shown"


async def test_a_client_of_another_location_is_not_here(desk: Desk) -> None:
    far = await desk.make("Far", location_id=desk.business.far_location_id)
    await desk.ask("GET", f"/client/{desk.here}/{far}", 404)
    await desk.update(far, 404)
    await desk.ask("DELETE", f"/client/{desk.here}/{far}", 404)


async def test_a_deleted_client_is_gone_and_his_visits_stay(desk: Desk) -> None:
    client = await desk.make("Gone")
    record = await make_presence(desk.db, desk.business, client)
    await desk.ask("DELETE", f"/client/{desk.here}/{client}", 204)
    await desk.ask("GET", f"/client/{desk.here}/{client}", 404)
    assert "Gone" not in await desk.search()
    kept = await desk.db.fetchrow("SELECT client_id, deleted_at FROM appointments WHERE id = $1", record)
    assert (kept["client_id"], kept["deleted_at"]) == (client, None)


async def test_each_write_is_told_and_kept_in_the_trail(desk: Desk) -> None:
    made = await desk.create(surname="Smith")
    await desk.update(made["id"], name="Jim")
    await desk.update(made["id"], name="Jim")
    await desk.ask("DELETE", f"/client/{desk.here}/{made['id']}", 204)
    kinds = ["client.created", "client.changed", "client.deleted"]
    assert await told(desk) == [(kind, made["id"]) for kind in kinds], "a change of nothing is none"
    entries = await trail(desk, made["id"])
    assert entries[0] == (None, {"name": "James", "surname": "Smith", "phone": "13155550179"})
    assert entries[1] == ({"name": "James"}, {"name": "Jim"})
    assert entries[2][1] is None
    assert len(entries) == 3


async def test_many_are_made_at_once_with_a_result_for_each(desk: Desk) -> None:
    body = [
        {"name": "One", "phone": "+13155550181"},
        {"name": "Two", "phone": desk.business.client_phone},
        {"name": "Three", "phone": "+13155550183", "categories": [999]},
        {"name": "Four", "phone": "+13155550181"},
        {"name": "Five", "phone": "+13155550185", "spent": 5},
    ]
    answer = await desk.ask("POST", f"/clients/{desk.here}/bulk", json=body)
    assert [client["name"] for client in answer["created"]] == ["One", "Five"]
    assert [(error["name"], error["error"][:10]) for error in answer["errors"]] == [
        ("Two", KNOWN[:10]),
        ("Three", "categories"),
        ("Four", KNOWN[:10]),
    ]
    assert [kind for kind, _ in await told(desk)] == ["client.created"] * 2
    assert await desk.ask("POST", f"/clients/{desk.here}/bulk", json=[]) == {"created": [], "errors": []}
    await desk.ask("POST", f"/clients/{desk.here}/bulk", 422, json=[{"name": "A", "phone": "1"}] * 501)


async def test_of_a_refused_client_what_was_given_is_shown(desk: Desk) -> None:
    body = [{"phone": "13155550182"}, {"name": "Theodore", "surname": "Hicks"}, {"name": "Bo", "phone": "123"}]
    answer = await desk.ask("POST", f"/clients/{desk.here}/bulk", json=body)
    assert answer["errors"] == [
        {"phone": 13155550182, "error": "Client name not specified"},
        {"name": "Theodore Hicks", "error": "Customer phone number cannot be empty"},
        {"name": "Bo", "phone": 123, "error": "Phone must contain 9 to 15 digits"},
    ]


async def test_only_who_may_edit_makes_clients(desk: Desk) -> None:
    nobody: Person = await desk.holder()
    await desk.create(403, user=nobody)
    await desk.ask("POST", f"/clients/{desk.here}/bulk", 403, user=nobody, json=[])
    await desk.ask("DELETE", f"/client/{desk.here}/{desk.business.client_id}", 403, user=nobody)
