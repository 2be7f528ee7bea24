"""How a stored booking form becomes what a booking page reads, and the interface texts.

A form's row keeps four jsonb values. All keys are optional; who writes them uses these names:

- `steps`: a list of `StoredStep`. A step that is not in it stands with its defaults. The steps are service,
  master, datetime, contact, comfirm (the wire's spelling); a chain's form has company before them, and city
  where it is stored.
- `style`: the fields of `forms_wire.Style` under their wire names; images are paths here or addresses.
- `options`: the fields of `forms_wire.Display`; `analytics`: those of `forms_wire.Analytics`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from agendum.booking.forms_wire import (
    Brand,
    Display,
    FormConfig,
    Language,
    Map,
    Step,
    Style,
)
from agendum.chains.rules.locations import form_path

TEXTS = Path(__file__).parent / "texts"
OTHER_NAMES = {"et-EE": "ee-EE"}  # forms call Estonian et-EE, the texts ee-EE
ENGLISH = "en-US"

StepName = Literal["city", "company", "service", "master", "datetime", "contact", "comfirm"]

# Numbers of the steps that a business may reorder; a chain's come before the numbers of a location's.
_USUAL: dict[StepName, int] = {"city": -1, "company": 0, "service": 1, "master": 2, "datetime": 3}
_LOCATION_STEPS: tuple[StepName, ...] = ("service", "master", "datetime")
_LAST: tuple[StepName, ...] = ("contact", "comfirm")
_TITLES: dict[StepName, str] = {"comfirm": "confirm"}  # where the texts' key is not the step's name
_IMAGES = ("logo", "header_background", "menu_background")  # each also as …_full


class StoredStep(msgspec.Struct, kw_only=True):
    """A step as `booking_forms.steps` keeps it.

    `num` orders the steps before contact; null: the usual place. `title` empty: the language's own. `default`
    is an id, 0 none, -1 (master) anybody. `date_default` is ISO 8601, `time_default` seconds from midnight.
    """

    step: StepName
    num: int | None = None
    title: str = ""
    hidden: bool = False
    default: int | str = 0
    date_default: str = "0000-00-00"
    time_default: int = 0
    date_hidden: bool = False
    time_hidden: bool = False
    category_view_type: str = "horizontal_tags"


def steps_of(stored: list[StoredStep], words: Mapping[str, str], *, is_chain: bool) -> list[Step]:
    """The steps in their order. `words` are the default titles by step (`steps` of the interface texts)."""
    given = {step.step: step for step in stored}
    names = tuple(_USUAL) if is_chain else _LOCATION_STEPS
    steps = [given.get(name) or StoredStep(step=name) for name in names if name != "city" or name in given]
    steps.sort(key=lambda step: _USUAL[step.step] if step.num is None else step.num)
    steps += [given.get(name) or StoredStep(step=name) for name in _LAST]
    return [_step(step, num, words) for num, step in enumerate(steps, start=1)]


def _step(stored: StoredStep, num: int, words: Mapping[str, str]) -> Step:
    name = stored.step
    step = Step(
        step=name,
        title=stored.title or words[_TITLES.get(name, name)],
        num=num,
        hidden=stored.hidden,
        is_title_default=not stored.title,
    )
    if name == "datetime":
        step.date_default, step.time_default = stored.date_default, stored.time_default
        step.date_hidden, step.time_hidden = stored.date_hidden, stored.time_hidden
    else:
        step.default = stored.default
    if name == "service":
        step.category_view_type = stored.category_view_type
    return step


def living(named: int | str | None, known: list[int] | None) -> int | str | None:
    """What a form names by its id, or None when there is nothing behind it any more. 0 and -1 are no ids."""
    return named if not isinstance(named, int) or named <= 0 or named in (known or ()) else None


def style_of(stored: Any, location_logo: str, url: Callable[[str], str]) -> Style:
    """The style with defaults filled in; without a logo of its own a form carries the location's."""
    style = msgspec.convert(stored, Style)
    style.logo = style.logo or location_logo
    for name in _IMAGES:
        image = getattr(style, name)
        setattr(style, name, url(image))
        setattr(style, f"{name}_full", url(getattr(style, f"{name}_full") or image))
    if isinstance(style.header_background_new, dict):
        style.header_background_new = {size: url(path) for size, path in style.header_background_new.items()}
    return style


def config_of(row: Mapping[str, Any], chain_id: int, url: Callable[[str], str]) -> FormConfig:
    """A row of form_config as the wire has it."""
    words = texts(row["lang"]) or texts(ENGLISH)
    assert words is not None
    style = style_of(row["style"], row["logo"], url)
    steps = msgspec.convert(row["steps"], list[StoredStep])
    known = {"service": row["known_services"], "master": row["known_members"]}
    for step in steps:
        if step.step in known:
            step.default = living(step.default, known[step.step]) or 0
    display = msgspec.structs.asdict(msgspec.convert({**row["options"], **row["analytics"]}, Display))
    weekly = "weekly_view_default_salon_id"
    display[weekly] = living(display[weekly], row["known_places"])
    if display["record_type_id"] is msgspec.UNSET:
        display["record_type_id"] = None if row["is_chain"] else row["record_type"]
    return FormConfig(
        **display,
        steps=steps_of(steps, words["steps"], is_chain=row["is_chain"]),
        style=style,
        group_id=chain_id if row["is_chain"] else 0,
        company_id=row["company_id"],
        phone_confirmation=row["confirm_number"],
        lang=row["lang"],
        langs=msgspec.convert(row["langs"], list[Language]),
        comment_required=row["comment_required"],
        sms_enabled=row["sms_enabled"],
        id=row["id"],
        url=url(form_path(row["id"])),
        staff_name=words["master"]["count"],
        without_menu=row["without_menu"],
        sequence_type=row["sequence_type"],
        map=Map(row["lat"], row["lon"]),
        is_show_privacy_policy=row["show_policy"] and row["has_policy"],
        is_client_agreements_feature_enabled=row["has_policy"],
        is_multiple_activity_record=row["seats_max"] > 1,
        activity_record_count=row["seats_max"],
        chain_main_salon_id=row["company_id"],
        brand=Brand(row["public_title"], style.logo),
    )


def texts(code: str) -> dict[str, Any] | None:
    """The interface texts in a language, None when there are none."""
    path = _text_files().get(OTHER_NAMES.get(code, code))
    return None if path is None else _tree(path)


def texts_json(code: str) -> bytes | None:
    """The same as compact JSON."""
    path = _text_files().get(OTHER_NAMES.get(code, code))
    return None if path is None else _json(path)


@cache
def _text_files() -> dict[str, Path]:
    return {path.stem: path for path in TEXTS.glob("*.json")}


@cache
def _tree(path: Path) -> dict[str, Any]:
    return msgspec.json.decode(path.read_bytes())


@cache
def _json(path: Path) -> bytes:
    return msgspec.json.encode(_tree(path))
