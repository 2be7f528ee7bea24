"""Who gives a service, and on what terms: how wishes are laid over what stands, what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from agendum.catalog.rules.services import LENGTHS, Problem, problem
from agendum.catalog.wire import UNSET, LinksBody, LinkSetting, StaffSetting
from agendum.core.money import MOST, to_cents


class LinkState(msgspec.Struct, frozen=True, kw_only=True):
    """How a team member gives a service: `duration` in seconds, prices of null are the service's, `card` is his bill of
    materials."""

    duration: int
    price: Decimal | None = None
    price_max: Decimal | None = None
    card: int | None = None
    is_online: bool = True
    is_offline_records_allowed: bool = True


def staff_problems(
    staff: list[StaffSetting], team: Collection[int], lengths: Mapping[int, int], service_length: int
) -> list[Problem]:
    """What is wrong with who shall give a service: `team` can, `lengths` are what they take for it now."""
    problems: list[Problem] = []
    seen: set[int] = set()
    for number, item in enumerate(staff):
        where = f"staff[{number}]"
        if item.id not in team:
            problems.append(problem(f"{where}.id", "There is no such team member at this location."))
        elif item.id in seen:
            problems.append(problem(f"{where}.id", "This team member is named twice."))
        seen.add(item.id)
        length = service_length if item.seance_length is UNSET else item.seance_length
        known = (lengths.get(item.id), service_length)
        if length not in LENGTHS or (length % 900 and length not in known):
            problems.append(problem(f"{where}.seance_length", "Expected a multiple of 15 minutes, in seconds."))
    return problems


def link_of(row: Any) -> LinkState:
    return LinkState(
        duration=row["duration"],
        price=row["price"],
        price_max=row["price_max"],
        card=row["technological_card_id"],
        is_online=row["is_online"],
        is_offline_records_allowed=row["is_offline_records_allowed"],
    )


def link_for(item: StaffSetting, link: LinkState | None, service_length: int) -> LinkState:
    """A link as a service's `staff` wants it: what is not said stays, or is the service's."""
    link = link or LinkState(duration=service_length)
    if item.technological_card_id is not UNSET:
        link = msgspec.structs.replace(link, card=item.technological_card_id or None)
    if item.seance_length is not UNSET:
        link = msgspec.structs.replace(link, duration=item.seance_length)
    return link


def links_wanted(body: LinksBody, links: Mapping[int, LinkState]) -> dict[int, LinkState]:
    """The links that a bulk change asks for, laid over those that stand."""
    return {
        item.team_member_id: msgspec.structs.replace(
            links.get(item.team_member_id, LinkState(duration=0)),
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
    return [problem("seance_length", "Expected 300 to 86100 seconds.")]


def links_problems(
    body: LinksBody, team: Collection[int], resources: Collection[int], languages: Collection[int]
) -> list[Problem]:
    """Everything that is wrong with a bulk change of links, item by item."""
    problems: list[Problem] = []
    seen: set[int] = set()
    for number, item in enumerate(body.team_member_settings):
        where = f"team_member_settings[{number}]"
        if item.team_member_id not in team:
            problems.append(problem(f"{where}.team_member_id", "There is no such team member at this location."))
        elif item.team_member_id in seen:
            problems.append(problem(f"{where}.team_member_id", "This team member is named twice."))
        seen.add(item.team_member_id)
        problems += _length_problems(item, where) + _price_problems(item, where)
    for number, resource_id in enumerate(body.resource_ids):
        if resource_id not in resources:
            problems.append(problem(f"resource_ids[{number}]", "There is no such resource at this location."))
    named: set[int] = set()
    for number, item in enumerate(body.translations):
        where = f"translations[{number}].language_id"
        if item.language_id not in languages:
            problems.append(problem(where, "There is no such language."))
        elif item.language_id in named:
            problems.append(problem(where, "This language is named twice."))
        named.add(item.language_id)
    return problems


def link_seconds(item: LinkSetting) -> int:
    return item.hours * 3600 + item.minutes * 60


def _length_problems(item: LinkSetting, where: str) -> list[Problem]:
    if not 0 <= item.minutes <= 59:
        return [problem(f"{where}.minutes", "Expected 0 to 59.")]
    if item.hours < 0 or link_seconds(item) not in LENGTHS:
        return [problem(f"{where}.hours", "Expected 5 minutes to 23 hours 55 minutes in all.")]
    return []


def _price_problems(item: LinkSetting, where: str) -> list[Problem]:
    if item.price is None:
        return []
    low, high = item.price.min, item.price.max
    for name, amount in (("min", low), ("max", high)):
        if amount is not None and (not amount.is_finite() or not 0 <= amount <= MOST):
            return [problem(f"{where}.price.{name}", "Expected an amount of 0 or more.")]
    if high is not None and high < low:
        return [problem(f"{where}.price.max", "Is below price.min.")]
    return []
