"""The team in v2: filters and includes; and that both versions tell the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agendum.core import clock
from tests.booking.test_statements import watch
from tests.makers.office import Office
from tests.makers.world import insert, make_member, make_work, stamps

pytestmark = pytest.mark.anyio


async def v2(office: Office, status: int = 200, **query: Any) -> Any:
    wanted = {name if name == "include" else f"filter[{name}]": value for name, value in query.items()}
    return await office.ask_v2("GET", f"/locations/{office.here}/team_members", status, params=wanted)


async def names(office: Office, **query: Any) -> list[str]:
    return [member["attributes"]["name"] for member in (await v2(office, **query))["data"]]


async def test_the_team_is_listed_with_its_attributes(office: Office) -> None:
    b = office.business
    anna, peter = (await v2(office))["data"]
    position = (await office.ask("GET", f"/staff/{office.here}"))[0]["position_id"]
    assert anna == {
        "type": "staff",
        "id": str(b.anna),
        "attributes": {
            "name": "Anna",
            "tt_markup": 15,
            "specialization": "Stylist",
            "image": "",
            "position_id": position,
            "is_available_as_assistant": False,
        },
    }
    assert peter["attributes"]["position_id"] == 0
    await office.db.execute("UPDATE booking_settings SET slot_step = 1800 WHERE location_id = $1", office.here)
    assert (await v2(office))["data"][0]["attributes"]["tt_markup"] == 30


async def test_every_filter_chooses(office: Office) -> None:
    b = office.business
    position = (await office.ask("GET", f"/staff/{office.here}"))[0]["position_id"]
    for name, body in (
        ("Fiona", {"fired": 1}),
        ("Dora", {}),
        ("Paula", {"is_paid_staff": True}),
        ("Una", {"user_id": b.receptionist.id}),
        ("Aida", {"is_available_as_assistant": True}),
    ):
        await office.ask("POST", f"/staff/{office.here}", 201, json={"name": name} | body)
    dora = (await v2(office, name="Dora"))["data"][0]["id"]
    await office.ask("DELETE", f"/staff/{office.here}/{dora}", 204)
    everybody = ["Anna", "Peter", "Fiona", "Paula", "Una", "Aida"]
    assert await names(office) == everybody
    assert await names(office, name="AN") == ["Anna"]
    assert await names(office, name="%") == []
    assert await names(office, position_id=position) == await names(office, position_title="styl") == ["Anna"]
    assert "Anna" not in await names(office, position_id=0)
    assert await names(office, position_id=999_999) == []
    assert await names(office, fired=1) == ["Fiona"]
    assert await names(office, fired=0) == ["Anna", "Peter", "Paula", "Una", "Aida"]
    assert await names(office, deleted=1) == ["Dora"]
    assert sorted(await names(office, deleted=2)) == sorted([*everybody, "Dora"])
    assert await names(office, user_linked=1) == ["Una"]
    assert await names(office, user_linked=0, fired=0) == ["Anna", "Peter", "Paula", "Aida"]
    assert await names(office, is_paid=1) == ["Paula"]
    assert await names(office, is_assistant=1) == ["Aida"]
    assert await names(office, has_schedule=1) == ["Anna", "Peter"]
    assert await names(office, has_schedule=0) == ["Fiona", "Paula", "Una", "Aida"]
    assert await names(office, fired=2, user_linked=2, is_paid=2, has_schedule=2, is_assistant=2) == everybody
    assert await names(office, has_schedule=1, name="e") == ["Peter"]


async def test_a_schedule_that_is_over_is_none(office: Office) -> None:
    b = office.business
    today = clock.now().astimezone(b.zone).date()
    last_week = {"chain_id": b.chain_id, "location_id": office.here, "name": "Walter", **stamps()}
    member = await insert(office.db, "team_members", **last_week)
    await make_work(office.db, b.chain_id, member, [today - timedelta(days=7)])
    assert "Walter" in await names(office, has_schedule=0)
    await make_work(office.db, b.chain_id, member, [today])
    assert "Walter" in await names(office, has_schedule=1)


@pytest.mark.parametrize(
    "query",
    [{"fired": 3}, {"deleted": "x"}, {"name": ""}, {"position_title": ""}, {"position_id": -1}, {"include": "sofa"}],
)
async def test_a_bad_filter_is_refused_by_name(office: Office, query: dict[str, Any]) -> None:
    refused = await v2(office, 422, **query)
    [field] = refused["errors"]
    assert next(iter(query)) in field


async def test_positions_and_profiles_are_included_when_asked(office: Office) -> None:
    b = office.business
    position = str((await office.ask("GET", f"/staff/{office.here}"))[0]["position_id"])
    plain = await v2(office)
    assert "included" not in plain
    assert all("relationships" not in member for member in plain["data"])
    stylist = {"type": "staff_position", "id": position}
    with_position = await v2(office, include="position")
    assert [member["relationships"] for member in with_position["data"]] == [
        {"position": {"data": stylist}},
        {"position": {"data": None}},
    ]
    assert with_position["included"] == [stylist | {"attributes": {"title": "Stylist"}}]
    whole = await v2(office, include=["position", "employee"])
    assert whole["data"][0]["relationships"] == {
        "position": {"data": stylist},
        "employee": {"data": {"type": "employee", "id": str(b.anna)}},
    }
    assert [(one["type"], one["id"]) for one in whole["included"]] == [
        ("staff_position", position),
        ("employee", str(b.anna)),
        ("employee", str(b.peter)),
    ]
    assert whole["included"][2]["attributes"] == {
        "phone": "",
        "name": "Peter",
        "firstname": "",
        "surname": "",
        "patronymic": "",
        "date_admission": None,
        "date_registration_end": None,
        "citizenship": "",
        "gender": 0,
        "passport_data": "",
        "personal_tax_reference_number": "",
        "number_insurance_certificates": "",
    }


async def test_who_may_not_read_the_team_sees_no_profiles(office: Office) -> None:
    colleague = await office.colleague("master_edit")
    path = f"/locations/{office.here}/team_members"
    await office.ask_v2("GET", path, 403, user=colleague)
    await office.ask_v2("GET", path, 403, user=office.small.stranger)


async def test_a_list_of_the_team_is_one_statement(office: Office) -> None:
    b = office.business
    for number in range(50):
        await make_member(office.db, b.chain_id, office.here, f"Member {number}", days=1)
    for ask, path in (
        (office.ask, f"/staff/{office.here}"),
        (office.ask_v2, f"/locations/{office.here}/team_members?include=position&include=employee"),
    ):
        await ask("GET", path)
        seen = watch(office)
        await ask("GET", path)
        assert len(seen) == 1, "\n".join(seen)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXT.filter(str.strip),
        "specialization": TEXT,
        "weight": st.integers(-5, 5),
        "api_id": st.one_of(st.none(), st.sampled_from(["42", "007", "a-1", "12345678901234567890"])),
        "hidden": st.integers(0, 1),
        "fired": st.integers(0, 1),
        "is_paid_staff": st.booleans(),
        "is_available_as_assistant": st.booleans(),
        "has_position": st.booleans(),
        "has_user": st.booleans(),
        "employee": st.fixed_dictionaries(
            {},
            optional={
                "surname": TEXT,
                "gender": st.integers(0, 2),
                "date_admission": st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2030, 1, 1)).map(str)),
            },
        ),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(changes=st.lists(CHANGES, min_size=1, max_size=3))
async def test_both_versions_tell_the_same_of_a_member(office: Office, changes: list[dict[str, Any]]) -> None:
    b = office.business
    position, rita = (await office.ask("GET", f"/company/{office.here}/staff/positions"))[0]["id"], b.receptionist.id
    for change in changes:
        body = dict(change)
        if "has_position" in body:
            body["position_id"] = position if body.pop("has_position") else 0
        if "has_user" in body:
            body["user_id"] = rita if body.pop("has_user") else 0
        changed = await office.ask("PUT", f"/staff/{office.here}/{b.peter}", json=body)
        assert {name: changed[name] for name in body.keys() & {"name", "specialization"}} == {
            name: body[name].strip() for name in body.keys() & {"name", "specialization"}
        }
    listed = await office.ask("GET", f"/staff/{office.here}")
    resources = (await v2(office, include=["position", "employee"]))["data"]
    assert [str(member["id"]) for member in listed] == [resource["id"] for resource in resources], "in one order"
    for member, resource in zip(listed, resources, strict=True):
        [single] = await office.ask("GET", f"/company/{office.here}/staff/{member['id']}")
        assert single == member
        [old] = await office.ask("GET", f"/staff/{office.here}/{member['id']}")
        for name in ("weight", "hidden", "fired", "status"):
            assert old[name] == str(member[name])
        assert old["api_id"] == ("" if member["api_id"] is None else str(member["api_id"]))
        same = ("name", "specialization", "position", "user_id", "information", "rating", "avatar", "is_paid_staff")
        assert {name: old[name] for name in same} == {name: member[name] for name in same}
        told = resource["attributes"]
        assert (told["name"], told["specialization"], told["position_id"], told["image"]) == (
            member["name"],
            member["specialization"],
            member["position_id"],
            member["avatar_big"],
        )
        pointed = resource["relationships"]["position"]["data"]
        assert (pointed["id"] if pointed else "0") == str(member["position_id"])
    for name, key in (("fired", "fired"), ("user_linked", "user_id"), ("is_paid", "is_paid_staff")):
        assert {int(one["id"]) for one in (await v2(office, **{name: 1}))["data"]} == {
            member["id"] for member in listed if member[key]
        }
