"""What a service may be: how a change is laid over what stands, what it needs the right to, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from agendum.catalog.wire import UNSET, LinksBody, LinkSetting, ServiceBody, StaffSetting
from agendum.core.errors import Invalid
from agendum.core.money import MOST, to_cents
from agendum.core.wire import to_json

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


class LinkState(msgspec.Struct, frozen=True, kw_only=True):
    """How a team member gives a service: `duration` in seconds, prices of null are the service's, `card` is his bill of
    materials."""

    duration: int
    price: Decimal | None = None
    price_max: Decimal | None = None
    card: int | None = None


# What the chain's own row of a service holds; the rest is how a location offers it.
SERVICE_COLUMNS = ("category_id", "title", "booking_title", "comment", "api_id", "is_multi")
# Columns by the wire's names, where those differ.
_COLUMNS = {
    "technical_break_duration": "technical_break",
    "active": "is_active",
    "is_need_limit_date": "is_limited",
    "seance_search_start": "search_start",
    "seance_search_finish": "search_finish",
    "seance_search_step": "search_step",
    "step": "display_step",
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
_CHAINS_OWN = {*_TITLES, "category_id", "api_id", "is_multi"}


def state_of(row: Any) -> ServiceState:
    return ServiceState(**{name: row[name] for name in ServiceState.__struct_fields__})


def laid_over(state: ServiceState, body: ServiceBody, clean: Clean, *, whole: bool = False) -> ServiceState:
    """The service as `body` wants it. `whole`: a break that is not given is the location's. Raises Invalid."""
    given = {
        _COLUMNS.get(name, name): value
        for name in ServiceBody.__struct_fields__
        if name != "staff" and (value := getattr(body, name)) is not UNSET
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
    """Which of these columns only the chain may change: of a service that is managed there."""
    if not service["is_chain"]:
        return set()
    closed = set(_CHAINS_OWN)
    if service["is_price_managed_in_chain"]:
        closed.update(_PRICES)
    if service["is_comment_managed_in_chain"]:
        closed.add("comment")
    return closed.intersection(columns)


def staff_problems(
    staff: list[StaffSetting], team: Collection[int], lengths: Mapping[int, int], service_length: int
) -> list[Problem]:
    """What is wrong with who shall give a service: `team` can, `lengths` are what they take for it now."""
    problems: list[Problem] = []
    seen: set[int] = set()
    for number, item in enumerate(staff):
        where = f"staff[{number}]"
        if item.id not in team:
            problems.append(_problem(f"{where}.id", "There is no such team member at this location."))
        elif item.id in seen:
            problems.append(_problem(f"{where}.id", "This team member is named twice."))
        seen.add(item.id)
        length = service_length if item.seance_length is UNSET else item.seance_length
        known = (lengths.get(item.id), service_length)
        if length not in LENGTHS or (length % 900 and length not in known):
            problems.append(_problem(f"{where}.seance_length", "Expected a multiple of 15 minutes, in seconds."))
    return problems


def link_of(row: Any) -> LinkState:
    return LinkState(
        duration=row["duration"], price=row["price"], price_max=row["price_max"], card=row["technological_card_id"]
    )


def link_for(item: StaffSetting, link: LinkState | None, service_length: int) -> LinkState:
    """A link as a service's `staff` wants it: what is not said stays, or is the service's."""
    link = link or LinkState(duration=service_length)
    if item.technological_card_id is not UNSET:
        link = msgspec.structs.replace(link, card=item.technological_card_id or None)
    if item.seance_length is not UNSET:
        link = msgspec.structs.replace(link, duration=item.seance_length)
    return link


def links_wanted(body: LinksBody) -> dict[int, LinkState]:
    """The links that a bulk change asks for."""
    return {
        item.team_member_id: LinkState(
            duration=link_seconds(item),
            price=None if item.price is None else to_cents(item.price.min),
            price_max=None if item.price is None or item.price.max is None else to_cents(item.price.max),
            card=item.tech_card_id or None,
        )
        for item in body.team_member_settings
    }


def link_rights(before: Mapping[int, LinkState], after: Mapping[int, LinkState]) -> set[str]:
    """The rights without which prices and bills of materials must stay as they are."""
    rights = {"settings_services_edit_price_access"} if prices(before) != prices(after) else set[str]()
    if _cards(before) != _cards(after):
        rights.add("tech_card_edit")
    return rights


def prices(links: Mapping[int, LinkState]) -> dict[int, tuple[Decimal, Decimal | None]]:
    """Whoever has a price of his own."""
    return {member: (link.price, link.price_max) for member, link in links.items() if link.price is not None}


def _cards(links: Mapping[int, LinkState]) -> dict[int, int]:
    return {member: link.card for member, link in links.items() if link.card is not None}


def length_problem(seconds: int) -> list[Problem]:
    if seconds in LENGTHS:
        return []
    return [_problem("seance_length", "Expected 300 to 86100 seconds.")]


def links_problems(
    body: LinksBody, team: Collection[int], resources: Collection[int], languages: Collection[int]
) -> list[Problem]:
    """Everything that is wrong with a bulk change of links, item by item."""
    problems: list[Problem] = []
    seen: set[int] = set()
    for number, item in enumerate(body.team_member_settings):
        where = f"team_member_settings[{number}]"
        if item.team_member_id not in team:
            problems.append(_problem(f"{where}.team_member_id", "There is no such team member at this location."))
        elif item.team_member_id in seen:
            problems.append(_problem(f"{where}.team_member_id", "This team member is named twice."))
        seen.add(item.team_member_id)
        problems += _length_problems(item, where) + _price_problems(item, where)
    for number, resource_id in enumerate(body.resource_ids):
        if resource_id not in resources:
            problems.append(_problem(f"resource_ids[{number}]", "There is no such resource at this location."))
    named: set[int] = set()
    for number, item in enumerate(body.translations):
        where = f"translations[{number}].language_id"
        if item.language_id not in languages:
            problems.append(_problem(where, "There is no such language."))
        elif item.language_id in named:
            problems.append(_problem(where, "This language is named twice."))
        named.add(item.language_id)
    return problems


def link_seconds(item: LinkSetting) -> int:
    return item.hours * 3600 + item.minutes * 60


def _length_problems(item: LinkSetting, where: str) -> list[Problem]:
    if not 0 <= item.minutes <= 59:
        return [_problem(f"{where}.minutes", "Expected 0 to 59.")]
    if item.hours < 0 or link_seconds(item) not in LENGTHS:
        return [_problem(f"{where}.hours", "Expected 5 minutes to 23 hours 55 minutes in all.")]
    return []


def _price_problems(item: LinkSetting, where: str) -> list[Problem]:
    if item.price is None:
        return []
    low, high = item.price.min, item.price.max
    for name, amount in (("min", low), ("max", high)):
        if amount is not None and (not amount.is_finite() or not 0 <= amount <= MOST):
            return [_problem(f"{where}.price.{name}", "Expected an amount of 0 or more.")]
    if high is not None and high < low:
        return [_problem(f"{where}.price.max", "Is below price.min.")]
    return []


def _problem(field: str, message: str) -> Problem:
    return {"code": 422, "field": field, "message": message}


# What the wire says of payments, memberships and invoices, as long as no service has any.
_NOTHING_OF = (
    '"price_prepaid_amount":0,"price_prepaid_percent":100,"service_type":1,"api_service_id":0,'
    '"repeat_visit_days_step":null,"online_invoicing_status":0,"is_abonement_autopayment_enabled":0,'
    '"autopayment_before_visit_time":0,"abonement_restriction_value":0'
)


def card(row: Any, url: Callable[[str], str], *, in_list: bool = False) -> str:
    """A service's JSON with its staff and its picture: an array where the wire has one (`in_list`), else none without
    a picture."""
    shown = f'{row["shown"][:-1]},{_NOTHING_OF},"staff":[{row["staff"] or ""}]'
    path = row["image"]
    if path or in_list:
        group = [_image_group(row["id"], row["image_group"], path, url)] if path else []
        shown = f'{shown},"image_group":{to_json(group if in_list else group[0]).decode()}'
    return f"{shown}}}"


def _image_group(service_id: int, group: Mapping[str, Any] | None, path: str, url: Callable[[str], str]) -> Any:
    """A picture in all its sizes, by version. Width and height are strings of pixels; an image that was not uploaded
    here has no sizes that we know."""
    folder, _, name = path.rpartition("/")
    stem, _, kind = name.rpartition(".")
    group = group or {"id": 0, "versions": [{"id": 0, "version": "basic", "type": kind, "width": "0", "height": "0"}]}
    files = {one["version"]: f"{one['version']}.{one['type']}" for one in group["versions"]}
    if group["id"] == 0:
        files["basic"] = f"{stem}.{kind}" if kind else name
    return {
        "id": group["id"],
        "entity": "settings_service",
        "entity_id": service_id,
        "images": {
            one["version"]: one | {"image_group_id": group["id"], "path": url(f"{folder}/{files[one['version']]}")}
            for one in group["versions"]
        },
    }


def term_of(text: str | None) -> str | None:
    """What to search for, as a LIKE pattern. Raises Invalid for less than three letters."""
    if text is None:
        return None
    text = text.strip()
    if len(text) < 3:
        raise Invalid("filter[term]: expected at least 3 letters.", field="filter[term]")
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"
