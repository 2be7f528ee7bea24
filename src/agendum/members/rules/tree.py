"""Every right as roles show it: its title, what stands under it, how its value is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import msgspec

from agendum.core.rights import KINDS, NONE, Kind
from agendum.members.rules.titles import TREE
from agendum.members.wire import TypeSlug

Entity: TypeAlias = Literal["position", "master", "salon_group", "account", "expense", "storage", "transaction_type"]

# Two names of one right, which always hold one value; the first is shown.
SAME: dict[str, str] = {
    "finances_expenses_read_access": "expenses_read_access",
    "finances_expenses_create_access": "expenses_create_access",
    "finances_expenses_update_access": "expenses_update_access",
    "finances_expenses_delete_access": "expenses_delete_access",
    "finances_kkm_transactions_access": "kkm_transactions_accounts_access",
    "finances_kkm_settings_read_access": "kkm_settings_reed_access",
    "finances_kkm_settings_update_access": "kkm_settings_update_access",
    "finances_settings_invoicing_read_access": "settings_invoicing_read_access",
    "finances_settings_invoicing_update_access": "settings_invoicing_update_access",
    "finances_options_read_access": "options_read_access",
    "finances_options_update_access": "options_update_access",
    "finances_salary_access_master_id": "get_salary_access_master_id",
    "clients_excel_access": "excel_access",
    "clients_visit_master_id": "get_visit_master_id",
    "client_phones_access": "clients_phones_access",
    "clients_surname_middle_name_access": "clients_surname_patronymic_access",
    "clients_surname_middle_name_edit_access": "clients_surname_patronymic_edit_access",
    "dashboard_access": "dash_access",
    "loyalty_access": "has_loyalty_access",
    "loyalty_cards_manual_transactions_access": "has_loyalty_cards_manual_transactions_access",
}

# Names that say more on the wire of roles than in a membership.
SLUGS = {
    "master_id": "timetable_master_id",
    "position_id": "timetable_position_id",
    "last_days_count": "timetable_last_days_count",
}

ENTITIES: dict[str, Entity] = {
    "position_id": "position",
    "master_id": "master",
    "clients_visit_master_id": "master",
    "finances_salary_access_master_id": "master",
    "records_group_id": "salon_group",
    "finances_accounts_ids": "account",
    "finances_expenses_ids": "expense",
    "storages_ids": "storage",
    "storages_transactions_types": "transaction_type",
}


_TYPES: dict[Kind, TypeSlug] = {
    "narrow": "has_limited_access",
    "days": "last_days_count",
    "id": "allowed_id",
    "ids": "allowed_ids",
}


class Right(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One right. `parent` is the right that it belongs under."""

    name: str
    title: str
    kind: Kind
    parent: Right | None
    children: list[Right] = msgspec.field(default_factory=list)

    @property
    def slug(self) -> str:
        return SLUGS.get(self.name, self.name)

    @property
    def type_slug(self) -> TypeSlug:
        """How the wire calls the kind of value."""
        if self.name == "auth_list_allowed_ip":
            return "allowed_ip"
        if self.name == "last_days_count":
            return "last_days_count"
        if "limitation_today" in self.name or "no_limit_today" in self.name:
            return "has_limited_today"
        if self.name.endswith(("_by_master_access", "_access_master_checkbox")):
            return "has_limited_by_own_access"
        if self.kind == "allow":
            return "has_group_access" if self.children else "has_access"
        return _TYPES[self.kind]

    @property
    def hint(self) -> str:
        """What a number means."""
        if self.name == "last_days_count":
            return "0: all of them"
        return {"days": "-1: all of them, 0: none", "id": "0: all", "ids": "Empty: all"}.get(self.kind, "")


def _read(text: str) -> list[Right]:
    above: list[Right] = []
    top: list[Right] = []
    for line in text.strip().splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name, title = line.strip().split(": ", 1)
        right = Right(name=name, title=title, kind=KINDS[name], parent=above[depth - 1] if depth else None)
        above[depth:] = [right]
        (above[depth - 1].children if depth else top).append(right)
    return top


def _walk(rights: list[Right]) -> Iterator[Right]:
    for right in rights:
        yield right
        yield from _walk(right.children)


TOP: list[Right] = _read(TREE)
"""The rights that stand alone, each with what stands under it."""

RIGHTS: dict[str, Right] = {right.name: right for right in _walk(TOP)}
"""Every right by the name that is shown, in the order of the tree."""

_NAME_OF = {**{other: name for name, other in SAME.items()}, **{slug: name for name, slug in SLUGS.items()}}


def find(slug: str) -> Right | None:
    """The right of any of its names."""
    return RIGHTS.get(_NAME_OF.get(slug, slug))


def value_of(rights: Mapping[str, Any], right: Right) -> Any:
    """What a membership holds of a right; nothing where it says nothing."""
    return rights.get(right.name, NONE[right.kind])


def complete(rights: dict[str, Any]) -> dict[str, Any]:
    """A membership's rights under all the names that they have."""
    return rights | {other: rights[name] for name, other in SAME.items() if name in rights}
