"""Users of a location, their roles and rights on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from agendum.core.wire import Id

RoleSlug: TypeAlias = Literal[
    "worker", "administrator", "accountant", "manager", "owner", "free_readonly", "free_readonly_admin"
]
TypeSlug: TypeAlias = Literal[
    "has_access",
    "has_group_access",
    "has_limited_access",
    "has_allowed_ids",
    "has_limited_today",
    "has_limited_by_own_access",
    "last_days_count",
    "allowed_ids",
    "allowed_id",
    "allowed_ip",
]
Line = Annotated[str, Meta(max_length=255)]


class UsersQuery(msgspec.Struct, kw_only=True):
    """`is_approved`: who has accepted, or who has not; `is_non_deletable`: who cannot be removed, or who can."""

    is_approved: bool | None = msgspec.field(name="filter[is_approved]", default=None)
    is_non_deletable: bool | None = msgspec.field(name="filter[is_non_deletable]", default=None)


class UserOfLocation(msgspec.Struct, kw_only=True):
    """`information`: what the user does there, in words. Of an invited one only what the invitation said is shown."""

    id: int
    name: str
    phone: str
    email: str
    information: str
    is_approved: bool
    is_non_deletable: bool


class Count(msgspec.Struct):
    count: int


class OldAccess(msgspec.Struct, kw_only=True):
    """`master_id`: the one team member whose calendar is shown, 0 for all."""

    stat_access: bool
    schedule_edit_access: bool
    client_phones_access: bool
    clients_access: bool
    settings_access: bool
    edit_records_access: bool
    timetable_access: bool
    billing_access: bool
    users_access: bool
    excel_access: bool
    finances_access: bool
    storages_access: bool
    send_sms: bool
    master_id: int


class OldUser(msgspec.Struct, kw_only=True):
    id: int
    firstname: str
    login: str
    email: str
    phone: str
    information: str
    access: OldAccess


class RolesQuery(msgspec.Struct, kw_only=True):
    include: list[Literal["user_permissions"]] = []


class PermissionType(msgspec.Struct, kw_only=True):
    slug: TypeSlug
    all_access_value: bool | str | None
    no_access_value: bool | str | None


class PermissionOption(msgspec.Struct, kw_only=True):
    title: str
    value: int
    is_disabled: bool = False


class Permission(msgspec.Struct, kw_only=True):
    """A right of a role. `default_value`: what the role brings; `children`: what stands under it."""

    slug: str
    title: str
    hint: str
    is_recommended: bool
    is_editable: bool
    is_paid: bool = False
    is_paid_only: bool = False
    default_value: Any
    entity_name: str | None
    children: list[Permission] | None
    options: list[PermissionOption] | None
    type: PermissionType


class RoleShown(msgspec.Struct, kw_only=True):
    """`weight`: nobody manages somebody of a heavier role."""

    slug: RoleSlug
    title: str
    description: str
    weight: int
    user_permissions: list[Permission] | UnsetType = UNSET


class PermissionValue(msgspec.Struct, kw_only=True):
    """The value is true or false, a number, or a list of numbers, by the kind of the right; null is none of it."""

    slug: Line
    value: Any = None


class UserPermissions(msgspec.Struct, kw_only=True):
    """`staff_id`: as which team member the user serves clients; `is_editable`: whether the caller may change this."""

    user_role: RoleSlug
    staff_id: int | None
    is_editable: bool
    has_any_paid_permission: bool = False
    user_permissions: list[PermissionValue]


class PermissionsChange(msgspec.Struct, kw_only=True):
    """What is absent stays. Another role brings its own rights, then `user_permissions` change single ones.
    `staff_id` 0 or null: the user serves nobody here."""

    user_role: RoleSlug | UnsetType = UNSET
    user_permissions: Annotated[list[PermissionValue], Meta(max_length=1000)] = []
    team_member_id: Id | UnsetType | None = msgspec.field(name="staff_id", default=UNSET)


class Invite(msgspec.Struct, kw_only=True):
    """Whom to invite. `search`: his phone or e-mail; `position`: what he does, in words."""

    search: Annotated[str, Meta(max_length=255, examples=["j.smith@example.com"])]
    name: Line = ""
    position: Line | None = None
    user_role: RoleSlug | None = None
    user_permissions: Annotated[list[PermissionValue], Meta(max_length=1000)] | None = None
    team_member_id: Id | None = msgspec.field(name="staff_id", default=None)


class Invites(msgspec.Struct, kw_only=True):
    invites: Annotated[list[Invite], Meta(min_length=1, max_length=50)]


class Invitation(msgspec.Struct, kw_only=True):
    """What the link of an invitation opens: to where, to whom it was sent (`recipient` is a phone with its plus or an
    e-mail), as what (`position` in words). `may_register`: he has no account yet, and accepts with a password."""

    company_id: int
    company_title: str
    name: str
    position: str
    recipient: str
    may_register: bool
    expires_at: str


class Acceptance(msgspec.Struct, kw_only=True):
    """`token` is the last part of the link. Who has no account yet gives a password, and his name where he wants
    another one; who has one signs in and sends the token alone."""

    token: Annotated[str, Meta(min_length=1, max_length=64, examples=["9f86d081884c7d659a2feaa0c55ad015"])]
    name: Line = ""
    password: Annotated[str, Meta(max_length=255)] = ""


class CopyLink(msgspec.Struct, kw_only=True):
    """Where to, and what shall differ there."""

    location_id: Id = msgspec.field(name="company_id")
    user_permissions: Annotated[list[PermissionValue], Meta(max_length=1000)] = []


class CopyLinks(msgspec.Struct, kw_only=True):
    user_company_links: Annotated[list[CopyLink], Meta(min_length=1, max_length=200)]


class RemoveLink(msgspec.Struct, kw_only=True):
    location_id: Id = msgspec.field(name="company_id")


class RemoveLinks(msgspec.Struct, kw_only=True):
    user_company_links: Annotated[list[RemoveLink], Meta(min_length=1, max_length=200)]


class Saved(msgspec.Struct, kw_only=True):
    """`{success: true, data: null, meta: []}`."""

    success: bool = True
    data: None = None
    meta: list[Any] = []
