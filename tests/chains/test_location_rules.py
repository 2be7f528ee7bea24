"""Small decisions about locations, without a server."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agendum.chains.rules.locations import alphabetical, offset_hours, scope
from agendum.chains.wire import LocationsQuery
from agendum.core.permissions import Membership, User


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [
        ("America/New_York", -5, -4),
        ("Europe/Riga", 2, 3),
        ("Asia/Kolkata", 5.5, 5.5),
        ("Asia/Kathmandu", 5.75, 5.75),
        ("Pacific/Auckland", 13, 12),
        ("UTC", 0, 0),
    ],
)
def test_an_offset_is_that_of_the_moment(zone: str, winter: float, summer: float):
    for moment, hours in ((datetime(2026, 1, 15, tzinfo=UTC), winter), (datetime(2026, 7, 15, tzinfo=UTC), summer)):
        found = offset_hours(zone, moment)
        assert (found, type(found)) == (hours, type(hours))


def test_titles_sort_without_case_and_accents():
    assert sorted(["Zürich", "ålesund", "Bergen", "Ahus", "Éze"], key=alphabetical) == [
        "Ahus",
        "ålesund",
        "Bergen",
        "Éze",
        "Zürich",
    ]


def test_whose_locations_are_meant():
    whole_chain = Membership(1, None, "owner", {})
    one_location = Membership(2, 20, "administrator", {})
    user = User(1, "Olga", "", "", "", "", (whole_chain, one_location))
    everybodys, mine = LocationsQuery(), LocationsQuery(group_id=2)
    assert scope(everybodys, None) is None
    assert scope(mine, None) == {"chain_ids": [2], "own_ids": None, "own_chains": []}
    assert scope(everybodys, user) == {"chain_ids": [1, 2], "own_ids": [20], "own_chains": [1]}
    assert scope(mine, user) == {"chain_ids": [2], "own_ids": [20], "own_chains": [1]}
    assert scope(LocationsQuery(group_id=3), user) == {"chain_ids": [], "own_ids": [20], "own_chains": [1]}
