"""Roles and grants, without a database."""

from __future__ import annotations

import pytest

from agendum.core.rights import FULL, KINDS, NONE
from agendum.members.rules.grants import clipped, covers, exceeds, holds, is_editable
from agendum.members.rules.roles import ROLES, Role, may_hold, preset, role_of
from agendum.members.rules.tree import RIGHTS, SAME

CHAIN, ANNA = 77, 5
EVERYTHING = preset(role_of("owner"), CHAIN, None)


def test_every_right_has_a_place_and_a_title() -> None:
    assert RIGHTS.keys() | set(SAME.values()) == KINDS.keys()
    assert not RIGHTS.keys() & set(SAME.values())
    assert all(KINDS[name] == KINDS[other] for name, other in SAME.items())
    assert all(right.title for right in RIGHTS.values())


def test_a_limit_stands_under_what_it_limits() -> None:
    alone = {right.name for right in RIGHTS.values() if right.kind != "allow" and right.parent is None}
    assert alone == {"auth_enable_check_ip"}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.slug)
def test_a_role_brings_every_right_under_all_its_names(role: Role) -> None:
    rights = preset(role, CHAIN, ANNA)
    assert rights.keys() == KINDS.keys()
    assert all(rights[name] == rights[other] for name, other in SAME.items())
    assert all(may_hold(role, name, rights[name]) for name in RIGHTS)
    assert exceeds(EVERYTHING, rights) == []
    for name, value in rights.items():
        assert type(value) is type(NONE[KINDS[name]]), name


@pytest.mark.parametrize("above", ROLES, ids=lambda role: role.slug)
@pytest.mark.parametrize("below", ROLES, ids=lambda role: role.slug)
def test_what_is_clipped_goes_no_further_than_the_giver(above: Role, below: Role) -> None:
    mine, wanted = preset(above, CHAIN, ANNA), preset(below, CHAIN, 6)
    given = clipped(mine, wanted)
    assert exceeds(mine, given) == []
    assert clipped(mine, given) == given


@pytest.mark.parametrize(
    ("name", "own", "inside", "outside"),
    [
        ("send_sms", True, [True, False], []),
        ("send_sms", False, [False], [True]),
        ("storages_limited_access", True, [True], [False]),
        ("storages_limited_access", False, [True, False], []),
        ("records_edit_last_days_count", 7, [0, 7], [8, -1]),
        ("records_edit_last_days_count", -1, [0, 7, -1], []),
        ("last_days_count", 7, [1, 7], [0, 8]),
        ("last_days_count", 0, [0, 7], []),
        ("master_id", ANNA, [ANNA], [0, 6]),
        ("master_id", 0, [0, 6], []),
        ("storages_ids", [1, 2], [[1], [2, 1]], [[], [3], [1, 3]]),
        ("storages_ids", [], [[], [3]], []),
    ],
)
def test_what_a_value_covers(name: str, own: object, inside: list[object], outside: list[object]) -> None:
    mine = EVERYTHING | {name: own}
    assert all(covers(mine, RIGHTS[name], value) for value in inside)
    assert not any(covers(mine, RIGHTS[name], value) for value in outside)


def test_a_limit_without_what_it_limits_gives_nothing() -> None:
    mine = EVERYTHING | {"timetable_access": False, "storages_access": False}
    for name in ("master_id", "last_days_count", "storages_ids", "storages_limited_access"):
        assert not holds(mine, RIGHTS[name])
        assert not is_editable(mine, RIGHTS[name])
    assert not covers(mine, RIGHTS["master_id"], 6)
    assert all(is_editable(EVERYTHING, RIGHTS[name]) for name in RIGHTS if KINDS[name] != "id")
    assert FULL["days"] == -1
