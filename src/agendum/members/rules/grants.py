"""Who may give what to whom. Nobody gives what he lacks, and nobody changes somebody who stands above him."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

import msgspec

from agendum.core.errors import Invalid
from agendum.core.permissions import allows
from agendum.core.rights import NONE
from agendum.members.rules.roles import Role, stored_role
from agendum.members.rules.tree import RIGHTS, Right, value_of

# The one id of which 0 is none: the chain whose clients are shown.
_CHAIN = "records_group_id"
_LARGEST = 2**63 - 1
_DAYS = 36_500


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """How a user stands in a location: `is_approved` is false until he accepts; `is_wide`: the whole chain's member,
    `is_own`: the location says something of its own about him; `team_member_id`: as whom he serves clients there."""

    user_id: int
    stored_role: str
    rights: dict[str, Any]
    information: str
    is_approved: bool
    is_wide: bool
    is_own: bool
    team_member_id: int | None

    @property
    def role(self) -> Role:
        return stored_role(self.stored_role)

    def may(self, *rights: str) -> bool:
        return self.is_approved and all(allows(self.rights, right) for right in rights)


def holds(mine: Mapping[str, Any], right: Right) -> bool:
    """Whether one has anything of a right to give."""
    value = value_of(mine, right)
    if right.kind == "allow":
        return value is True
    if right.parent is not None and not holds(mine, right.parent):
        return False
    return value != NONE["days"] if right.kind == "days" else True


def covers(mine: Mapping[str, Any], right: Right, value: Any) -> bool:
    """Whether `value` goes no further than one's own."""
    own = value_of(mine, right)
    if right.kind == "allow":
        return value is not True or own is True
    if right.kind == "narrow":
        return value is True or own is not True
    if right.parent is not None and right.parent.kind == "allow" and not holds(mine, right.parent):
        return value == NONE[right.kind]
    if right.kind == "days":
        return own == -1 or 0 <= value <= own
    if right.name == "last_days_count":
        return own == 0 or 0 < value <= own
    if right.name == _CHAIN:
        return value in (NONE["id"], own)
    if right.kind == "id":
        return own in (0, value)
    return not own or (bool(value) and set(value) <= set(own))


def is_editable(mine: Mapping[str, Any], right: Right) -> bool:
    """Whether one may set a right of others both ways."""
    if not holds(mine, right):
        return False
    own = value_of(mine, right)
    if right.kind == "narrow":
        return own is not True
    return right.kind != "id" or right.name == _CHAIN or own == 0


def clipped(mine: Mapping[str, Any], rights: Mapping[str, Any]) -> dict[str, Any]:
    """The rights as far as one has them oneself."""
    out = dict(rights)
    for right in RIGHTS.values():
        value = value_of(rights, right)
        if not covers(mine, right, value):
            out[right.name] = _own_limit(mine, right, value)
    return out


def _own_limit(mine: Mapping[str, Any], right: Right, value: Any) -> Any:
    own = value_of(mine, right)
    if right.kind == "ids" and value:
        return [item for item in value if item in own] or own
    return own if holds(mine, right) or right.kind == "narrow" else NONE[right.kind]


def exceeds(mine: Mapping[str, Any], rights: Mapping[str, Any]) -> list[str]:
    """The names of the rights that go beyond one's own; a limit of what is not held at all goes nowhere."""
    return [
        right.name
        for right in RIGHTS.values()
        if not covers(mine, right, value_of(rights, right))
        and (right.kind == "allow" or right.parent is None or holds(rights, right.parent))
    ]


def kept_within(mine: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """`after` with the limits that a new right brings to life no wider than one's own."""
    fresh = set(exceeds(mine, after)) - set(exceeds(mine, before))
    limits = [RIGHTS[name] for name in fresh if RIGHTS[name].kind != "allow"]
    return {**after, **{right.name: _own_limit(mine, right, value_of(after, right)) for right in limits}}


def may_manage(mine: Place, theirs: Place) -> bool:
    """Whether one may change or remove another at a location, beside the right to do such things."""
    if mine.user_id == theirs.user_id:
        return True
    if mine.role.weight < theirs.role.weight or (theirs.is_wide and not mine.is_wide):
        return False
    return not allows(mine.rights, "limited_users_access") or not exceeds(mine.rights, theirs.rights)


def read_value(right: Right, value: Any, field: str) -> Any:
    """A value as it came, as a membership keeps it; null is none of it. Raises Invalid naming the field."""
    if value is None:
        return NONE[right.kind]
    if right.name == "auth_list_allowed_ip":
        return _addresses(value, field)
    if right.kind in ("allow", "narrow"):
        read = {"1": True, "true": True, "0": False, "false": False}.get(str(value).lower())
        if read is not None:
            return read
        raise Invalid("Expected true or false.", field=field)
    if right.kind == "ids":
        items: list[Any] = value if isinstance(value, list) else [part for part in str(value).split(",") if part]
        return sorted({_number(item, 0, _LARGEST, field) for item in items})
    if right.kind == "days":
        return _number(value, -1, _DAYS, field)
    return _number(value, 0, _DAYS if right.name == "last_days_count" else _LARGEST, field)


def _number(value: Any, least: int, most: int, field: str) -> int:
    try:
        number = int(value) if isinstance(value, int | str) and not isinstance(value, bool) else None
    except ValueError:
        number = None
    if number is None or not least <= number <= most:
        raise Invalid(f"Expected a whole number from {least}.", field=field)
    return number


def _addresses(value: Any, field: str) -> list[str]:
    items: list[Any] = value if isinstance(value, list) else str(value).replace(",", " ").split()
    try:
        return [str(ipaddress.ip_network(str(item).strip(), strict=False)) for item in items]
    except ValueError:
        raise Invalid("Expected IP addresses or networks.", field=field) from None
