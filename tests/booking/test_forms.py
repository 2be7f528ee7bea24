"""A booking page opens: its form, its texts, the privacy policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import agendum.booking
from agendum.booking.forms_facts import sql
from agendum.core import clock
from tests.conftest import World
from tests.makers.booking_forms import (
    ENGLISH,
    ESTONIAN,
    FRENCH,
    GERMAN,
    LATVIAN,
    make_asked_field,
    make_booking_form,
    make_privacy_policy,
    set_booking,
)
from tests.makers.chains import BOGOTA, make_location
from tests.makers.world import make_category, make_chain, make_partner_token, make_service

pytestmark = pytest.mark.anyio

TEXTS = Path(agendum.booking.__path__[0]) / "texts"

# Every field of the contract with its JSON type, in its order.
FIELDS: dict[str, type | tuple[type, ...]] = {
    "steps": list,
    "style": dict,
    "group_id": int,
    "company_id": int,
    "phone_confirmation": bool,
    "lang": str,
    "langs": list,
    "comment_required": bool,
    "google_analytics_id": str,
    "facebook_pixel_id": str,
    "metrika_counter_id": (int, type(None)),
    "app_metrika_id": (str, type(None)),
    "sms_enabled": bool,
    "id": int,
    "url": str,
    "staff_name": dict,
    "without_menu": bool,
    "sequence_type": str,
    "client_scripts": str,
    "y_injection": str,
    "first_service_category_close": bool,
    "map": dict,
    "salon_select_type_code": str,
    "is_show_privacy_policy": bool,
    "is_client_agreements_feature_enabled": bool,
    "specialization_display_mode": int,
    "ab_test_enabled": bool,
    "ab_test_percentage": int,
    "is_online_sale_available": bool,
    "legal_info": (dict, type(None)),
    "online_sales_links": list,
    "google_analytics_client_id_index": (str, type(None)),
    "brand": dict,
    "injection": dict,
    "display_activity_type": str,
    "is_multiple_activity_record": bool,
    "activity_record_count": int,
    "weekly_view_enabled": bool,
    "show_weekly_view_without_online_booking": bool,
    "weekly_view_default_salon_id": (int, type(None)),
    "chain_main_salon_id": int,
    "record_type_id": (int, type(None)),
    "features": dict,
    "certificate_count": int,
    "abonement_count": int,
}


class Page:
    """A booking page under a partner's token."""

    def __init__(self, world: World, partner: str) -> None:
        self.world, self.db = world, world.server.pools.write
        self.headers = {"Authorization": f"Bearer {partner}"}

    async def get(self, path: str) -> Any:
        return await self.world.http.get(path, headers=self.headers)

    async def data(self, path: str) -> Any:
        answer = await self.get(path)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["success"], answer.json()["meta"]) == (True, [])
        return answer.json()["data"]


@pytest.fixture
async def page(world: World) -> Page:
    return Page(world, await make_partner_token(world.server.pools.write))


async def test_a_new_form_works_at_once(page: Page):
    db = page.db
    chain = await make_chain(db, "One")
    location_id = await make_location(db, chain, "La Visage", zone=BOGOTA, logo="media/logo.png", record_type=1)
    form_id = await make_booking_form(db, chain, location_id)
    form = await page.data(f"/bookform/{form_id}")
    assert form.keys() == FIELDS.keys()
    for name, kind in FIELDS.items():
        assert isinstance(form[name], kind), name
    assert (form["id"], form["url"]) == (form_id, f"http://test/b/{form_id}")
    assert (form["group_id"], form["company_id"], form["chain_main_salon_id"]) == (0, location_id, location_id)
    assert (form["phone_confirmation"], form["comment_required"], form["sms_enabled"]) == (False, False, True)
    assert (form["lang"], form["langs"]) == ("en-US", [{"id": 2, "code": "en-US", "title": "English"}])
    assert form["record_type_id"] == 1
    assert form["brand"] == {"title": "La Visage", "logo": "http://test/media/logo.png"}
    assert form["map"] == {"lat": pytest.approx(4.61, abs=0.01), "lon": pytest.approx(-74.08, abs=0.01)}
    assert form["staff_name"] == {"1": "team member", "2": "team members", "3": "team members"}
    assert [(step["num"], step["step"], step["title"]) for step in form["steps"]] == [
        (1, "service", "Choose services"),
        (2, "master", "Choose a team member"),
        (3, "datetime", "Choose date and time"),
        (4, "contact", "Your contact details"),
        (5, "comfirm", "Check and confirm"),
    ]
    assert form["steps"][2] == {
        "step": "datetime",
        "title": "Choose date and time",
        "num": 3,
        "hidden": False,
        "is_title_default": True,
        "date_default": "0000-00-00",
        "time_default": 0,
        "date_hidden": False,
        "time_hidden": False,
    }
    for step in form["steps"]:
        assert ("default" in step) == (step["step"] != "datetime")
        assert ("category_view_type" in step) == (step["step"] == "service")
    assert form["style"] == {
        "show_header": True,
        "logo": "http://test/media/logo.png",
        "header_background": "",
        "menu_background": "",
        "main_color": "#1C84C6",
        "secondary_color": "#999999",
        "buttons_color": "#FFFFFF",
        "logo_full": "http://test/media/logo.png",
        "header_background_full": "",
        "menu_background_full": "",
        "primaryPalette": "blue",
        "accentPalette": "light-blue",
        "warnPalette": "blue",
        "backgroundPalette": "grey",
        "main_color_theme": "light",
        "header_background_new": [],
    }


async def test_a_form_made_to_measure(page: Page):
    db = page.db
    chain = await make_chain(db, "One")
    location_id = await make_location(db, chain, "La Visage", logo="media/logo.png")
    await set_booking(
        db,
        chain,
        location_id,
        confirm_number=True,
        comment_required=True,
        sms_enabled=False,
        activity_online_record_clients_count_max=4,
    )
    date_default = "2026-09-21T23:00:00.000-05:00"
    service_id = await make_service(db, chain, await make_category(db, chain, [location_id]), "Cut", {location_id: ()})
    form_id = await make_booking_form(
        db,
        chain,
        location_id,
        without_menu=True,
        steps=[
            {"step": "master", "num": 1, "default": -1},
            {"step": "service", "num": 2, "hidden": True, "default": service_id, "title": "What would you like?"},
            {"step": "datetime", "num": 3, "time_hidden": True, "date_default": date_default, "time_default": 27900},
            {"step": "contact", "title": "Who are you?"},
        ],
        style={
            "show_header": False,
            "main_color": "#FFCB00",
            "primaryPalette": "amber",
            "logo": "https://cdn.example.com/logo.png",
            "header_background": "media/header.png",
            "header_background_full": "media/header@2x.png",
            "header_background_new": {"sm": "media/sm.png", "norm": "media/norm.png", "origin": "media/origin.png"},
        },
        analytics={
            "metrika_counter_id": 50217133,
            "google_analytics_id": "UA-125358345-1",
            "facebook_pixel_id": "2218788388343154",
            "app_metrika_id": "46ab3b93-1bc6-457d-82f0-c1b51f39b01e",
        },
        options={
            "record_type_id": None,
            "specialization_display_mode": 1,
            "weekly_view_enabled": True,
            "comment_input_name": "Allergies",
            "booking_notify_text": "Please come five minutes early.",
        },
    )
    form = await page.data(f"/bookform/{form_id}")
    assert form.keys() == FIELDS.keys() | {"comment_input_name", "booking_notify_text"}
    assert (form["phone_confirmation"], form["comment_required"], form["sms_enabled"]) == (True, True, False)
    assert (form["is_multiple_activity_record"], form["activity_record_count"]) == (True, 4)
    assert (form["without_menu"], form["sequence_type"]) == (True, "steps")
    master, service, when, contact, confirm = form["steps"]
    assert [step["num"] for step in form["steps"]] == [1, 2, 3, 4, 5]
    assert (master["step"], master["default"], master["hidden"]) == ("master", -1, False)
    assert (service["step"], service["default"], service["hidden"]) == ("service", service_id, True)
    assert (service["title"], service["is_title_default"]) == ("What would you like?", False)
    assert (when["date_default"], when["time_default"]) == (date_default, 27900)
    assert (when["date_hidden"], when["time_hidden"]) == (False, True)
    assert (contact["title"], contact["is_title_default"], confirm["step"]) == ("Who are you?", False, "comfirm")
    style = form["style"]
    assert (style["show_header"], style["main_color"], style["primaryPalette"]) == (False, "#FFCB00", "amber")
    assert style["logo"] == style["logo_full"] == "https://cdn.example.com/logo.png"
    assert style["header_background"] == "http://test/media/header.png"
    assert style["header_background_full"] == "http://test/media/header@2x.png"
    assert style["header_background_new"]["origin"] == "http://test/media/origin.png"
    assert (form["metrika_counter_id"], form["google_analytics_id"]) == (50217133, "UA-125358345-1")
    assert form["facebook_pixel_id"] == "2218788388343154"
    assert form["app_metrika_id"] == "46ab3b93-1bc6-457d-82f0-c1b51f39b01e"
    assert (form["record_type_id"], form["specialization_display_mode"]) == (None, 1)
    assert form["weekly_view_enabled"] is True
    assert form["comment_input_name"] == "Allergies"
    assert form["booking_notify_text"] == "Please come five minutes early."


async def test_a_form_speaks_its_language(page: Page):
    db = page.db
    chain = await make_chain(db, "One")
    location_id = await make_location(db, chain)
    german = await make_booking_form(
        db, chain, location_id, default_language_id=GERMAN, language_ids=[LATVIAN, GERMAN, ENGLISH]
    )
    estonian = await make_booking_form(db, chain, location_id, default_language_id=ESTONIAN)
    french = await make_booking_form(db, chain, location_id, default_language_id=FRENCH)
    form = await page.data(f"/bookform/{german}")
    assert form["lang"] == "de-DE"
    assert [(lang["id"], lang["code"]) for lang in form["langs"]] == [(3, "de-DE"), (4, "lv-LV"), (2, "en-US")]
    assert form["langs"][0]["title"] == "Deutsch"
    texts = json.loads((TEXTS / "de-DE.json").read_text("utf-8"))
    assert form["steps"][0]["title"] == texts["steps"]["service"]
    assert form["steps"][4]["title"] == texts["steps"]["confirm"]
    texts = json.loads((TEXTS / "ee-EE.json").read_text("utf-8"))
    form = await page.data(f"/bookform/{estonian}")
    assert (form["lang"], form["steps"][1]["title"]) == ("et-EE", texts["steps"]["master"])
    # No texts in French: the form says so and stands in English.
    form = await page.data(f"/bookform/{french}")
    assert (form["lang"], form["steps"][1]["title"]) == ("fr-FR", "Choose a team member")


async def test_the_form_of_a_chain(page: Page):
    db = page.db
    chain = await make_chain(db, "One")
    await make_location(db, chain, "Gone", bookform_group_priority=99, deleted_at=clock.now())
    await make_location(db, chain, "Resting", bookform_group_priority=98, active=False)
    await make_location(db, chain, "Old")
    first = await make_location(db, chain, "Flagship", bookform_group_priority=5, record_type=2)
    await set_booking(db, chain, first, confirm_number=True)
    await make_location(db, await make_chain(db, "Two"), bookform_group_priority=100)
    steps = [{"step": "city", "hidden": True}, {"step": "service", "num": 2}, {"step": "master", "num": 1}]
    plain = await make_booking_form(db, chain)
    own = await make_booking_form(db, chain, steps=steps)
    form = await page.data(f"/bookform/{plain}")
    assert (form["group_id"], form["company_id"], form["chain_main_salon_id"]) == (chain, first, first)
    assert (form["phone_confirmation"], form["record_type_id"]) == (True, None)
    names = ["company", "service", "master", "datetime", "contact", "comfirm"]
    assert [step["step"] for step in form["steps"]] == names
    assert form["steps"][0]["title"] == "Choose a location"
    form = await page.data(f"/bookform/{own}")
    assert [(step["num"], step["step"], step["hidden"]) for step in form["steps"]] == [
        (1, "city", True),
        (2, "company", False),
        (3, "master", False),
        (4, "service", False),
        (5, "datetime", False),
        (6, "contact", False),
        (7, "comfirm", False),
    ]


async def test_forms_that_do_not_open(page: Page):
    db = page.db
    chain, empty = await make_chain(db, "One"), await make_chain(db, "Empty")
    gone = await make_location(db, chain, deleted_at=clock.now())
    here = await make_location(db, chain)
    deleted = await make_booking_form(db, chain, here, deleted_at=clock.now())
    of_gone = await make_booking_form(db, chain, gone)
    nowhere = await make_booking_form(db, empty)
    for wanted in (deleted, of_gone, nowhere, 999999, 0, "b1", 2**70):
        answer = await page.get(f"/bookform/{wanted}")
        assert answer.status_code == 404
        assert (answer.json()["success"], answer.json()["data"]) == (False, None)


async def test_a_form_deleted_later_is_gone(page: Page):
    db = page.db
    chain = await make_chain(db, "One")
    form_id = await make_booking_form(db, chain, await make_location(db, chain))
    await page.data(f"/bookform/{form_id}")
    await db.execute("UPDATE booking_forms SET deleted_at = $1 WHERE id = $2", clock.now(), form_id)
    assert (await page.get(f"/bookform/{form_id}")).status_code == 404


async def test_privacy_policy(page: Page):
    db = page.db
    chain = await make_chain(db, "One")
    with_policy, without = await make_location(db, chain), await make_location(db, chain)
    gone = await make_location(db, chain, deleted_at=clock.now())
    await make_privacy_policy(db, chain, with_policy, "<p>We keep your phone.</p>")
    await set_booking(db, chain, with_policy, is_show_privacy_policy=True)
    await set_booking(db, chain, without, is_show_privacy_policy=True)
    content = {"agreement": {"content": "<p>We keep your phone.</p>"}}
    assert await page.data(f"/privacy_policy/{with_policy}") == content
    assert await page.data(f"/privacy_policy/{without}") == {"agreement": {"content": ""}}
    for missing in (gone, 999999):
        assert (await page.get(f"/privacy_policy/{missing}")).status_code == 404
    # A form asks for consent only where there is a text to agree to.
    shown = await page.data(f"/bookform/{await make_booking_form(db, chain, with_policy)}")
    silent = await page.data(f"/bookform/{await make_booking_form(db, chain, without)}")
    for name in ("is_show_privacy_policy", "is_client_agreements_feature_enabled"):
        assert (shown[name], silent[name]) == (True, False)


async def test_what_a_location_asks(page: Page):
    db = page.db
    chain = await make_chain(db, "One")
    here, bare = await make_location(db, chain), await make_location(db, chain)
    usual = await page.data(f"/book_settings/{bare}")
    assert usual["currency"] == "EUR"
    assert (usual["any_master"], usual["phone_confirmation"], usual["is_show_privacy_policy"]) == (True, False, False)
    await make_privacy_policy(db, chain, here, "<p>We keep your phone.</p>")
    await set_booking(db, chain, here, is_show_privacy_policy=True, confirm_number=True, any_master=False)
    await make_asked_field(db, chain, "guests", location_id=here, kind="number", title="Guests", is_required=True)
    await make_asked_field(db, chain, "note", location_id=here, user_can_edit=False)
    await make_asked_field(db, chain, "drink", kind="list", choices=["Coffee", "Tea"], weight=9)
    asked = await page.data(f"/book_settings/{here}")
    assert (asked["any_master"], asked["phone_confirmation"], asked["is_show_privacy_policy"]) == (False, True, True)
    # Those that clients fill in, heavier first, of the location and of its chain.
    assert [
        (field["code"], field["type"], field["values"], field["is_required"]) for field in asked["custom_fields"]
    ] == [
        ("drink", "list", ["Coffee", "Tea"], False),
        ("guests", "number", [], True),
    ]
    assert (await page.get("/book_settings/999999")).status_code == 404


@pytest.mark.parametrize(
    ("code", "file"),
    [(path.stem, path.stem) for path in sorted(TEXTS.glob("*.json"))] + [("et-EE", "ee-EE")],
)
async def test_interface_texts(page: Page, code: str, file: str):
    answer = await page.get(f"/i18n/{code}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == json.loads((TEXTS / f"{file}.json").read_text("utf-8"))


@pytest.mark.parametrize("code", ["fr-FR", "en", "..%2Ften-US", "%00"])
async def test_no_texts_in_this_language(page: Page, code: str):
    assert (await page.get(f"/i18n/{code}")).status_code == 404


@pytest.mark.parametrize("path", ["/bookform/1", "/i18n/en-US", "/privacy_policy/1", "/book_settings/1"])
async def test_only_partners_ask(page: Page, path: str):
    answer = await page.world.http.get(path)
    assert answer.status_code == 401
    assert answer.json()["meta"] == {"message": "Authentication needed."}


async def test_a_form_is_one_look_up_in_its_chain(page: Page):
    """Once its chain is known, a form is read within it."""
    chain = await make_chain(page.db, "One")
    form_id = await make_booking_form(page.db, chain, await make_location(page.db, chain))
    await page.data(f"/bookform/{form_id}")
    asked: list[Any] = []
    async with page.world.server.pools.read.acquire() as connection:
        connection.add_query_logger(asked.append)
    await page.data(f"/bookform/{form_id}")
    assert [record.query for record in asked] == [sql.form_config.text]
