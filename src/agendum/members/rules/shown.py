"""Users, roles and rights as the wire has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from agendum.core.phone import show_phone
from agendum.core.rights import FULL, KINDS, NONE, SECTIONS
from agendum.members.rules.grants import Place, is_editable, may_manage
from agendum.members.rules.roles import ROLES, Role, may_choose, preset, stored_role
from agendum.members.rules.tree import ENTITIES, RIGHTS, TOP, Entity, Right, value_of
from agendum.members.rules.wishes import Choices
from agendum.members.wire import (
    OldAccess,
    OldUser,
    Permission,
    PermissionOption,
    PermissionType,
    PermissionValue,
    RoleShown,
    UserOfLocation,
    UserPermissions,
)

_ALL: dict[Entity, str] = {
    "position": "All positions",
    "master": "All team members",
    "salon_group": "No chain",
}
_WIRE_FULL = {"allow": True, "narrow": False, "days": "-1", "id": "0", "ids": ""}
_WIRE_NONE = {"allow": False, "narrow": True, "days": "0", "id": "0", "ids": None}


def user_shown(row: Mapping[str, Any]) -> UserOfLocation:
    """A row of users_of_location."""
    return UserOfLocation(
        id=row["id"],
        name=row["name"],
        phone=show_phone(row["phone"]),
        email=row["email"],
        information=row["information"] or stored_role(row["role"]).title,
        is_approved=row["is_approved"],
        is_non_deletable=row["is_non_deletable"],
    )


def old_user_shown(row: Mapping[str, Any]) -> OldUser:
    """A row of users_of_location as the older list has it."""
    access: dict[str, Any] = dict(row["access"])
    member_id = access.pop("master_id") or 0
    held = {name: value is True for name, value in access.items()}
    return OldUser(
        id=row["id"],
        firstname=row["name"],
        login=row["login"],
        email=row["email"],
        phone=show_phone(row["phone"]),
        information=row["information"] or stored_role(row["role"]).title,
        access=OldAccess(**held, master_id=member_id),
    )


def by_section(rights: Mapping[str, Any]) -> dict[str, Any]:
    """A membership's rights by section, those of none beside the sections."""
    out: dict[str, Any] = {}
    for section, names in SECTIONS.items():
        values = {name: rights.get(name, NONE[KINDS[name]]) for name in names}
        if section:
            out[section] = values
        else:
            out |= values
    return out


def permissions_shown(mine: Place, theirs: Place) -> UserPermissions:
    """Role and rights of a user, as the caller sees them."""
    return UserPermissions(
        user_role=theirs.role.slug,
        staff_id=theirs.team_member_id,
        is_editable=mine.may("edit_users_access") and may_manage(mine, theirs),
        user_permissions=[
            PermissionValue(slug=right.slug, value=_wire_value(right, value_of(theirs.rights, right)))
            for right in RIGHTS.values()
        ],
    )


def _wire_value(right: Right, value: Any) -> Any:
    return _as_text(value) if right.name == "auth_list_allowed_ip" else value


def _as_text(items: list[Any]) -> str:
    return ",".join(map(str, items))


def roles_shown(mine: Place, theirs: Place | None, choices: Choices | None) -> list[RoleShown]:
    """The roles, heaviest last, with their rights when there are `choices`. For a user `is_editable` says what the
    caller may change of him, else what can be changed of the role at all."""
    return [
        RoleShown(
            slug=role.slug,
            title=role.title,
            description=role.description,
            weight=role.weight,
            user_permissions=msgspec.UNSET if choices is None else _Tree(mine, theirs, role, choices).of(TOP),
        )
        for role in ROLES
    ]


class _Tree:
    """The rights of one role."""

    def __init__(self, mine: Place, theirs: Place | None, role: Role, choices: Choices) -> None:
        self._mine, self._role, self._choices = mine, role, choices
        self._preset = preset(role, choices.chain_id, None if theirs is None else theirs.team_member_id)
        self._for_user = theirs is not None
        self._editable = theirs is None or (
            mine.may("edit_users_access") and may_manage(mine, theirs) and mine.role.weight >= role.weight
        )

    def of(self, rights: list[Right]) -> list[Permission]:
        return [self._one(right) for right in rights]

    def _one(self, right: Right) -> Permission:
        value = value_of(self._preset, right)
        entity = ENTITIES.get(right.name)
        return Permission(
            slug=right.slug,
            title=right.title,
            hint=right.hint,
            is_recommended=value == FULL[right.kind],
            is_editable=self._may_set(right),
            default_value=_as_text(value) if isinstance(value, list) else value,
            entity_name=entity,
            children=self.of(right.children) or None,
            options=self._options(entity),
            type=PermissionType(
                slug=right.type_slug,
                all_access_value=_WIRE_FULL[right.kind],
                no_access_value=_WIRE_NONE[right.kind],
            ),
        )

    def _may_set(self, right: Right) -> bool:
        if not self._editable or not may_choose(self._role, right.name):
            return False
        return not self._for_user or is_editable(self._mine.rights, right)

    def _options(self, entity: Entity | None) -> list[PermissionOption] | None:
        known = None if entity is None else self._choices.of(entity)
        if known is None or entity is None:
            return None
        return [PermissionOption(title=_ALL[entity], value=0), *known]
