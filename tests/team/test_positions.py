"""Positions: the chain's, linked to its locations, held by members of the team."""

from __future__ import annotations

from typing import Any

import pytest

from tests.booking.test_statements import watch
from tests.makers.office import Office, field_of
from tests.makers.world import insert, put, stamps

pytestmark = pytest.mark.anyio


async def positions(office: Office, place: int = 0) -> list[dict[str, Any]]:
    return (await office.ask_v2("GET", f"/locations/{place or office.here}/positions"))["data"]


async def titles(office: Office, place: int = 0) -> list[str]:
    return [position["attributes"]["title"] for position in await positions(office, place)]


async def make(office: Office, title: str = "Colourist", status: int = 201, **more: Any) -> Any:
    body = {"title": title} | more
    made = await office.ask_v2("POST", f"/locations/{office.here}/positions", status, json=body)
    return made["data"] if status == 201 else made


async def hold(office: Office, member: int, position_id: Any, status: int = 200, **more: Any) -> Any:
    body = {"position_id": int(position_id)} | more
    return await office.ask("PUT", f"/staff/{office.here}/{member}", status, json=body)


@pytest.mark.parametrize("form", ["locations", "companies"])
async def test_positions_are_kept_under_both_forms_of_the_path(office: Office, form: str) -> None:
    path = f"/{form}/{office.here}/positions"
    made = await office.ask_v2("POST", path, 201, json={"title": " Colourist ", "description": "Dyes hair"})
    position_id = made["data"]["id"]
    assert made == {
        "data": {
            "type": "position",
            "id": position_id,
            "attributes": {
                "chain_id": office.business.chain_id,
                "title": "Colourist",
                "description": "Dyes hair",
                "services_binding_type": 0,
                "rules_required_fields": [],
                "only_chain_appointment": False,
                "salon_ids": [office.here],
            },
        },
        "meta": [],
    }
    assert await office.ask_v2("GET", f"{path}/{position_id}") == made
    await office.ask_v2("PUT", f"{path}/{position_id}", 204, json={"title": "Senior colourist"})
    shown = (await office.ask_v2("GET", f"{path}/{position_id}"))["data"]["attributes"]
    assert (shown["title"], shown["description"]) == ("Senior colourist", "Dyes hair")
    await office.ask_v2("PUT", f"{path}/{position_id}", 204, json={"title": "Colourist", "description": ""})
    assert (await office.ask_v2("GET", path))["data"][1]["attributes"]["description"] == ""
    assert await titles(office) == ["Stylist", "Colourist"]
    await office.ask_v2("DELETE", f"{path}/{position_id}", 204)
    for method in ("GET", "DELETE"):
        await office.ask_v2(method, f"{path}/{position_id}", 404)
    await office.ask_v2("PUT", f"{path}/{position_id}", 404, json={"title": "Colourist"})
    assert await titles(office) == ["Stylist"]


async def test_a_position_takes_what_the_contract_says_and_nothing_else(office: Office) -> None:
    for body, field in (
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"title": "Colourist", "description": "x" * 1001}, "description"),
    ):
        refused = await office.ask_v2("POST", f"/locations/{office.here}/positions", 422, json=body)
        assert list(refused["errors"]) == [field]
    await make(office, status=422, weight=5)
    assert await titles(office) == ["Stylist"]


async def test_v1_lists_and_makes_the_same_positions(office: Office) -> None:
    made = await office.ask("POST", f"/company/{office.here}/positions/quick", 201, json={"title": "Colourist"})
    assert made | {"id": 0} == {
        "id": 0,
        "chain_id": office.business.chain_id,
        "title": "Colourist",
        "description": "",
        "services_binding_type": 0,
        "rules_required_fields": [],
        "only_chain_appointment": False,
    }
    listed = await office.ask("GET", f"/company/{office.here}/staff/positions")
    assert [position["title"] for position in listed] == ["Stylist", "Colourist"]
    assert [str(position["id"]) for position in listed] == [position["id"] for position in await positions(office)]
    assert await titles(office, office.business.far_location_id) == ["Stylist"], "linked to this location alone"


async def test_a_position_of_several_locations_is_renamed_in_all_and_leaves_one_at_a_time(office: Office) -> None:
    b = office.business
    far = b.far_location_id
    made = int((await make(office))["id"])
    await put(office.db, "position_locations", chain_id=b.chain_id, position_id=made, location_id=far)
    assert (await positions(office))[1]["attributes"]["salon_ids"] == [office.here, far]
    await office.ask_v2("PUT", f"/locations/{far}/positions/{made}", 204, json={"title": "Artist"})
    assert await titles(office) == ["Stylist", "Artist"]
    await office.ask_v2("DELETE", f"/locations/{office.here}/positions/{made}", 204)
    assert await titles(office) == ["Stylist"]
    [_, left] = await positions(office, far)
    assert (left["id"], left["attributes"]["salon_ids"]) == (str(made), [far])


async def test_a_position_may_be_had_in_several_locations_from_the_start(office: Office) -> None:
    b, path = office.business, f"/company/{office.here}/positions/quick"
    made = await office.ask("POST", path, 201, json={"title": "Artist", "salon_ids": [b.far_location_id]})
    shown = (await office.ask_v2("GET", f"/locations/{b.far_location_id}/positions/{made['id']}"))["data"]
    assert shown["attributes"]["salon_ids"] == [office.here, b.far_location_id]
    foreign = {"title": "Artist", "salon_ids": [b.far_location_id, office.small.stranger_location_id]}
    assert field_of(await office.ask("POST", path, 422, json=foreign)) == "salon_ids[1]"
    here_only = await office.colleague("settings_positions_create")
    await office.ask("POST", path, 403, user=here_only, json={"title": "Artist", "salon_ids": [b.far_location_id]})
    assert await titles(office) == ["Stylist", "Artist"]


async def test_a_new_title_is_told_of_everybody_who_bears_it(office: Office) -> None:
    b, made = office.business, await make(office)
    await hold(office, b.peter, made["id"])
    told = "SELECT body FROM outbox WHERE kind = 'team_member.changed' ORDER BY id"
    before = len(await office.db.fetch(told))
    path = f"/locations/{office.here}/positions/{made['id']}"
    for body in ({"title": "Senior colourist"}, {"title": "Senior colourist", "description": "Dyes hair"}):
        await office.ask_v2("PUT", path, 204, json=body)
    assert [row["body"] for row in (await office.db.fetch(told))[before:]] == [
        {"chain_id": b.chain_id, "location_id": office.here, "team_member_id": b.peter}
    ]


async def test_a_position_that_somebody_holds_cannot_be_deleted(office: Office) -> None:
    b = office.business
    stylist = (await positions(office))[0]["id"]
    path = f"/locations/{office.here}/positions/{stylist}"
    refused = await office.ask_v2("DELETE", path, 422)
    assert refused["message"] == "Stylist cannot be deleted: 1 team member holds the position."
    await hold(office, b.peter, stylist)
    assert "2 team members hold" in (await office.ask_v2("DELETE", path, 422))["message"]
    await hold(office, b.peter, 0)
    await office.ask("PUT", f"/staff/{office.here}/{b.anna}", json={"fired": 1})
    await office.ask_v2("DELETE", path, 204)
    team = await office.ask("GET", f"/staff/{office.here}")
    assert [(member["position"], member["position_id"]) for member in team] == [([], 0), ([], 0)], "no dangling id"
    assert await titles(office, b.far_location_id) == ["Stylist"], "where it is still held"


async def test_a_member_gets_positions_of_his_location_only(office: Office) -> None:
    b = office.business
    elsewhere = await insert(office.db, "positions", chain_id=b.chain_id, title="Elsewhere", **stamps())
    link = {"position_id": elsewhere, "location_id": b.far_location_id}
    await put(office.db, "position_locations", chain_id=b.chain_id, **link)
    assert field_of(await hold(office, b.peter, elsewhere, 422)) == "position_id"
    assert field_of(await hold(office, b.peter, 999_999, 422)) == "position_id"
    await office.ask_v2("GET", f"/locations/{office.here}/positions/{elsewhere}", 404)


async def test_a_position_may_ask_for_what_must_be_known_of_its_holder(office: Office) -> None:
    b = office.business
    rules = {"rules_required_fields": ["surname", "sex", "date_admission", "phone_number"]}
    made = await office.ask(
        "POST", f"/company/{office.here}/positions/quick", 201, json={"title": "Medic", "description": "Heals"} | rules
    )
    assert made["rules_required_fields"] == rules["rules_required_fields"]
    refused = await hold(office, b.peter, made["id"], 422, employee={"surname": "Smith"})
    assert refused["errors"][0]["message"].endswith("sex, date_admission, phone_number.")
    employee = {"surname": "Smith", "gender": 1, "date_admission": "2024-02-01", "phone": "+1 315 555 0175"}
    await hold(office, b.peter, made["id"], employee=employee)
    shown = await office.ask_v2("GET", f"/locations/{office.here}/team_members?include=employee&filter[name]=peter")
    profile = shown["included"][0]["attributes"]
    assert {name: profile[name] for name in employee} == employee | {
        "phone": "+13155550175",
        "date_admission": "2024-02-01T00:00:00",
    }


async def test_a_position_of_the_chain_is_given_by_who_belongs_to_the_whole_of_it(office: Office) -> None:
    b = office.business
    made = await office.ask(
        "POST",
        f"/company/{office.here}/positions/quick",
        201,
        json={"title": "Director", "only_chain_appointment": True},
    )
    path, body = f"/staff/{office.here}/{b.peter}", {"position_id": made["id"]}
    await office.ask("PUT", path, 403, json=body, user=b.receptionist)
    changed = await office.ask("PUT", path, json=body)
    assert changed["position"] == {"id": made["id"], "title": "Director"}


async def test_a_list_of_positions_is_one_statement(office: Office) -> None:
    for number in range(50):
        await make(office, f"Position {number}")
    for ask, path in (
        (office.ask_v2, f"/locations/{office.here}/positions"),
        (office.ask, f"/company/{office.here}/staff/positions"),
    ):
        await ask("GET", path)
        seen = watch(office)
        await ask("GET", path)
        assert len(seen) == 1, "\n".join(seen)


async def test_positions_want_their_rights(office: Office) -> None:
    reader = await office.colleague("settings_positions_read")
    path = f"/locations/{office.here}/positions"
    [stylist] = (await office.ask_v2("GET", path, user=reader))["data"]
    await office.ask_v2("POST", path, 403, user=reader, json={"title": "Colourist"})
    await office.ask_v2("PUT", f"{path}/{stylist['id']}", 403, user=reader, json={"title": "Colourist"})
    await office.ask_v2("DELETE", f"{path}/{stylist['id']}", 403, user=reader)
    await office.ask_v2("GET", path, 403, user=office.small.stranger)
