"""The rights that somebody asks for another: each is looked at, and all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from agendum.core.errors import AppError, Forbidden, Invalid
from agendum.members.errors import NotYours
from agendum.members.rules.grants import covers, holds, kept_within, read_value
from agendum.members.rules.roles import Role, may_hold
from agendum.members.rules.tree import ENTITIES, Entity, Right, complete, find, value_of
from agendum.members.wire import PermissionOption, PermissionValue


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What the rights of a location can be narrowed to."""

    chain_id: int
    chain_title: str
    positions: list[PermissionOption]
    masters: list[PermissionOption]

    def of(self, entity: Entity) -> list[PermissionOption] | None:
        """None for what the server keeps no list of."""
        if entity == "salon_group":
            return [PermissionOption(title=self.chain_title, value=self.chain_id)]
        return {"position": self.positions, "master": self.masters}.get(entity)

    def has_master(self, team_member_id: int) -> bool:
        return any(option.value == team_member_id for option in self.masters)


class Complaints:
    """What is wrong with a request of many parts."""

    def __init__(self) -> None:
        self._found: list[tuple[AppError, dict[str, Any]]] = []

    def add(self, error: AppError, prefix: str = "") -> None:
        for item in error.errors or [{"code": error.status, "field": "", "message": error.message}]:
            self._found.append((error, item | {"field": f"{prefix}{item['field']}".rstrip(".")}))

    def raise_any(self) -> None:
        """Raises Invalid naming all of them, or Forbidden when nothing but rights is missing."""
        if not self._found:
            return
        items = [item for _, item in self._found]
        message = self._found[0][0].message
        if all(isinstance(error, Forbidden) for error, _ in self._found):
            raise Forbidden(message, errors=items)
        raise Invalid(message if len(items) == 1 else None, errors=items)


def with_wishes(
    mine: Mapping[str, Any], role: Role, base: Mapping[str, Any], wishes: Sequence[PermissionValue], choices: Choices
) -> dict[str, Any]:
    """`base` with what is asked for. Raises Invalid and Forbidden, each naming every wrong part.

    A wish for what is so already needs no right; any other must lie within `mine`, and the limits of a right that is
    new to the user are those of whoever gives it.
    """
    rights, complaints = dict(base), Complaints()
    for n, wish in enumerate(wishes):
        try:
            right = find(wish.slug)
            if right is None:
                raise Invalid("There is no such permission.", field=f"user_permissions[{n}].slug")
            value = read_value(right, wish.value, f"user_permissions[{n}].value")
            if value != value_of(rights, right):
                _check(mine, role, right, value, choices, f"user_permissions[{n}].value")
                rights[right.name] = value
        except AppError as error:
            complaints.add(error)
    complaints.raise_any()
    return complete(kept_within(mine, base, rights))


def _check(mine: Mapping[str, Any], role: Role, right: Right, value: Any, choices: Choices, field: str) -> None:
    if not may_hold(role, right.name, value):
        raise Invalid("This role only reads." if role.reads_only else "An owner holds every right.", field=field)
    entity = ENTITIES.get(right.name)
    options = None if entity is None else choices.of(entity)
    if options is not None and value and all(option.value != value for option in options):
        raise Invalid("There is no such one here.", field=field)
    if not (holds(mine, right) and covers(mine, right, value)):
        raise NotYours(field)
