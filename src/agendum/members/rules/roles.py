"""Roles: what each is called, who stands above whom, and the rights that it brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from agendum.core.rights import FULL, KINDS, NONE, administrator_rights, owner_rights, team_member_rights
from agendum.members.rules.tree import RIGHTS, SAME, complete
from agendum.members.wire import RoleSlug

# What only an owner is given: others may hold it if an owner grants it.
_OWNERS = frozenset(
    """
    billing_access billing_invoices_access salon_to_salon_group_add_access security_access security_2fa_access
    security_data_changes_access security_employee_changes_access security_export_import_access
    security_logins_access finances_year_report_access finances_year_report_excel_access delete_users_access
    """.split()  # noqa: SIM905
)
_ACCOUNTANTS = frozenset(
    """
    timetable_access record_form_access record_form_client_access records_finances_access records_goods_access
    clients_access clients_surname_middle_name_access clients_deposits_access clients_deposits_history_access
    dashboard_access dash_records_access stat_access notification web_push storages_access
    storages_transactions_access storages_transactions_excel_access storages_inventory_access
    storages_inventory_excel_access storages_goods_prime_cost_view_access storages_remnants_report_access
    storages_remnants_report_excel_access storages_sales_report_access storages_sales_report_excel_access
    storages_consumable_report_access storages_consumable_report_excel_access storages_write_off_report_access
    storages_write_off_report_excel_access storages_turnover_report_access storages_turnover_report_excel_access
    """.split()  # noqa: SIM905
)
# What reads and changes nothing; a role that only reads can hold no other.
_READING = frozenset(
    """
    timetable_access timetable_phones_access timetable_statistics_access record_form_access
    record_form_client_access records_autocomplete_access custom_fields_client_values_read_access
    custom_fields_record_values_read_access clients_access client_phones_access clients_phones_email_access
    clients_card_phone_access clients_surname_middle_name_access clients_card_comment_access
    clients_show_attendance_history_access client_comments_list_access client_files_list_access
    clients_loyalty_read_access dashboard_access dash_phones_access dash_records_access dash_records_phones_access
    dash_message_access dash_message_phones_access dash_reviews_access dashboard_calls_access
    dashboard_calls_phones_access notification web_push web_phone_push settings_positions_read stat_access
    """.split()  # noqa: SIM905
)
# Of the calendar and the clients, what a team member is shown of himself only.
_OWN = ("master_id", "clients_visit_master_id")
# What makes a team member's own calendar and clients: without one there is nothing to show.
_OWN_ACCESS = ("timetable_access", "record_form_access", "clients_access")
# What an owner may switch for himself: it takes nothing from what he may do.
_TASTES = frozenset({"auth_enable_check_ip", "auth_list_allowed_ip"})


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """`stored`: its name in a membership. The heavier stands above: nobody manages somebody of a heavier role."""

    slug: RoleSlug
    stored: str
    title: str
    description: str
    weight: int
    reads_only: bool = False


ROLES: list[Role] = [
    Role(
        slug="free_readonly",
        stored="free_readonly",
        title="Team member who only reads",
        description="Sees the own calendar and clients, changes nothing",
        weight=1,
        reads_only=True,
    ),
    Role(
        slug="worker",
        stored="team_member",
        title="Team member",
        description="Provides services: the own calendar and clients",
        weight=1,
    ),
    Role(
        slug="free_readonly_admin",
        stored="free_readonly_admin",
        title="Administrator who only reads",
        description="Sees everybody's calendar and clients, changes nothing",
        weight=2,
        reads_only=True,
    ),
    Role(
        slug="administrator",
        stored="administrator",
        title="Administrator",
        description="The front desk: calendar and clients of everybody",
        weight=2,
    ),
    Role(
        slug="accountant",
        stored="accountant",
        title="Accountant",
        description="Money, stock and reports",
        weight=2,
    ),
    Role(
        slug="manager",
        stored="manager",
        title="Manager",
        description="Runs the location, its team and its users",
        weight=3,
    ),
    Role(
        slug="owner",
        stored="owner",
        title="Owner",
        description="May do everything",
        weight=4,
    ),
]
_BY_SLUG = {role.slug: role for role in ROLES}
_BY_STORED = {role.stored: role for role in ROLES}


def role_of(slug: RoleSlug) -> Role:
    return _BY_SLUG[slug]


def stored_role(stored: str) -> Role:
    """The role of a membership; one that was put together by hand counts as a team member's."""
    return _BY_STORED.get(stored, _BY_SLUG["worker"])


def preset(role: Role, chain_id: int, team_member_id: int | None) -> dict[str, Any]:
    """The rights that a role brings. `team_member_id`: as whom the user serves clients, if he does."""
    if role.slug == "owner":
        return owner_rights(chain_id)
    if role.slug == "manager":
        everything = owner_rights(chain_id)
        return everything | {name: NONE[KINDS[name]] for name in _OWNERS}
    if role.slug == "accountant":
        return _accountant()
    if role.slug == "administrator":
        return administrator_rights()
    if role.slug == "free_readonly_admin":
        return reading(administrator_rights())
    rights = team_member_rights(team_member_id or 0)
    if role.reads_only:
        rights = reading(rights)
    return rights if team_member_id else without_own(rights)


def _accountant() -> dict[str, Any]:
    rights = {name: NONE[kind] for name, kind in KINDS.items()}
    given = _ACCOUNTANTS | {name for name in RIGHTS if name.startswith(("finances_", "calculation_"))}
    rights |= {name: FULL[KINDS[name]] for name in given - _OWNERS}
    days = {name: FULL["days"] for name, kind in KINDS.items() if kind == "days"}
    return complete(rights | days)


def reading(rights: Mapping[str, Any]) -> dict[str, Any]:
    """The rights without those that change anything."""
    return {
        name: value if KINDS[name] != "allow" or _may_read(name) else False
        for name, value in rights.items()
        if name in KINDS
    }


def _may_read(name: str) -> bool:
    return name in _READING or any(SAME.get(shown) == name for shown in _READING)


def without_own(rights: Mapping[str, Any]) -> dict[str, Any]:
    """Of a user who serves nobody here: no calendar and no clients are his own."""
    return {**rights, **dict.fromkeys(_OWN_ACCESS, False), **complete(dict.fromkeys(_OWN, 0))}


def is_limited_to(rights: Mapping[str, Any], team_member_id: int | None) -> bool:
    """Whether the rights reach no further than one team member's own."""
    return team_member_id is not None and any(rights.get(name) == team_member_id for name in _OWN)


def follow_member(rights: Mapping[str, Any], before: int | None, after: int | None) -> dict[str, Any]:
    """The rights of a user who serves clients as somebody else from now on, or as nobody."""
    if before == after or not is_limited_to(rights, before):
        return dict(rights)
    if after is None:
        return without_own(rights)
    own = {name: after for name in _OWN if rights.get(name) == before}
    return {**rights, **complete(own)}


def may_hold(role: Role, name: str, value: Any) -> bool:
    """Whether a role can go with a value of a right at all: owners hold everything, readers change nothing."""
    if role.slug == "owner":
        return name in _TASTES or name == "records_group_id" or value == FULL[KINDS[name]]
    return not role.reads_only or KINDS[name] != "allow" or not value or name in _READING


def may_choose(role: Role, name: str) -> bool:
    """Whether a right of a role can be set one way or the other."""
    if role.slug == "owner":
        return name in _TASTES
    return not role.reads_only or KINDS[name] != "allow" or name in _READING
