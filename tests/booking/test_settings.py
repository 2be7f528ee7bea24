"""A business sets up its online booking, and whoever books feels it at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import World
from tests.makers.chains import make_location
from tests.makers.office import Office, field_of
from tests.makers.world import connect, make_small_world

pytestmark = pytest.mark.anyio
RIGHTS = ["online_record_access", "online_record_privacy_policy_access"]
USUAL = {
    "confirm_number": False,
    "any_master": True,
    "seance_delay_step": 0,
    "activity_online_record_clients_count_max": 1,
    "is_enabled": True,
    "horizon_days": 90,
    "slot_step": 900,
    "allow_change_record": True,
    "allow_change_record_delay_step": 0,
    "allow_delete_record": True,
    "allow_delete_record_delay_step": 0,
    "comment_required": False,
    "sms_enabled": True,
    "sms_before_default": 0,
}
GRID: dict[str, Any] = {
    "grid_base_type": "timeslots",
    "grid_first_timeslot": 10 * 3600,
    "grid_last_timeslot": 16 * 3600,
    "grid_display_step": 7200,
    "grid_nearest_timeslot_delay": 0,
    "is_grid_flexible": False,
}


@pytest.fixture
async def office(world: World) -> AsyncIterator[Office]:
    db = await connect(world.dsn)
    try:
        yield Office(world, await make_small_world(db, rights=RIGHTS), db)
    finally:
        await db.close()


async def set_up(office: Office, **changes: Any) -> Any:
    return await office.ask("PATCH", f"/company/{office.here}/settings/online", json=changes)


async def test_others_hear_of_what_is_shown_with_the_location(office: Office) -> None:
    shown = await office.get(f"/company/{office.here}")
    assert (shown["phone_confirmation"], shown["booking_comment_required"]) == (False, False)
    await set_up(office, horizon_days=30, confirm_number=False)
    await set_up(office, confirm_number=True, comment_required=True)
    await set_up(office, confirm_number=True)
    shown = await office.get(f"/company/{office.here}")
    assert (shown["phone_confirmation"], shown["booking_comment_required"]) == (True, True)
    rows = await office.db.fetch("SELECT kind, body FROM outbox ORDER BY id")
    place = {"chain_id": office.business.chain_id, "location_id": office.here}
    assert [(row["kind"], row["body"]) for row in rows] == [("location.changed", place)]


async def set_grid(office: Office, status: int = 200, **body: Any) -> Any:
    whole = {"is_enabled": True, "weekdays_settings": [], "dates_settings": [], **body}
    return await office.ask("PUT", f"/company/{office.here}/settings/timeslots", status, json=whole)


async def free(office: Office, ahead: int = 3) -> list[str]:
    return await office.times(office.business.anna, office.business.haircut, ahead)


def every_day(**more: Any) -> list[dict[str, Any]]:
    return [{"weekday": weekday, "timeslots": [], "setting": GRID | more} for weekday in range(1, 8)]


async def test_a_location_that_has_set_nothing_has_the_usual_settings(office: Office) -> None:
    bare = await make_location(office.db, office.business.chain_id)
    assert await office.ask("GET", f"/company/{bare}/settings/online") == USUAL
    grid = await office.ask("GET", f"/company/{bare}/settings/timeslots")
    assert grid == {"is_enabled": False, "weekdays_settings": [], "dates_settings": []}
    assert await office.ask("GET", f"/company/{office.here}/settings/online") == USUAL
    changed = await office.ask("PATCH", f"/company/{bare}/settings/online", json={"horizon_days": 30})
    assert changed == USUAL | {"horizon_days": 30}
    await office.ask("PUT", f"/privacy_policy/{bare}", json={"content": "Mind it.", "is_shown": True})
    assert await office.ask("GET", f"/company/{bare}/settings/online") == changed


async def test_a_change_touches_what_it_names_and_nothing_else(office: Office) -> None:
    changed = await set_up(office, confirm_number=True, seance_delay_step=90)
    assert changed == USUAL | {"confirm_number": True, "seance_delay_step": 90}
    whole = {name: not value if isinstance(value, bool) else value for name, value in USUAL.items()}
    numbers = {"seance_delay_step": 1380, "horizon_days": 730, "slot_step": 1800, "sms_before_default": 24}
    delays = {"allow_change_record_delay_step": 7200, "allow_delete_record_delay_step": 86_400}
    whole |= numbers | delays | {"activity_online_record_clients_count_max": 255}
    assert await set_up(office, **whole) == whole
    assert await set_up(office) == whole
    assert await office.ask("GET", f"/company/{office.here}/settings/online") == whole


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seance_delay_step", 45),
        ("seance_delay_step", 1410),
        ("seance_delay_step", -30),
        ("activity_online_record_clients_count_max", 0),
        ("activity_online_record_clients_count_max", 256),
        ("horizon_days", 0),
        ("slot_step", 90),
        ("any_master", "perhaps"),
        ("any_master", None),
    ],
)
async def test_a_setting_beyond_its_limits_is_refused_by_name(office: Office, name: str, value: Any) -> None:
    path = f"/company/{office.here}/settings/online"
    refused = await office.ask("PATCH", path, 422, json={"confirm_number": True, name: value})
    assert field_of(refused) == name
    assert await office.ask("GET", path) == USUAL


async def test_booking_feels_settings_at_once(office: Office) -> None:
    assert await free(office, 1)
    await set_up(office, horizon_days=1)
    assert await free(office, 1)
    assert await free(office, 2) == []
    await set_up(office, slot_step=7200)
    assert await free(office, 1) == ["10:00", "12:00", "14:00", "16:00"]
    await set_up(office, seance_delay_step=1380, horizon_days=90)
    assert await free(office, 2) == ["10:00", "12:00", "14:00", "16:00"]
    wish = office.wish(office.business.haircut, office.at("10:00"), staff=office.business.anna)
    await set_up(office, confirm_number=True)
    assert (await office.book(wish)).json()["meta"]["errors"][0]["code"] == 432, "now a code is asked for"
    form = await office.get(f"/bookform/{office.business.form_id}")
    assert form["phone_confirmation"] is True
    await set_up(office, confirm_number=False, comment_required=True)
    assert (await office.book(wish)).status_code == 422
    assert (await office.book(wish, comment="By the window")).status_code == 201


async def test_the_grid_is_replaced_as_a_whole(office: Office) -> None:
    assert (await free(office))[:2] == ["09:00", "09:15"]
    day = office.day(3)
    own = {"timeslots": [9 * 3600, 13 * 3600 + 1800], "setting": GRID | {"grid_base_type": "predefined"}}
    rules = [*every_day()[:6], {"weekday": 7, **own}]
    grid: dict[str, Any] = {
        "is_enabled": True,
        "weekdays_settings": rules,
        "dates_settings": [{"date": str(day), **own}],
    }
    assert await set_grid(office, **grid) == grid
    assert await office.ask("GET", f"/company/{office.here}/settings/timeslots") == grid
    assert await free(office, 3) == ["09:00", "13:30"]
    usual = next(ahead for ahead in range(4, 9) if office.day(ahead).isoweekday() != 7)
    assert await free(office, usual) == ["10:00", "12:00", "14:00", "16:00"]
    assert await set_grid(office, dates_settings=grid["dates_settings"]) == grid | {"weekdays_settings": []}
    assert (await free(office, usual))[:2] == ["09:00", "09:15"]
    await set_grid(office, is_enabled=False, weekdays_settings=every_day())
    assert (await free(office, 3))[:2] == ["09:00", "09:15"]


async def test_every_kind_of_grid_is_what_booking_offers(office: Office) -> None:
    await set_grid(office, weekdays_settings=every_day(grid_base_type="schedule", grid_display_step=5400))
    assert await free(office) == ["10:30", "12:00", "13:30", "15:00"]
    await set_grid(office, weekdays_settings=every_day(grid_display_step=5 * 3600, is_grid_flexible=True))
    assert await free(office) == ["10:00", "15:00"]
    wish = office.wish(office.business.haircut, office.at("10:00"), staff=office.business.anna)
    assert (await office.book(wish)).status_code == 201
    assert await free(office) == ["11:00", "15:00"], "the moment at which time becomes free is offered too"
    day = {"date": str(office.day(3)), "timeslots": [], "setting": GRID | {"grid_base_type": "predefined"}}
    await set_grid(office, weekdays_settings=every_day(), dates_settings=[day])
    assert await free(office) == [], "a date without start times is closed"
    assert len(await free(office, 4)) == 4


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ([{"weekday": 8, "setting": GRID}], "weekdays_settings[0].weekday"),
        ([{"weekday": 0, "setting": GRID}], "weekdays_settings[0].weekday"),
        ([{"setting": GRID}], "weekdays_settings[0].weekday"),
        ([{"weekday": 1}], "weekdays_settings[0].setting"),
        ([{"weekday": 2, "setting": GRID}, {"weekday": 2, "setting": GRID}], "weekdays_settings[1]"),
        (every_day(grid_base_type="sofa"), "weekdays_settings[0].setting.grid_base_type"),
        (every_day(grid_display_step=0), "weekdays_settings[0].setting.grid_display_step"),
        (every_day(grid_display_step=90), "weekdays_settings[0].setting.grid_display_step"),
        (every_day(grid_first_timeslot=86_400), "weekdays_settings[0].setting.grid_first_timeslot"),
        (every_day(grid_first_timeslot=80_000), "weekdays_settings[0].setting.grid_last_timeslot"),
        ([{"weekday": 1, "setting": GRID, "timeslots": [-60]}], "weekdays_settings[0].timeslots[0]"),
        ([{"weekday": 1, "setting": GRID, "timeslots": [61]}], "weekdays_settings[0].timeslots"),
    ],
)
async def test_a_grid_that_cannot_be_is_refused_by_the_field(office: Office, rules: Any, field: str) -> None:
    before = await set_grid(office, weekdays_settings=every_day())
    assert field_of(await set_grid(office, 422, weekdays_settings=rules)) == field
    assert await office.ask("GET", f"/company/{office.here}/settings/timeslots") == before


async def test_dates_of_the_grid_are_checked_too(office: Office) -> None:
    own = {"setting": GRID | {"grid_base_type": "predefined", "is_grid_flexible": True}}
    day = date(2026, 12, 25)
    assert field_of(await set_grid(office, 422, dates_settings=[{"date": "2026-13-01", **own}])).endswith(".date")
    for far in (date.min, date.max):
        refused = await set_grid(office, 422, dates_settings=[{"date": str(far), "setting": GRID}])
        assert field_of(refused) == "dates_settings[0].date"
    refused = await set_grid(office, 422, dates_settings=[{"date": str(day), **own}])
    assert field_of(refused) == "dates_settings[0].setting.is_grid_flexible"
    both = [{"date": str(day), "setting": GRID}] * 2
    assert field_of(await set_grid(office, 422, dates_settings=both)) == "dates_settings[1]"
    many = [{"date": str(day + timedelta(days=n)), "setting": GRID} for n in (2, 0, 1)]
    kept = await set_grid(office, dates_settings=many)
    assert [rule["date"] for rule in kept["dates_settings"]] == ["2026-12-25", "2026-12-26", "2026-12-27"]


async def test_the_policy_is_cleaned_and_shown_when_it_is_to_be(office: Office) -> None:
    form = f"/bookform/{office.business.form_id}"
    assert (await office.get(form))["is_show_privacy_policy"] is False
    text = '<p onclick="steal()">We <b>keep</b> your phone.</p><script>steal()</script>'
    policy = await office.ask("PUT", f"/privacy_policy/{office.here}", json={"content": text, "is_shown": True})
    assert policy == {"agreement": {"content": "<p>We <b>keep</b> your phone.</p>"}, "is_shown": True}
    assert (await office.get(f"/privacy_policy/{office.here}"))["agreement"] == policy["agreement"]
    assert (await office.get(form))["is_show_privacy_policy"] is True
    again = await office.ask("PUT", f"/privacy_policy/{office.here}", json={"content": "<p>Short.</p>"})
    assert again == {"agreement": {"content": "<p>Short.</p>"}, "is_shown": True}
    await office.ask("PUT", f"/privacy_policy/{office.here}", json={"content": ""})
    assert (await office.get(form))["is_show_privacy_policy"] is False
    assert field_of(await office.ask("PUT", f"/privacy_policy/{office.here}", 422, json={})) == "content"


async def test_only_who_manages_online_booking_sees_and_sets_it(office: Office) -> None:
    policies, far = await office.colleague("online_record_privacy_policy_access"), office.business.far_location_id
    body: dict[str, Any] = {"content": "Mine"}
    await office.ask("PUT", f"/privacy_policy/{office.here}", user=policies, json=body)
    await office.ask("PUT", f"/privacy_policy/{far}", 403, user=policies, json=body)
    for user in (policies, office.small.stranger):
        await office.ask("GET", f"/company/{office.here}/settings/online", 403, user=user)
        await office.ask("PATCH", f"/company/{office.here}/settings/online", 403, user=user, json={})
        await office.ask(
            "PUT", f"/company/{office.here}/settings/timeslots", 403, user=user, json={"is_enabled": False}
        )
    await office.ask("GET", "/company/9999999/settings/online", 404)
