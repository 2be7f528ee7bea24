"""Setting up online booking. Whatever changes, booking in every process reads it anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from agendum.booking import setup_rules as rules
from agendum.booking.setup_wire import (
    FormFields,
    FormPatch,
    NewForm,
    OnlineSettings,
    OnlineSettingsPatch,
    PolicyBody,
    Timeslots,
)
from agendum.chains.actions import location_changed
from agendum.core.audit import Author, Kind, Watch, watch
from agendum.core.cache import forget
from agendum.core.db.sql import Connection, load
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.html import clean_html

sql = load(__file__)

SETTINGS = Kind("booking_settings", sql.settings_facts)
TIMESLOTS = Kind("timeslot_settings", sql.timeslot_facts)
POLICY = Kind("privacy_policy", sql.policy_facts)
FORM = Kind("booking_form", sql.form_facts)

SHOWN_WITH_LOCATION = ("confirm_number", "comment_required", "sms_enabled", "sms_before_default")


class Place(msgspec.Struct, frozen=True):
    """Where somebody sets up booking: a location, and with `is_chain` whatever belongs to its whole chain."""

    chain_id: int
    location_id: int
    is_chain: bool = False


async def change_settings(
    db: Connection, place: Place, body: OnlineSettingsPatch, author: Author, at: datetime
) -> None:
    """Change what the body names of a location's settings. Some of them are shown with the location itself."""
    given = msgspec.structs.asdict(body)
    patch = {name: value for name, value in given.items() if value is not UNSET}
    row = await sql.online_settings.row(db, chain_id=place.chain_id, location_id=place.location_id)
    before = msgspec.structs.asdict(OnlineSettings()) if row is None else dict(row)
    await _patch_settings(db, place, patch, author, at)
    if any(patch.get(name, before[name]) != before[name] for name in SHOWN_WITH_LOCATION):
        await location_changed(db, place.chain_id, place.location_id, at)


async def _patch_settings(db: Connection, place: Place, patch: dict[str, Any], author: Author, at: datetime) -> None:
    if patch:
        spot = {"chain_id": place.chain_id, "location_id": place.location_id}
        await sql.begin_settings.run(db, **spot)
        seen = await watch(db, SETTINGS, **spot, ids=[place.location_id])
        await sql.change_settings.run(db, **spot, patch=patch)
        await seen.note(author, at)
        await forget(db, "booking", place.location_id)


async def set_timeslots(db: Connection, place: Place, body: Timeslots, author: Author, at: datetime) -> None:
    """Replace the whole grid of start times. Raises Invalid."""
    rows, spot = rules.timeslot_rows(body), {"chain_id": place.chain_id, "location_id": place.location_id}
    await sql.lock_setup.run(db, chain_id=place.chain_id)
    seen = await watch(db, TIMESLOTS, **spot, ids=[place.location_id])
    await sql.set_timeslot_switch.run(db, **spot, is_enabled=body.is_enabled)
    await sql.clear_timeslots.run(db, **spot)
    await sql.add_timeslots.run(db, **spot, rows=rows)
    await seen.note(author, at)
    await forget(db, "catalogue", place.location_id)


async def set_policy(db: Connection, place: Place, body: PolicyBody, author: Author, at: datetime) -> None:
    """Replace the text of the privacy policy, and say whether clients are asked to agree to it."""
    spot = {"chain_id": place.chain_id, "location_id": place.location_id}
    seen = await watch(db, POLICY, **spot, ids=[place.location_id])
    await sql.set_policy.run(db, **spot, content=clean_html(body.content), at=at)
    await seen.note(author, at)
    if body.is_shown is not UNSET:
        await _patch_settings(db, place, {"is_show_privacy_policy": body.is_shown}, author, at)


async def add_form(db: Connection, place: Place, body: NewForm, language_id: int, author: Author, at: datetime) -> int:
    """A new booking form; gives its id. `language_id` is that of the location. Raises Forbidden and Invalid."""
    if body.is_chain and not place.is_chain:
        raise Forbidden("Forms of the chain are managed in the chain.")
    location_id = None if body.is_chain else place.location_id
    await sql.lock_setup.run(db, chain_id=place.chain_id)
    seen = await _watch_forms(db, place)
    owner = {"chain_id": place.chain_id, "location_id": location_id}
    form_id = await sql.add_form.value(db, **owner, title=body.title, language_id=language_id, at=at)
    empty: dict[str, Any] = {"steps": [], "button": {}, "options": {}, "analytics": {}, "style": {}}
    await _write_form(db, owner, form_id, body, empty, at)
    await seen.note(author, at)
    return form_id


async def change_form(
    db: Connection, place: Place, form_id: int, body: FormPatch, author: Author, at: datetime
) -> None:
    """Change what the body names of a form. Raises NotFound, Forbidden and Invalid."""
    form = await _lock_form(db, place, form_id)
    seen = await _watch_forms(db, place)
    owner = {"chain_id": place.chain_id, "location_id": None if form["is_chain"] else place.location_id}
    await _write_form(db, owner, form_id, body, form, at)
    await seen.note(author, at)


async def delete_form(db: Connection, place: Place, form_id: int, author: Author, at: datetime) -> None:
    """Delete a form: its page is gone. Appointments that came through it stay. Raises NotFound and Forbidden."""
    await _lock_form(db, place, form_id)
    seen = await _watch_forms(db, place)
    await sql.delete_form.run(db, chain_id=place.chain_id, form_id=form_id, at=at)
    await seen.note(author, at)


async def forms_of(db: Connection, place: Place, form_id: int | None = None) -> list[str]:
    """The forms of a location and of its chain as they are stored, each as JSON; or one of them."""
    spot = {"chain_id": place.chain_id, "location_id": place.location_id}
    return await sql.forms.value(db, **spot, form_id=form_id)


async def _watch_forms(db: Connection, place: Place) -> Watch:
    """All of them, and those that come: one that becomes the default takes that from another."""
    return await watch(db, FORM, place.chain_id, place.location_id, [])


async def _lock_form(db: Connection, place: Place, form_id: int) -> dict[str, Any]:
    await sql.lock_setup.run(db, chain_id=place.chain_id)
    found = await forms_of(db, place, form_id)
    if not found:
        raise NotFound("Booking form not found.")
    form: dict[str, Any] = msgspec.json.decode(found[0])
    if form["is_chain"] and not place.is_chain:
        raise Forbidden("This form is managed in the chain.")
    return form


async def _write_form(
    db: Connection, owner: dict[str, int | None], form_id: int, body: FormFields, stored: Any, at: datetime
) -> None:
    await _check_references(db, owner, body)
    patch = rules.form_patch(body, stored)
    if patch:
        await sql.change_form.run(db, chain_id=owner["chain_id"], form_id=form_id, patch=patch, at=at)
    if patch.get("is_default"):
        await sql.only_default.run(db, **owner, form_id=form_id, at=at)


async def _check_references(db: Connection, owner: dict[str, int | None], body: FormFields) -> None:
    """Raises Invalid for an id in the body behind which there is nothing of this business."""
    service, member, place = body.service_step_default, body.master_step_default, body.weekly_view_default_salon_id
    languages = [] if body.language_ids is UNSET else body.language_ids
    if body.default_language_id is not UNSET:
        languages = [*languages, body.default_language_id]
    ids = {"service_id": service or 0, "member_id": max(member or 0, 0), "place_id": place or 0}
    if not languages and not any(ids.values()):
        return
    known = await sql.known_ids.row(db, **owner, **ids, language_ids=languages)
    assert known is not None
    wrong = {
        "service_step_default": ids["service_id"] and not known["service"],
        "master_step_default": ids["member_id"] and not known["member"],
        "weekly_view_default_salon_id": ids["place_id"] and not known["place"],
        "default_language_id": body.default_language_id not in (UNSET, *known["languages"]),
        "language_ids": not {*languages} <= {*known["languages"], body.default_language_id},
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise Invalid(f"{field}: there is no such thing here.", field=field)
