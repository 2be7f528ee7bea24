"""A business sets up its booking forms; a client opens what it has set up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import anyio
import pytest

from tests.booking.test_statements import watch
from tests.conftest import World
from tests.makers.office import Office, field_of
from tests.makers.world import connect, make_small_world

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(world: World) -> AsyncIterator[Office]:
    db = await connect(world.dsn)
    try:
        yield Office(world, await make_small_world(db, rights=["online_record_access"]), db)
    finally:
        await db.close()


def forms_of(office: Office, form_id: int | None = None) -> str:
    path = f"/company/{office.here}/booking_forms"
    return path if form_id is None else f"{path}/{form_id}"


async def make(office: Office, **body: Any) -> Any:
    return await office.ask("POST", forms_of(office), 201, json={"title": "On the site", **body})


async def opened(office: Office, form_id: int) -> Any:
    return await office.get(f"/bookform/{form_id}")


async def test_a_form_with_nothing_but_a_title_has_the_usual_rest(office: Office) -> None:
    made = await make(office)
    codes = made.pop("html_code"), made.pop("html_code_v2")
    assert made == {
        "id": made["id"],
        "title": "On the site",
        "description": "",
        "is_default": False,
        "without_menu": False,
        "service_step_default": 0,
        "service_step_hide": False,
        "master_step_default": 0,
        "master_step_hide": False,
        "service_step_num": 1,
        "master_step_num": 2,
        "datetime_step_num": 3,
        "show_button": True,
        "button_position": "bottom right",
        "form_position": "right",
        "button_color": "#1c84c6",
        "button_animation": True,
        "ab_test_enabled": False,
        "is_chain": False,
        "sequence_type": "steps",
        "service_step_title": "",
        "master_step_title": "",
        "specialization_display_mode": 0,
        "datetime_step_title": "",
        "map_type": 0,
        "default_language_id": 2,
        "group_id": 0,
        "facebook_pixel_id": "",
        "vk_pixel_id": "",
        "online_sales_group_id": 0,
        "service_step_category_view_type": "horizontal_tags",
        "salon_select_type_code": "list",
        "record_type_id": 0,
        "display_activity_type": "all",
        "is_multiple_activity_record": False,
        "activity_record_count": 1,
        "header_images": None,
        "is_weekly_view_enabled": False,
        "show_weekly_view_without_online_booking": False,
        "weekly_view_default_salon_id": None,
    }
    script = f'<script src="http://test/widget.js" data-form="{made["id"]}"'
    assert codes[0] == f'{script} data-label="On the site" data-color="#1c84c6" data-position="bottom right"></script>'
    assert codes[1] == f'{script} data-mode="inline"></script>'


async def test_a_client_opens_what_the_business_has_set_up(office: Office) -> None:
    b = office.business
    made = await make(
        office,
        description="For the site",
        without_menu=True,
        master_step_num=1,
        service_step_num=2,
        datetime_step_num=3,
        service_step_default=b.haircut,
        service_step_hide=True,
        service_step_title="What would you like?",
        master_step_default=-1,
        facebook_pixel_id="2218788388343154",
        specialization_display_mode=1,
        is_weekly_view_enabled=True,
        weekly_view_default_salon_id=b.far_location_id,
        default_language_id=3,
        language_ids=[3, 2],
        style={"main_color": "#5B3E96", "primaryPalette": "deep-purple", "logo": "media/logo.png"},
        button_position="top left ",
        button_color="#5B3E96",
    )
    assert (made["button_position"], made["master_step_num"], made["service_step_num"]) == ("top left", 1, 2)
    assert 'data-position="top left"' in made["html_code"]
    assert 'data-color="#5B3E96"' in made["html_code"]
    form = await opened(office, made["id"])
    master, service, when, *_ = form["steps"]
    assert [step["step"] for step in (master, service, when)] == ["master", "service", "datetime"]
    assert (master["default"], service["default"], service["hidden"]) == (-1, b.haircut, True)
    assert service["title"] == "What would you like?"
    assert (form["style"]["main_color"], form["style"]["primaryPalette"]) == ("#5B3E96", "deep-purple")
    assert form["style"]["logo"] == "http://test/media/logo.png"
    assert (form["facebook_pixel_id"], form["specialization_display_mode"]) == ("2218788388343154", 1)
    assert (form["weekly_view_enabled"], form["weekly_view_default_salon_id"]) == (True, b.far_location_id)
    assert (form["lang"], [lang["id"] for lang in form["langs"]]) == ("de-DE", [3, 2])
    assert form["without_menu"] is True


async def test_a_change_touches_what_it_names_and_nothing_else(office: Office) -> None:
    before = await make(office, service_step_hide=True, service_step_num=3, master_step_num=4, button_color="#112233")
    path = forms_of(office, before["id"])
    assert await office.ask("PATCH", path, json={}) == before
    changed = await office.ask("PATCH", path, json={"title": " Renamed ", "service_step_num": 5, "show_button": False})
    assert (changed["title"], changed["service_step_num"], changed["show_button"]) == ("Renamed", 5, False)
    assert (changed["service_step_hide"], changed["master_step_num"]) == (True, 4)
    assert (changed["button_color"], changed["html_code"]) == ("#112233", "")
    assert await office.ask("GET", path) == changed
    steps = [step["step"] for step in (await opened(office, before["id"]))["steps"]]
    assert steps[:3] == ["datetime", "master", "service"]
    again = await office.ask("PATCH", path, json={"service_step_default": office.business.haircut})
    assert again["service_step_default"] == office.business.haircut
    assert (await office.ask("PATCH", path, json={"service_step_default": None}))["service_step_default"] == 0


async def test_one_form_is_the_default_one(office: Office) -> None:
    before = office.business.form_id
    made = await make(office, is_default=True)
    forms = {form["id"]: form["is_default"] for form in await office.ask("GET", forms_of(office))}
    assert forms[made["id"]] is True
    assert forms[before] is False
    assert forms[office.business.chain_form_id] is True, "the chain has a default of its own"
    await office.ask("PATCH", forms_of(office, before), json={"is_default": True})
    forms = {form["id"]: form["is_default"] for form in await office.ask("GET", forms_of(office))}
    assert (forms[before], forms[made["id"]]) == (True, False)


async def test_two_forms_cannot_become_the_default_one_at_once(office: Office) -> None:
    async with anyio.create_task_group() as tasks:
        for number in range(6):
            tasks.start_soon(partial(make, office, title=f"Form {number}", is_default=True))
    forms = await office.ask("GET", forms_of(office))
    assert len(forms) == 8
    assert sum(form["is_default"] for form in forms if not form["is_chain"]) == 1


async def test_forms_of_the_location_come_before_those_of_its_chain(office: Office) -> None:
    made = await make(office)
    forms = await office.ask("GET", forms_of(office))
    assert [form["id"] for form in forms] == [office.business.form_id, made["id"], office.business.chain_form_id]
    assert [form["is_chain"] for form in forms] == [False, False, True]
    assert [form["group_id"] for form in forms] == [0, 0, office.business.chain_id]
    far = await office.ask("GET", f"/company/{office.business.far_location_id}/booking_forms")
    assert [form["id"] for form in far] == [office.business.chain_form_id]


async def test_a_form_of_the_chain_is_managed_in_the_chain(office: Office) -> None:
    b = office.business
    path = forms_of(office, b.chain_form_id)
    assert (await office.ask("GET", path, user=b.receptionist))["is_chain"] is True
    await office.ask("PATCH", path, 403, user=b.receptionist, json={"title": "Mine"})
    await office.ask("DELETE", path, 403, user=b.receptionist)
    await office.ask("POST", forms_of(office), 403, user=b.receptionist, json={"title": "Mine", "is_chain": True})
    assert (await office.ask("PATCH", path, json={"title": "Ours"}))["title"] == "Ours"
    made = await make(office, is_chain=True, service_step_default=b.haircut)
    assert (made["is_chain"], made["group_id"]) == (True, b.chain_id)
    assert (await opened(office, made["id"]))["group_id"] == b.chain_id
    await office.ask("DELETE", forms_of(office, made["id"]), 204)


async def test_a_deleted_form_opens_no_more(office: Office) -> None:
    made = await make(office)
    path = forms_of(office, made["id"])
    await opened(office, made["id"])
    await office.ask("DELETE", path, 204)
    assert (await office.call("GET", f"/bookform/{made['id']}")).status_code == 404
    for method in ("GET", "PATCH", "DELETE"):
        await office.ask(method, path, 404, json={} if method == "PATCH" else None)
    assert made["id"] not in {form["id"] for form in await office.ask("GET", forms_of(office))}


async def test_what_is_gone_is_chosen_beforehand_no_more(office: Office) -> None:
    b = office.business
    made = await make(office, service_step_default=b.haircut, master_step_default=b.anna)
    assert (made["service_step_default"], made["master_step_default"]) == (b.haircut, b.anna)
    for table, gone in (("services", b.haircut), ("team_members", b.anna)):
        await office.db.execute(f"UPDATE {table} SET deleted_at = updated_at WHERE id = $1", gone)
    shown = await office.ask("GET", forms_of(office, made["id"]))
    assert (shown["service_step_default"], shown["master_step_default"]) == (0, 0)
    service, master, *_ = (await opened(office, made["id"]))["steps"]
    assert (service["default"], master["default"]) == (0, 0)


async def test_what_is_offered_here_no_more_is_not_chosen_beforehand(office: Office) -> None:
    """The service goes on elsewhere, and who was dismissed keeps his past: neither can be booked through the form."""
    b = office.business
    made = await make(office, service_step_default=b.haircut, master_step_default=b.peter)
    await office.db.execute(
        "DELETE FROM location_services WHERE location_id = $1 AND service_id = $2", office.here, b.haircut
    )
    await office.db.execute("UPDATE team_members SET fired_on = updated_at::date WHERE id = $1", b.peter)
    shown = await office.ask("GET", forms_of(office, made["id"]))
    assert (shown["service_step_default"], shown["master_step_default"]) == (0, 0)
    service, master, *_ = (await opened(office, made["id"]))["steps"]
    assert (service["default"], master["default"]) == (0, 0)


async def test_a_form_names_nothing_of_others(office: Office) -> None:
    b = office.business
    made = await make(office)
    for field, value in (
        ("service_step_default", 9_999_999),
        ("master_step_default", b.yuki),
        ("weekly_view_default_salon_id", office.small.stranger_location_id),
        ("default_language_id", 9999),
        ("language_ids", [2, 9999]),
    ):
        body = {"title": "New", field: value}
        assert field_of(await office.ask("POST", forms_of(office), 422, json=body)) == field
        assert field_of(await office.ask("PATCH", forms_of(office, made["id"]), 422, json=body)) == field
    assert await office.ask("GET", forms_of(office, made["id"])) == made
    assert len(await office.ask("GET", forms_of(office))) == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": " "}, "title"),
        ({"button_position": "in the middle"}, "button_position"),
        ({"form_position": "top"}, "form_position"),
        ({"button_color": "blue"}, "button_color"),
        ({"service_step_num": 0}, "service_step_num"),
        ({"master_step_default": -2}, "master_step_default"),
        ({"record_type_id": 3}, "record_type_id"),
        ({"style": {"main_color": "red;}"}}, "style.main_color"),
    ],
)
async def test_a_bad_form_is_refused_by_the_field(office: Office, body: dict[str, Any], field: str) -> None:
    assert field_of(await office.ask("POST", forms_of(office), 422, json={"title": "New", **body})) == field
    made = await make(office)
    assert field_of(await office.ask("PATCH", forms_of(office, made["id"]), 422, json=body)) == field
    assert field_of(await office.ask("POST", forms_of(office), 422, json={"description": "No title"})) == "title"


async def test_a_form_of_another_location_is_not_found(office: Office) -> None:
    far = f"/company/{office.business.far_location_id}/booking_forms/{office.business.form_id}"
    for method in ("GET", "PATCH", "DELETE"):
        await office.ask(method, far, 404, json={} if method == "PATCH" else None)
    await office.ask("GET", forms_of(office), 403, user=office.small.stranger)
    await office.ask("POST", forms_of(office), 403, user=office.business.limited, json={"title": "Mine"})


async def test_a_title_cannot_break_out_of_the_code_for_the_site(office: Office) -> None:
    made = await make(office, title='"><script>alert(1)</script>')
    assert "<script>" not in made["html_code"] + made["html_code_v2"]


async def test_a_list_of_forms_is_one_statement(office: Office) -> None:
    for number in range(20):
        await make(office, title=f"Form {number}")
    await office.ask("GET", forms_of(office))
    seen = watch(office)
    assert len(await office.ask("GET", forms_of(office))) == 22
    assert len(seen) == 1, "\n".join(seen)
