"""Every route is one of the contract's or listed here as ours, says what it needs, and tells what it does."""

from __future__ import annotations

import csv

import pytest

from agendum.app import routes
from agendum.core.permissions import Needs
from agendum.core.routes import Route
from tests.house.sources import ROOT

# Operations of our own beside the contract, as (method, path).
OURS: set[tuple[str, str]] = {
    ("POST", "/api/v1/user/invite/accept"),
    ("GET", "/api/v1/user/invitation/{token}"),
    ("PUT", "/api/v1/user/records/{record_id}/{record_hash}"),
    ("GET", "/api/v2/companies/{company_id}/positions"),
    ("POST", "/api/v2/companies/{company_id}/positions"),
    ("GET", "/api/v2/companies/{company_id}/positions/{position_id}"),
    ("PUT", "/api/v2/companies/{company_id}/positions/{position_id}"),
    ("DELETE", "/api/v2/companies/{company_id}/positions/{position_id}"),
    ("GET", "/api/v1/company/{location_id}/services"),
    ("GET", "/api/v1/company/{location_id}/service_categories"),
    ("GET", "/api/v1/service_categories/{location_id}"),
    ("GET", "/api/v1/company/{location_id}/changes"),
    ("GET", "/api/v1/company/{location_id}/events/stream"),
    ("PUT", "/api/v1/company/{location_id}/settings/timeslots"),
    ("PUT", "/api/v1/privacy_policy/{location_id}"),
    ("GET", "/api/v1/book_settings/{location_id}"),
    ("POST", "/api/v1/resources/{location_id}"),
    ("GET", "/api/v1/company/{location_id}/clients/quick_search"),
    ("POST", "/api/v1/company/{location_id}/clients/files/{client_id}"),
    ("GET", "/api/v1/company/{location_id}/clients/files/{client_id}/{file_id}"),
    ("POST", "/api/v1/client/{location_id}/{id}/erase"),
    ("GET", "/api/v1/client/{location_id}/{id}/export"),
    ("PUT", "/api/v1/resources/{location_id}/{resource_id}"),
    ("DELETE", "/api/v1/resources/{location_id}/{resource_id}"),
}
ROUTES = routes()


def _contract() -> dict[tuple[str, str], tuple[str, str]]:
    with (ROOT / "tests/conformance/contract/operations.csv").open() as file:
        return {(row["method"], f"/api{row['path']}"): (row["operation"], row["group"]) for row in csv.DictReader(file)}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_route_is_known_and_named_as_in_the_contract(route: Route) -> None:
    where = (route.method, route.prefix + route.path)
    if where not in OURS:
        assert _contract().get(where) == (route.name, route.group)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_route_says_what_it_needs_and_does(route: Route) -> None:
    assert isinstance(route.needs, Needs)  # pyright: ignore[reportUnnecessaryIsInstance]
    if route.needs.rights:
        assert route.needs.user, "a right is a user's"
    if route.needs.member:
        assert {"location_id", "company_id", "chain_id"} & set(route.path_params), "one is a member of a place"
    assert route.handler.__doc__, "the reference shows it"
    assert "return" in route.hints, "the reference shows it"


def test_no_route_is_there_twice() -> None:
    places = [(route.method, route.prefix + route.path) for route in ROUTES]
    assert len(places) == len(set(places))
