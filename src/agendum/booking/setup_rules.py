"""What setting up online booking means: start times as they are stored, a form's row and what is shown of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from html import escape
from typing import Any

import msgspec

from agendum.booking.forms_rules import StoredStep, living
from agendum.booking.forms_wire import Display
from agendum.booking.setup_wire import DateRule, Form, FormFields, Timeslots, WeekdayRule
from agendum.core.errors import Invalid
from agendum.core.links import absolute
from agendum.core.wire import to_json

# Where a form's row keeps what the wire names: whole columns, and keys of its jsonb.
_COLUMNS = (
    "title", "description", "is_default", "without_menu", "sequence_type", "default_language_id", "language_ids"
)  # fmt: skip
_STEPS = {"service": 1, "master": 2, "datetime": 3}  # with their usual numbers
_OF_STEP = {"default": "default", "hide": "hidden", "num": "num", "title": "title",
            "category_view_type": "category_view_type"}  # fmt: skip
_OF_OPTIONS = {
    "ab_test_enabled": "ab_test_enabled",
    "specialization_display_mode": "specialization_display_mode",
    "salon_select_type_code": "salon_select_type_code",
    "display_activity_type": "display_activity_type",
    "record_type_id": "record_type_id",
    "is_weekly_view_enabled": "weekly_view_enabled",
    "show_weekly_view_without_online_booking": "show_weekly_view_without_online_booking",
    "weekly_view_default_salon_id": "weekly_view_default_salon_id",
    "map_type": "map_type",
    "online_sales_group_id": "online_sales_group_id",
}
_OF_ANALYTICS = ("facebook_pixel_id", "vk_pixel_id")

# What counts where a form's row is silent.
_STEP: dict[str, Any] = msgspec.structs.asdict(StoredStep(step="service"))
_DISPLAY: dict[str, Any] = msgspec.structs.asdict(Display()) | {
    "map_type": 0,
    "online_sales_group_id": 0,
    "vk_pixel_id": "",
}
_BUTTON: dict[str, Any] = {
    "show_button": True,
    "button_position": "bottom right",
    "form_position": "right",
    "button_color": "#1c84c6",
    "button_animation": True,
}


def timeslot_rows(body: Timeslots) -> list[dict[str, Any]]:
    """The rules as rows. Raises Invalid naming the weekday, the date or the times that cannot be."""
    rows: list[dict[str, Any]] = []
    for name, rules in (("weekdays_settings", body.weekdays_settings), ("dates_settings", body.dates_settings)):
        seen: set[Any] = set()
        for n, rule in enumerate(rules):
            row = _timeslot_row(rule, f"{name}[{n}]")
            day = row.get("weekday") or row["date"]
            if day in seen:
                raise Invalid(f"{name}[{n}]: there is a rule of this day already.", field=f"{name}[{n}]")
            seen.add(day)
            rows.append(row)
    return rows


def _timeslot_row(rule: WeekdayRule | DateRule, where: str) -> dict[str, Any]:
    grid, timeslots = rule.setting, sorted(set(rule.timeslots))
    if grid.grid_first_timeslot > grid.grid_last_timeslot:
        field = f"{where}.setting.grid_last_timeslot"
        raise Invalid(f"{field}: it lies before the first.", field=field)
    if any(second % 60 for second in timeslots):
        raise Invalid(f"{where}.timeslots: start times are whole minutes.", field=f"{where}.timeslots")
    if isinstance(rule, DateRule) and grid.grid_base_type == "predefined" and not timeslots and grid.is_grid_flexible:
        field = f"{where}.setting.is_grid_flexible"
        raise Invalid(f"{field}: a date without start times is closed, it cannot be flexible.", field=field)
    day = {"weekday": rule.weekday} if isinstance(rule, WeekdayRule) else {"date": rule.date.isoformat()}
    return day | {
        "timeslots": timeslots,
        "first_timeslot": grid.grid_first_timeslot,
        "last_timeslot": grid.grid_last_timeslot,
        "step": grid.grid_display_step,
        "nearest_delay": grid.grid_nearest_timeslot_delay,
        "kind": grid.grid_base_type,
        "is_flexible": grid.is_grid_flexible,
    }


def form_patch(body: FormFields, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a body changes, given what the form's jsonb columns hold now. Raises Invalid for no title."""
    given: dict[str, Any] = msgspec.to_builtins(body)
    patch = {column: given[column] for column in _COLUMNS if column in given}
    if "title" in patch:
        patch["title"] = patch["title"].strip()
        if not patch["title"]:
            raise Invalid("title: a form needs a title.", field="title")
    steps = {step["step"]: dict(step) for step in stored["steps"]}
    for name in _STEPS:
        said = {
            key: given[wire] or 0 if field == "default" else given[wire]
            for field, key in _OF_STEP.items()
            if (wire := f"{name}_step_{field}") in given
        }
        if said:
            steps[name] = {"step": name, **steps.get(name, {}), **said}
            patch["steps"] = list(steps.values())
    buttons = {name: given[name] for name in _BUTTON if name in given}
    if "button_position" in buttons:
        buttons["button_position"] = buttons["button_position"].strip()
    parts = {
        "button": buttons,
        "options": {key: given[name] for name, key in _OF_OPTIONS.items() if name in given},
        "analytics": {name: given[name] for name in _OF_ANALYTICS if name in given},
        "style": given.get("style", {}),
    }
    return patch | {column: {**stored[column], **said} for column, said in parts.items() if said}


@lru_cache(maxsize=10_000)
def form_json(row: str, chain_id: int, base_url: str) -> str:
    """A row of `forms` as the wire has it. Nothing but these decides it, so it is kept until the row is another."""
    return to_json(_shown_form(msgspec.json.decode(row), chain_id, partial(absolute, base_url))).decode()


def _shown_form(row: Mapping[str, Any], chain_id: int, url: Callable[[str], str]) -> Form:
    stored = {step["step"]: step for step in row["steps"]}
    service, master, when = ({**_STEP, **stored.get(name, {})} for name in _STEPS)
    button = {**_BUTTON, **row["button"]}
    more: dict[str, Any] = {**_DISPLAY, **row["options"], **row["analytics"]}
    if more["record_type_id"] is msgspec.UNSET:
        more["record_type_id"] = None if row["is_chain"] else row["record_type"]
    images = row["style"].get("header_background_new")
    return Form(
        id=row["id"],
        title=row["title"],
        description=row["description"],
        is_default=row["is_default"],
        without_menu=row["without_menu"],
        service_step_default=_known(service["default"], row["known_services"]) or 0,
        service_step_hide=service["hidden"],
        master_step_default=_known(master["default"], row["known_members"]) or 0,
        master_step_hide=master["hidden"],
        service_step_num=service["num"] or _STEPS["service"],
        master_step_num=master["num"] or _STEPS["master"],
        datetime_step_num=when["num"] or _STEPS["datetime"],
        **button,
        html_code=_embedded(row["id"], url, _button_look(row["title"], button)) if button["show_button"] else "",
        ab_test_enabled=more["ab_test_enabled"],
        is_chain=row["is_chain"],
        sequence_type=row["sequence_type"],
        service_step_title=service["title"],
        master_step_title=master["title"],
        specialization_display_mode=more["specialization_display_mode"],
        datetime_step_title=when["title"],
        html_code_v2=_embedded(row["id"], url, {"mode": "inline"}),
        map_type=more["map_type"],
        default_language_id=row["default_language_id"],
        group_id=chain_id if row["is_chain"] else 0,
        facebook_pixel_id=more["facebook_pixel_id"],
        vk_pixel_id=more["vk_pixel_id"],
        online_sales_group_id=more["online_sales_group_id"],
        service_step_category_view_type=service["category_view_type"],
        salon_select_type_code=more["salon_select_type_code"],
        record_type_id=more["record_type_id"],
        display_activity_type=more["display_activity_type"],
        is_multiple_activity_record=row["seats_max"] > 1,
        activity_record_count=row["seats_max"],
        header_images={size: url(path) for size, path in images.items()} if isinstance(images, dict) else None,
        is_weekly_view_enabled=more["weekly_view_enabled"],
        show_weekly_view_without_online_booking=more["show_weekly_view_without_online_booking"],
        weekly_view_default_salon_id=_known(more["weekly_view_default_salon_id"], row["known_places"]),
    )


def _known(named: Any, known: list[int] | None) -> int | None:
    found = living(named, known)
    return found if isinstance(found, int) else None


def _button_look(title: str, button: Mapping[str, Any]) -> dict[str, str]:
    return {"label": title, "color": button["button_color"], "position": button["button_position"]}


def _embedded(form_id: int, url: Callable[[str], str], data: Mapping[str, str]) -> str:
    """The line that a business puts into its own site; what `data` may say: `web/widget/main.ts`."""
    more = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    return f'<script src="{escape(url("widget.js"))}" data-form="{form_id}"{more}></script>'
