"""Tags: made, shown and changed in both versions of the API, which see the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agendum.tags.rules import font_color
from tests.booking.test_statements import watch
from tests.makers.office import Office, field_of
from tests.makers.world import insert, stamps

pytestmark = pytest.mark.anyio
VIP = {"title": "VIP client", "color": "#ff2828", "entity": 1, "icon": "star"}


async def make(office: Office, **more: Any) -> int:
    made = await office.ask_v2("POST", f"/locations/{office.here}/tags", 201, json=VIP | more)
    return int(made["data"]["id"])


async def listed(office: Office, **query: Any) -> list[str]:
    found = await office.ask_v2("GET", f"/locations/{office.here}/tags", params=query)
    return [tag["attributes"]["title"] for tag in found["data"]]


async def test_a_tag_of_v2_is_a_label_of_v1(office: Office) -> None:
    tag_id = await make(office)
    assert await office.ask("GET", f"/labels/{office.here}/client") == [
        {
            "id": tag_id,
            "salon_id": office.here,
            "title": "VIP client",
            "color": "#ff2828",
            "icon": "star",
            "slug": "",
            "entity": 1,
            "deleted": 0,
            "not_editable": 0,
            "font_color": "#ffffff",
        }
    ]


async def test_a_label_of_v1_comes_in_the_query_and_is_a_tag_of_v2(office: Office) -> None:
    label = await office.ask(
        "POST", f"/labels/{office.here}", params={"title": "Late", "color": "#00ff11", "entity": 2}
    )
    assert (label["title"], label["entity"], label["salon_id"]) == ("Late", 2, office.here)
    [tag] = (await office.ask_v2("GET", f"/companies/{office.here}/tags"))["data"]
    assert tag == {
        "type": "tag",
        "id": str(label["id"]),
        "attributes": {
            "company_id": office.here,
            "title": "Late",
            "color": "#00ff11",
            "font_color": "#000000",
            "icon": "",
            "entity_type": "record",
            "is_deleted": False,
            "is_editable": True,
            "salon_id": office.here,
            "entity": 2,
            "entity_slug": "record",
            "deleted": 0,
            "not_editable": 0,
        },
    }


async def test_tags_are_listed_by_kind_under_its_alias_or_number(office: Office) -> None:
    for entity, title in enumerate(("All", "Client", "Appointment", "Event")):
        await make(office, entity=entity, title=title)
    assert await listed(office) == ["All", "Client", "Appointment", "Event"]
    assert await listed(office, entity="client") == await listed(office, entity="1") == ["Client"]
    assert await listed(office, entity="activity") == ["Event"]
    assert await listed(office, entity=0) == ["All"]
    for name in ("record", "2"):
        labels = await office.ask("GET", f"/labels/{office.here}/{name}")
        assert [label["title"] for label in labels] == ["Appointment"]
    await office.ask("GET", f"/labels/{office.here}/sofa", 404)
    refused = await office.ask_v2("GET", f"/locations/{office.here}/tags", 422, params={"entity": "sofa"})
    assert list(refused["errors"]) == ["entity"]


async def test_a_change_touches_what_it_names_and_nothing_else(office: Office) -> None:
    tag_id = await make(office)
    path = f"/locations/{office.here}/tags/{tag_id}"
    await office.ask_v2("PUT", path, 204, json={"color": "#FFFFFF"})
    tag = (await office.ask_v2("GET", path))["data"]["attributes"]
    assert (tag["title"], tag["icon"], tag["entity"]) == ("VIP client", "star", 1)
    assert (tag["color"], tag["font_color"]) == ("#FFFFFF", "#000000")
    said = await office.ask("PUT", f"/labels/{office.here}/{tag_id}", 202, json={"title": " Gold ", "entity": 3})
    assert said["message"] == "Accepted"
    tag = (await office.ask_v2("GET", path))["data"]["attributes"]
    assert (tag["title"], tag["entity_type"], tag["color"]) == ("Gold", "activity", "#FFFFFF")
    await office.ask_v2("PUT", path, 204, json={})


async def test_a_deleted_tag_is_offered_no_more_and_is_remembered(office: Office) -> None:
    first, second = await make(office), await make(office, title="Other")
    await office.ask_v2("DELETE", f"/companies/{office.here}/tags/{first}", 204)
    await office.ask("DELETE", f"/labels/{office.here}/{second}")
    assert await listed(office) == []
    tag = (await office.ask_v2("GET", f"/locations/{office.here}/tags/{first}"))["data"]["attributes"]
    assert (tag["title"], tag["is_deleted"], tag["deleted"]) == ("VIP client", True, 1)
    for method, body in (("PUT", {"title": "Back"}), ("DELETE", None)):
        await office.ask_v2(method, f"/locations/{office.here}/tags/{first}", 404, json=body)


async def test_a_tag_of_the_system_is_shown_and_cannot_be_changed(office: Office) -> None:
    spot = {"chain_id": office.business.chain_id, "location_id": office.here}
    looks = {"title": "Asked for", "color": "#009800", "font_color": "#ffffff", "icon": "lock"}
    tag_id = await insert(office.db, "tags", **spot, **looks, entity=2, slug="team_member_requested", **stamps())
    [label] = await office.ask("GET", f"/labels/{office.here}/record")
    assert (label["slug"], label["not_editable"]) == ("team_member_requested", 1)
    path = f"/locations/{office.here}/tags/{tag_id}"
    assert (await office.ask_v2("GET", path))["data"]["attributes"]["is_editable"] is False
    await office.ask_v2("PUT", path, 403, json={"title": "Mine"})
    await office.ask_v2("DELETE", path, 403)
    await office.ask("PUT", f"/labels/{office.here}/{tag_id}", 403, json={"title": "Mine"})
    await office.ask("DELETE", f"/labels/{office.here}/{tag_id}", 403)
    assert (await office.ask_v2("GET", path))["data"]["attributes"]["title"] == "Asked for"


async def test_a_tag_belongs_to_one_location(office: Office) -> None:
    tag_id, far = await make(office), office.business.far_location_id
    assert (await office.ask_v2("GET", f"/locations/{far}/tags"))["data"] == []
    await office.ask_v2("GET", f"/locations/{far}/tags/{tag_id}", 404)
    await office.ask_v2("PUT", f"/locations/{far}/tags/{tag_id}", 403, json={"title": "Mine"})
    await office.ask_v2("DELETE", f"/locations/{far}/tags/{tag_id}", 403)
    stranger, elsewhere = office.small.stranger, office.small.stranger_location_id
    await office.ask_v2("PUT", f"/locations/{elsewhere}/tags/{tag_id}", 404, json={"title": "Mine"}, user=stranger)
    assert await listed(office) == ["VIP client"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"color": "#ff2828"}, 422, "title"),
        ({"title": "  ", "color": "#ff2828"}, 422, "title"),
        ({"title": "VIP"}, 422, "color"),
        ({"title": "VIP", "color": "red"}, 422, "color"),
        ({"title": "VIP", "color": "#ff28280"}, 422, "color"),
        ({"title": "VIP", "color": "#ff2828", "entity": 7}, 400, "entity"),
        ({"title": "VIP", "color": "#ff2828", "entity": "sofa"}, 400, "entity"),
        ({"title": "V" * 256, "color": "#ff2828"}, 422, "title"),
    ],
)
async def test_a_bad_tag_is_refused_by_the_field(office: Office, body: Any, status: int, field: str) -> None:
    refused = await office.ask_v2("POST", f"/locations/{office.here}/tags", status, json=body)
    assert list(refused["errors"]) == [field]
    assert field_of(await office.ask("POST", f"/labels/{office.here}", 422, params=body)) == field
    assert await listed(office) == []


async def test_a_bad_change_leaves_the_tag_as_it_was(office: Office) -> None:
    tag_id = await make(office)
    path = f"/locations/{office.here}/tags/{tag_id}"
    before = await office.ask_v2("GET", path)
    for body in ({"title": ""}, {"color": "#12"}, {"title": "New", "entity": 9}, {"icon": "i" * 65}):
        await office.ask_v2("PUT", path, 422, json=body)
    assert await office.ask_v2("GET", path) == before


TAGS = st.fixed_dictionaries(
    {
        "title": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40).filter(
            str.strip
        ),
        "color": st.from_regex(r"#[0-9A-Fa-f]{6}", fullmatch=True),
        "entity": st.integers(0, 3),
        "icon": st.sampled_from(["", "star", "lock"]),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(made=st.lists(TAGS, max_size=4), in_v1=st.booleans(), change=TAGS)
async def test_both_versions_show_the_same_tags(
    office: Office, made: list[dict[str, Any]], in_v1: bool, change: dict[str, Any]
) -> None:
    v2 = f"/locations/{office.here}/tags"
    for tag in made:
        if in_v1:
            await office.ask("POST", f"/labels/{office.here}", params=tag)
        else:
            await office.ask_v2("POST", v2, 201, json=tag)
    tags = (await office.ask_v2("GET", v2))["data"]
    if tags and in_v1:
        await office.ask_v2("PUT", f"{v2}/{tags[-1]['id']}", 204, json=change)
    elif tags:
        await office.ask("PUT", f"/labels/{office.here}/{tags[-1]['id']}", 202, json=change)
    tags = (await office.ask_v2("GET", v2))["data"]
    older = await office.ask_v2("GET", f"/companies/{office.here}/tags")
    assert older["data"] == tags
    labels = [label for entity in range(4) for label in await office.ask("GET", f"/labels/{office.here}/{entity}")]
    assert sorted(labels, key=lambda label: label["id"]) == [_as_label(tag) for tag in tags]
    if made:
        last = change if tags else made[-1]
        shown = tags[-1]["attributes"]
        assert {name: shown[name] for name in last} == last | {"title": last["title"].strip()}


def _as_label(tag: dict[str, Any]) -> dict[str, Any]:
    shown = tag["attributes"]
    names = ("salon_id", "title", "color", "icon", "entity", "deleted", "not_editable", "font_color")
    return {name: shown[name] for name in names} | {"id": int(tag["id"]), "slug": ""}


async def test_a_list_of_tags_is_one_statement(office: Office) -> None:
    for number in range(50):
        await make(office, title=f"Tag {number}")
    for version in (office.ask, office.ask_v2):
        path = f"/labels/{office.here}/client" if version == office.ask else f"/locations/{office.here}/tags"
        await version("GET", path)
        seen = watch(office)
        await version("GET", path)
        assert len(seen) == 1, "\n".join(seen)


async def test_who_changed_a_tag_is_on_the_trail(office: Office) -> None:
    path = f"/locations/{office.here}/tags/{await make(office)}"
    await office.ask_v2("PUT", path, 204, json={"title": "Regular"}, user=office.business.receptionist)
    await office.ask_v2("DELETE", path, 204)
    trail = f"/company/{office.here}/changes?entity=tag"
    deleted, changed, made = await office.ask("GET", trail)
    assert (made["before"], made["after"]["title"]) == (None, VIP["title"])
    assert (changed["before"], changed["after"]) == ({"title": VIP["title"]}, {"title": "Regular"})
    assert (deleted["before"]["title"], deleted["after"]) == ("Regular", None)
    assert changed["user"]["id"] == office.business.receptionist.id


async def test_only_who_manages_tags_sees_and_changes_them(office: Office) -> None:
    colleague, path = await office.colleague("clients_access"), f"/locations/{office.here}/tags"
    await office.ask_v2("GET", path, 403, user=colleague)
    await office.ask_v2("POST", path, 403, user=colleague, json=VIP)
    await office.ask_v2("GET", path, user=office.business.receptionist)
    await office.ask_v2("GET", path, 403, user=office.small.stranger)


@pytest.mark.parametrize(("color", "letters"), [("#000000", "#ffffff"), ("#ffff00", "#000000"), ("#1c84c6", "#ffffff")])
def test_letters_can_be_read_on_their_background(color: str, letters: str) -> None:
    assert font_color(color) == letters
