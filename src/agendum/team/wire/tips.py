"""Tips settings on the wire."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from agendum.team.wire.members import PositionName

TipsStatus = Literal[1, 3, 4]


class TippedEmployee(msgspec.Struct):
    id: int
    phone: str


class TippedUser(msgspec.Struct):
    id: int
    name: str
    email: str
    phone: str


class TippedMember(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`employee`, `user` and `position` are left out where there is none."""

    id: int
    name: str
    specialization: str
    avatar: str
    employee: TippedEmployee | UnsetType = UNSET
    user: TippedUser | UnsetType = UNSET
    position: PositionName | UnsetType = UNSET


class TipsSetting(msgspec.Struct, kw_only=True):
    """`status`: 1 new, never switched on; 3 no user is tied to whom tips could go; 4 everything is set.
    `landing_external` is the page of his own, `master_tips_form_link` the form in which a client leaves a tip."""

    id: int
    location_id: int
    staff_id: int
    hash: str
    status: TipsStatus
    status_title: str
    is_enabled: bool
    landing_external: str
    master_tips_form_link: str
    invite_sms_sent: bool
    staff: TippedMember
