"""What a business adds to its clients and appointments: fields of the location and of its chain."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.booking.test_statements import watch
from tests.makers.office import Office, field_of

pytestmark = pytest.mark.anyio
TEXT: dict[str, Any] = {"type": "text", "code": "hint", "title": "Hint", "user_can_edit": True, "show_in_ui": True}
DRINK: dict[str, Any] = TEXT | {
    "type": "list",
    "code": "drink",
    "title": "Favorite drink",
    "values": ["Coffee", "Tea"],
    "weight": 10,
}


async def make(office: Office, category: str = "record", **more: Any) -> int:
    made = await office.ask("POST", f"/custom_fields/{category}/{office.here}", json=TEXT | more)
    return made["id"]


async def codes(office: Office, category: str = "record", **kw: Any) -> list[str]:
    found = await office.ask("GET", f"/custom_fields/{category}/{office.here}", **kw)
    return [field["custom_field"]["code"] for field in found]


async def v2(office: Office, status: int = 200, *, user: Any = None, **query: Any) -> Any:
    return await office.ask_v2("GET", f"/locations/{office.here}/custom_fields", status, user=user, params=query)


async def test_a_new_field_is_shown_in_both_versions(office: Office) -> None:
    made = await office.ask("POST", f"/custom_fields/client/{office.here}", json=DRINK)
    field_id = made["id"]
    assert made == {
        "id": field_id,
        "salon_id": office.here,
        "custom_field": {
            "id": field_id,
            "code": "drink",
            "entity_type": "client",
            "show_in_ui": True,
            "title": "Favorite drink",
            "user_can_edit": True,
            "type": {"code": "list", "title": "List"},
            "values": "Coffee,Tea",
            "is_required": False,
            "weight": 10,
            "is_chain": False,
        },
    }
    assert await office.ask("GET", f"/custom_fields/client/{office.here}") == [made]
    assert await v2(office) == {
        "data": [
            {
                "type": "custom_field",
                "id": str(field_id),
                "attributes": {
                    "code": "drink",
                    "slug": "drink",
                    "parent_entity_type": "client",
                    "entity_slug": "client",
                    "relation_entity_type": None,
                    "show_in_ui": True,
                    "is_visible": True,
                    "title": "Favorite drink",
                    "user_can_edit": True,
                    "is_editable": True,
                    "is_required": False,
                    "weight": 10,
                    "values": ["Coffee", "Tea"],
                },
            }
        ]
    }


async def test_fields_are_listed_by_category_heavier_first(office: Office) -> None:
    for code, weight in (("light", -5), ("heavy", 20), ("first", 0), ("second", 0)):
        await make(office, code=code, weight=weight)
    await make(office, "client", code="allergies")
    assert await codes(office) == await codes(office, "appointment") == ["heavy", "first", "second", "light"]
    assert await codes(office, "client") == ["allergies"]
    await office.ask("GET", f"/custom_fields/sofa/{office.here}", 404)


async def test_v2_filters_by_category_under_both_names(office: Office) -> None:
    await make(office)
    await make(office, "client", code="allergies")

    async def slugs(**query: Any) -> list[str]:
        return [field["attributes"]["slug"] for field in (await v2(office, **query))["data"]]

    assert await slugs() == ["hint", "allergies"]
    assert await slugs(**{"filter[parent_entity_type]": "client"}) == ["allergies"]
    assert await slugs(**{"filter[entity_slug]": "record"}) == ["hint"]
    for query in (
        {"filter[parent_entity_type]": "sofa"},
        {"filter[parent_entity_type]": "record", "filter[entity_slug]": "client"},
        {"include": "sofa"},
    ):
        refused = await v2(office, 422, **query)
        assert refused["errors"], query


async def test_v2_includes_types_and_options_when_asked(office: Office) -> None:
    hint, drink = await make(office, is_required=True), await make(office, **DRINK)
    second = await make(office, code="note")
    plain = await v2(office)
    assert "included" not in plain
    assert all("relationships" not in field for field in plain["data"])
    with_types = await v2(office, include="custom_field_type")
    kind = {"data": {"type": "custom_field_type", "id": "3"}}
    assert with_types["data"][0]["relationships"] == {"custom_field_type": kind, "type": kind}
    assert [field["id"] for field in with_types["data"]] == [str(drink), str(hint), str(second)]
    assert with_types["included"] == [
        {"type": "custom_field_type", "id": "2", "attributes": {"code": "text", "slug": "text", "title": "Text"}},
        {"type": "custom_field_type", "id": "3", "attributes": {"code": "list", "slug": "list", "title": "List"}},
    ]
    whole = await v2(office, include=["custom_field_type", "ui_options"])
    options = {one["id"]: one["attributes"] for one in whole["included"] if one["type"] == "custom_field_ui_option"}
    assert len(options) == 9
    assert options[f"{hint}-is_required"] == {"slug": "is_required", "value": True}
    pointed = whole["data"][1]["relationships"]["ui_options"]["data"]
    assert {one["id"] for one in pointed} == {f"{hint}-{slug}" for slug in ("is_required", "is_editable", "is_visible")}
    assert "custom_field_type" not in (await v2(office, include="ui_options"))["data"][0]["relationships"]


async def test_a_change_touches_what_it_names_and_nothing_else(office: Office) -> None:
    field_id = await make(office, **DRINK)
    path = f"/custom_fields/record/{office.here}/{field_id}"
    assert (await office.ask("PUT", path, 202, json={"title": "Drink", "is_required": True}))["message"] == "Saved"
    [field] = await office.ask("GET", f"/custom_fields/record/{office.here}")
    shown = field["custom_field"]
    assert (shown["title"], shown["is_required"]) == ("Drink", True)
    assert (shown["code"], shown["values"], shown["weight"], shown["show_in_ui"]) == ("drink", "Coffee,Tea", 10, True)
    await office.ask("PUT", path, 202, json=DRINK | {"show_in_ui": False, "values": "Water,Tea"})
    [field] = (await v2(office))["data"]
    assert (field["attributes"]["is_visible"], field["attributes"]["values"]) == (False, ["Water", "Tea"])
    await office.ask("PUT", path, 422, json={"type": "text"})
    await office.ask("PUT", f"/custom_fields/client/{office.here}/{field_id}", 404, json={"title": "Not a client's"})


async def test_a_code_is_unique_in_the_location_with_its_chain(office: Office) -> None:
    await make(office)
    path = f"/custom_fields/record/{office.here}"
    assert field_of(await office.ask("POST", path, 422, json=TEXT)) == "code"
    await make(office, "client")
    other = await make(office, code="other")
    assert field_of(await office.ask("PUT", f"{path}/{other}", 422, json={"code": "hint"})) == "code"
    far = office.business.far_location_id
    await office.ask("POST", f"/custom_fields/record/{far}", json=TEXT)
    assert field_of(await office.ask("POST", path, 422, json=TEXT | {"is_chain": True})) == "code"
    await office.chain_field(code="ours")
    assert field_of(await office.ask("POST", path, 422, json=TEXT | {"code": "ours"})) == "code"


async def test_of_two_fields_with_one_code_at_once_one_is_made(office: Office) -> None:
    answers: list[int] = []

    async def ask(is_chain: bool) -> None:
        body = TEXT | {"is_chain": is_chain}
        made = await office.call("POST", f"/custom_fields/record/{office.here}", user=office.business.owner, json=body)
        answers.append(made.status_code)

    async with anyio.create_task_group() as tasks:
        for number in range(6):
            tasks.start_soon(ask, number % 2 == 0)
    assert sorted(answers) == [200, 422, 422, 422, 422, 422]
    assert await codes(office) == ["hint"]


async def test_a_field_of_the_chain_is_every_locations_and_managed_in_the_chain(office: Office) -> None:
    path, far = f"/custom_fields/record/{office.here}", office.business.far_location_id
    refused = office.business.receptionist
    await office.ask("POST", path, 403, user=refused, json=TEXT | {"is_chain": True})
    field_id = (await office.ask("POST", path, json=TEXT | {"is_chain": True}))["id"]
    for place in (office.here, far):
        [field] = await office.ask("GET", f"/custom_fields/record/{place}")
        assert (field["id"], field["salon_id"], field["custom_field"]["is_chain"]) == (field_id, place, True)
    await office.ask("PUT", f"{path}/{field_id}", 403, user=refused, json={"title": "Mine"})
    await office.ask("DELETE", f"{path}/{field_id}", 403, user=refused)
    await office.ask("PUT", f"/custom_fields/record/{far}/{field_id}", 202, json={"title": "Ours"})
    [field] = await office.ask("GET", path)
    assert field["custom_field"]["title"] == "Ours"


async def test_who_manages_one_location_and_the_chain_manages_fields_of_both(office: Office) -> None:
    both = await office.colleague("settings_basis_access", location_id=None)
    await office.db.execute(
        "INSERT INTO memberships (chain_id, user_id, location_id, role, rights, created_at, updated_at)"
        " SELECT chain_id, user_id, $1, role, rights, created_at, updated_at FROM memberships WHERE user_id = $2",
        office.here,
        both.id,
    )
    path = f"/custom_fields/record/{office.here}"
    made = await office.ask("POST", path, user=both, json=TEXT | {"is_chain": True})
    await office.ask("DELETE", f"{path}/{made['id']}", user=both)


async def test_another_location_has_nothing_to_say(office: Office) -> None:
    field_id, far = await make(office), office.business.far_location_id
    await office.ask("PUT", f"/custom_fields/record/{far}/{field_id}", 404, json={"title": "Mine"})
    await office.ask("DELETE", f"/custom_fields/record/{far}/{field_id}", 404)
    stranger, elsewhere = office.small.stranger, office.small.stranger_location_id
    await office.ask("DELETE", f"/custom_fields/record/{elsewhere}/{field_id}", 404, user=stranger)
    assert await codes(office) == ["hint"]


async def test_booking_knows_a_field_at_once_and_forgets_it_with_its_values(office: Office) -> None:
    haircut, anna = office.business.haircut, office.business.anna

    async def booked(clock: str, values: Any) -> Any:
        wish = office.wish(haircut, office.at(clock), staff=anna, custom_fields=values)
        answer = await office.book(wish)
        assert answer.status_code == 201, answer.text
        made = answer.json()["data"][0]
        return f"/book_record/{office.here}/{made['record_id']}/{made['record_hash']}"

    async def kept(path: str) -> Any:
        return (await office.call("GET", path)).json()["custom_fields"]

    first = await booked("09:00", {"drink": "Tea", "hint": "Left"})
    assert await kept(first) == [], "there are no such fields yet"
    drink, hint = await make(office, **DRINK), await office.chain_field()
    await make(office, code="note")
    second = await booked("10:00", {"drink": "Tea", "hint": "Left"})
    assert await kept(second) == {"drink": "Tea", "hint": "Left"}
    wrong = await office.book(office.wish(haircut, office.at("11:00"), staff=anna, custom_fields={"drink": "Rum"}))
    assert wrong.status_code == 422
    await office.ask("PUT", f"/custom_fields/record/{office.here}/{drink}", 202, json={"values": ["Tea", "Rum"]})
    assert await kept(await booked("11:00", {"drink": "Rum"})) == {"drink": "Rum"}
    await office.ask("DELETE", f"/custom_fields/record/{office.here}/{hint}")
    assert await kept(second) == {"drink": "Tea"}
    deleted = await office.ask("DELETE", f"/custom_fields/record/{office.here}/{drink}")
    assert deleted["message"] == "Deleted"
    assert await kept(second) == [], "the values are stored, but of nothing that is still there"
    await make(office, **DRINK)
    assert await kept(second) == {"drink": "Tea"}, "a field of that code shows them again"


async def test_a_code_whose_values_are_kept_is_not_given_to_another_kind(office: Office) -> None:
    path = f"/custom_fields/record/{office.here}"
    field_id = await make(office)
    await office.ask("DELETE", f"{path}/{field_id}")
    await office.ask("DELETE", f"{path}/{field_id}", 404)
    assert field_of(await office.ask("POST", path, 422, json=TEXT | {"type": "number"})) == "code"
    field_id = await make(office)
    await office.ask("PUT", f"{path}/{field_id}", 202, json={"code": "note"})
    assert await codes(office) == ["note"]
    assert field_of(await office.ask("POST", path, 422, json=TEXT | {"type": "date"})) == "code"
    await office.ask("PUT", f"{path}/{field_id}", 202, json={"code": "hint"})
    assert await codes(office) == ["hint"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "sofa"}, "type"),
        ({"code": "no spaces"}, "code"),
        ({"code": ""}, "code"),
        ({"title": " "}, "title"),
        ({"values": ["Red"]}, "values"),
        ({"type": "list", "values": ["Red", "Red"]}, "values[1]"),
        ({"type": "list", "values": ["Red, or so"]}, "values[0]"),
        ({"type": "list", "values": ["Red", " "]}, "values[1]"),
        ({"show_in_ui": "perhaps"}, "show_in_ui"),
    ],
)
async def test_a_bad_field_is_refused_by_name(office: Office, body: dict[str, Any], field: str) -> None:
    path = f"/custom_fields/record/{office.here}"
    assert field_of(await office.ask("POST", path, 422, json=TEXT | body)) == field
    if field != "type":
        assert await codes(office) == []
    for name in TEXT:
        partial = {key: value for key, value in TEXT.items() if key != name}
        assert field_of(await office.ask("POST", path, 422, json=partial)) == name


async def test_one_sees_the_fields_whose_values_one_may_read(office: Office) -> None:
    await make(office)
    await make(office, "client", code="allergies")
    reader = await office.colleague("custom_fields_client_values_read_access")
    assert await codes(office, "client", user=reader) == ["allergies"]
    await office.ask("GET", f"/custom_fields/record/{office.here}", 403, user=reader)
    shown = await v2(office, user=reader)
    assert [field["attributes"]["slug"] for field in shown["data"]] == ["allergies"]
    await v2(office, 403, user=reader, **{"filter[parent_entity_type]": "record"})
    await office.ask("POST", f"/custom_fields/client/{office.here}", 403, user=reader, json=TEXT)
    await v2(office, 403, user=office.business.limited)
    await v2(office, 403, user=office.small.stranger)


FIELDS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["number", "text", "list", "date", "datetime"]),
        "title": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40).filter(
            str.strip
        ),
        "user_can_edit": st.booleans(),
        "show_in_ui": st.booleans(),
        "is_required": st.booleans(),
        "weight": st.integers(-100, 100),
        "values": st.lists(st.sampled_from(["Red", "Green", "Deep blue", "äöü \"'"]), unique=True),
    }
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(made=st.lists(FIELDS, max_size=4), category=st.sampled_from(["record", "client"]))
async def test_both_versions_show_the_same_fields(office: Office, made: list[dict[str, Any]], category: str) -> None:
    before = await codes(office, category)
    for number, field in enumerate(made, start=len(before)):
        body = field | {"values": field["values"] if field["type"] == "list" else [], "code": f"{category}_{number}_"}
        body["code"] += field["type"]
        await office.ask("POST", f"/custom_fields/{category}/{office.here}", json=body)
    old = await office.ask("GET", f"/custom_fields/{category}/{office.here}")
    wanted: dict[str, Any] = {"filter[parent_entity_type]": category, "include": "custom_field_type"}
    new = await v2(office, **wanted)
    kinds = {kind["id"]: kind["attributes"] for kind in new.get("included", [])}
    assert len(old) == len(before) + len(made)
    assert [field["custom_field"] for field in old] == [_as_old(field, kinds) for field in new["data"]]


def _as_old(field: dict[str, Any], kinds: dict[str, Any]) -> dict[str, Any]:
    shown, kind = field["attributes"], kinds[field["relationships"]["type"]["data"]["id"]]
    return {
        "id": int(field["id"]),
        "code": shown["slug"],
        "entity_type": shown["entity_slug"],
        "show_in_ui": shown["is_visible"],
        "title": shown["title"],
        "user_can_edit": shown["is_editable"],
        "type": {"code": kind["slug"], "title": kind["title"]},
        "values": ",".join(shown["values"]),
        "is_required": shown["is_required"],
        "weight": shown["weight"],
        "is_chain": False,
    }


async def test_a_list_of_fields_is_one_statement(office: Office) -> None:
    for number in range(50):
        await make(office, code=f"field_{number}")
    path = f"/locations/{office.here}/custom_fields?include=custom_field_type,ui_options"
    for version, address in ((office.ask, f"/custom_fields/record/{office.here}"), (office.ask_v2, path)):
        await version("GET", address)
        seen = watch(office)
        await version("GET", address)
        assert len(seen) == 1, "\n".join(seen)


async def test_who_changed_a_field_is_on_the_trail(office: Office) -> None:
    field_id = await make(office, code="drink", title="Drink")
    path = f"/custom_fields/record/{office.here}/{field_id}"
    await office.ask("PUT", path, 202, json={"title": "Drinks"})
    await office.ask("DELETE", path)
    deleted, changed, made = await office.ask("GET", f"/company/{office.here}/changes?entity=custom_field")
    assert (made["before"], made["after"]["code"], made["entity_id"]) == (None, "drink", field_id)
    assert (changed["before"], changed["after"]) == ({"title": "Drink"}, {"title": "Drinks"})
    assert (deleted["before"]["title"], deleted["after"]) == ("Drinks", None)
