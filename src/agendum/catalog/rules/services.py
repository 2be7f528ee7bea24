"""What a service may be: how a change is laid over what stands, what it needs the right to, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from agendum.catalog.wire import UNSET, ServiceBody
from agendum.core.errors import Invalid
from agendum.core.money import MOST, to_cents

LENGTHS = range(300, 86_101)  # seconds
_DAY = 86_400
# The form of a whole service: a body with all of these says by silence that the break is the location's.
WHOLE = """
    title category_id price_min price_max duration booking_title is_multi tax_variant vat_id is_need_limit_date
    seance_search_start seance_search_finish step seance_search_step
""".split()  # noqa: SIM905

Problem = dict[str, Any]
Clean = Callable[[str], str]


class ServiceState(msgspec.Struct, frozen=True, kw_only=True):
    """All that can be said of a service, as its columns are named. Lengths are seconds, the discount per cent."""

    title: str = ""
    booking_title: str = ""
    category_id: int = 0
    comment: str = ""
    api_id: str = ""
    is_multi: bool = False
    gender: int = 0
    seats: int = 1
    is_chain: bool = False
    is_price_managed_in_chain: bool = False
    is_comment_managed_in_chain: bool = False
    price_min: Decimal = Decimal(0)
    price_max: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    duration: int = 3600
    technical_break: int | None = None
    is_active: bool = True
    weight: int = 0
    tax_variant: int = 0
    vat_id: int = 0
    is_limited: bool = False
    date_from: date | None = None
    date_to: date | None = None
    search_start: int = 0
    search_finish: int = _DAY
    search_step: int = 0
    display_step: int = 0


# What the chain's own row of a service holds; the rest is how a location offers it.
CHAIN_FLAGS = ("is_chain", "is_price_managed_in_chain", "is_comment_managed_in_chain")
SERVICE_COLUMNS = (
    *("category_id", "title", "booking_title", "comment", "api_id", "is_multi", "gender", "seats"),
    *CHAIN_FLAGS,
)
# Columns by the wire's names, where those differ.
_COLUMNS = {
    "technical_break_duration": "technical_break",
    "active": "is_active",
    "is_need_limit_date": "is_limited",
    "seance_search_start": "search_start",
    "seance_search_finish": "search_finish",
    "seance_search_step": "search_step",
    "step": "display_step",
    "capacity": "seats",
    "is_price_managed_only_in_chain": "is_price_managed_in_chain",
    "is_comment_managed_only_in_chain": "is_comment_managed_in_chain",
}
_TITLES = ("title", "booking_title")
_PRICES = ("price_min", "price_max", "discount")
_ONLINE = ("is_active", "is_limited", "date_from", "date_to", "search_start", "search_finish", "search_step")
# What may be withheld from somebody who edits services.
_RIGHTS: dict[str, str] = (
    dict.fromkeys(_TITLES, "settings_services_edit_title_access")
    | {"category_id": "settings_services_relation_category_access"}
    | dict.fromkeys(_PRICES, "settings_services_edit_price_access")
    | dict.fromkeys((*_ONLINE, "display_step"), "settings_services_edit_online_seance_date_time_access")
)
_CHAINS_OWN = {*_TITLES, "category_id", "api_id", "is_multi", "gender", "seats"}


def state_of(row: Any) -> ServiceState:
    return ServiceState(**{name: row[name] for name in ServiceState.__struct_fields__})


def columns_laid_over(state: ServiceState, row: Any) -> ServiceState:
    """The state with what the chain's own row of a service holds."""
    return msgspec.structs.replace(state, **{name: row[name] for name in SERVICE_COLUMNS})


def columns_of(state: ServiceState) -> tuple[dict[str, Any], dict[str, Any]]:
    """How a location offers the service, and what is one for all locations."""
    offer = msgspec.structs.asdict(state)
    return offer, {name: offer.pop(name) for name in SERVICE_COLUMNS}


def laid_over(state: ServiceState, body: ServiceBody, clean: Clean, *, whole: bool = False) -> ServiceState:
    """The service as `body` wants it. `whole`: a break that is not given is the location's. Raises Invalid."""
    given = {
        _COLUMNS.get(name, name): value
        for name in ServiceBody.__struct_fields__
        if name not in ("staff", "parts") and (value := getattr(body, name)) is not UNSET
    }
    if "comment" in given:
        given["comment"] = clean(given["comment"])
    for name in ("title", "booking_title"):
        if name in given:
            given[name] = given[name].strip()
    for name in ("date_from", "date_to"):
        given[name] = given.get(name, getattr(state, name)) or None
    for name in _PRICES:
        if name in given:
            given[name] = _amount(given[name], name)
    if "seats" in given:
        given["seats"] = max(given["seats"], 1)
    if "price_min" in given and "price_max" not in given and state.price_min == state.price_max:
        given["price_max"] = given["price_min"]  # a fixed price stays one
    if whole or all(getattr(body, name) is not UNSET for name in WHOLE):
        given.setdefault("technical_break", None)
    after = msgspec.structs.replace(state, **given)
    if after.booking_title == after.title:
        after = msgspec.structs.replace(after, booking_title="")  # it goes on following the title
    _check(after)
    return after


def _amount(value: Decimal, name: str) -> Decimal:
    if not value.is_finite() or not 0 <= value <= MOST:
        raise Invalid(f"{name}: expected an amount of 0 or more.", field=name)
    return to_cents(value)


def _check(state: ServiceState) -> None:
    def demand(holds: bool, field: str, message: str) -> None:
        if not holds:
            raise Invalid(f"{field}: {message}", field=field)

    pause = state.technical_break
    demand(bool(state.title), "title", "this field is required.")
    demand(state.category_id > 0, "category_id", "this field is required.")
    demand(state.price_max >= state.price_min, "price_max", "is below price_min.")
    demand(state.discount <= 100, "discount", "is at most 100 per cent.")
    demand(state.duration in LENGTHS, "duration", "expected 300 to 86100 seconds.")
    demand(
        pause is None or (0 <= pause <= 3600 and pause % 300 == 0),
        "technical_break_duration",
        "expected a multiple of 300 seconds, at most 3600.",
    )
    demand(0 <= state.search_start <= _DAY, "seance_search_start", "expected 0 to 86400 seconds.")
    demand(
        state.search_start <= state.search_finish <= _DAY,
        "seance_search_finish",
        "expected seconds of the day, not before seance_search_start.",
    )
    demand(
        state.date_from is None or state.date_to is None or state.date_from <= state.date_to,
        "date_to",
        "is before date_from.",
    )
    if state.is_limited:
        demand(state.date_from is not None, "date_from", "is needed for a service that is limited in time.")
        demand(state.date_to is not None, "date_to", "is needed for a service that is limited in time.")


def changed(before: ServiceState, after: ServiceState) -> set[str]:
    """The columns that differ."""
    return {name for name in ServiceState.__struct_fields__ if getattr(before, name) != getattr(after, name)}


def rights_for(columns: Iterable[str]) -> set[str]:
    """The rights without which these columns must stay as they are."""
    return {_RIGHTS[name] for name in columns if name in _RIGHTS}


def of_the_chain(columns: Iterable[str], service: Any) -> set[str]:
    """Which of these columns only the chain may change: what it manages, and of a service that is managed there."""
    closed: set[str] = set(CHAIN_FLAGS)
    if not service["is_chain"]:
        return closed.intersection(columns)
    closed |= _CHAINS_OWN
    if service["is_price_managed_in_chain"]:
        closed.update(_PRICES)
    if service["is_comment_managed_in_chain"]:
        closed.add("comment")
    return closed.intersection(columns)


def part_problems(parts: list[int], known: Collection[int]) -> list[Problem]:
    """What is wrong with the parts of a composite; `known` are services that can be one."""
    problems: list[Problem] = []
    for number, part in enumerate(parts):
        if part not in known:
            problems.append(problem(f"parts[{number}]", "There is no such service here that could be a part."))
        elif part in parts[:number]:
            problems.append(problem(f"parts[{number}]", "This service is named twice."))
    return problems


def problem(field: str, message: str) -> Problem:
    return {"code": 422, "field": field, "message": message}
