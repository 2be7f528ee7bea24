"""What a client's visits come to, in a location and in the chain."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from agendum.core.rights import owner_rights
from tests.makers.clients import make_client, make_holder, make_stats
from tests.makers.office import Office

pytestmark = pytest.mark.anyio

MONEY = {"balance_amount", "spent_amount", "paid_amount"}


async def _in_location(office: Office, client_id: int, **how: Any) -> dict[str, Any]:
    path = f"/locations/{office.here}/clients/{client_id}/attendances_statistic"
    return (await office.ask_v2("GET", path, **how))["data"]["attributes"]


def _chain_path(office: Office, client_id: int, chain_id: int = 0) -> str:
    chain_id = chain_id or office.business.chain_id
    return f"/locations/{office.here}/clients/{client_id}/chain_attendances_statistic/{chain_id}"


async def _in_chain(office: Office, client_id: int, **how: Any) -> dict[str, Any]:
    return (await office.ask_v2("GET", _chain_path(office, client_id), **how))["data"]["attributes"]


async def _two_places(office: Office) -> int:
    """One person, a client of both locations; somebody else at the far one."""
    here = await make_client(office.db, office.business, phone="13155550188")
    far_id = office.business.far_location_id
    far = await make_client(office.db, office.business, phone="13155550188", location_id=far_id)
    other = await make_client(office.db, office.business, phone="13155550177", location_id=far_id)
    money = {"spent": Decimal("100.10"), "paid": Decimal("60.05")}
    at = datetime(2026, 7, 15, 20, 30, tzinfo=UTC)
    await make_stats(office.db, office.business, here, visits_count=3, failed_visits_count=1, last_visit_at=at, **money)
    await make_stats(office.db, office.business, far, visits_count=2, last_visit_at=at.replace(month=6), **money)
    await make_stats(office.db, office.business, other, visits_count=9, **money)
    return here


async def test_a_locations_sums_are_of_its_own_visits(office: Office) -> None:
    assert await _in_location(office, await _two_places(office)) == {
        "company_id": office.here,
        "successful_attendances_count": 3,
        "failed_attendances_count": 1,
        "balance_amount": -40.05,
        "spent_amount": 100.1,
        "paid_amount": 60.05,
        "last_successful_attendance_datetime": "2026-07-15 16:30:00",
    }


async def test_a_chains_sums_are_of_the_same_person_everywhere(office: Office) -> None:
    assert await _in_chain(office, await _two_places(office)) == {
        "chain_id": office.business.chain_id,
        "successful_attendances_count": 5,
        "failed_attendances_count": 1,
        "balance_amount": -80.1,
        "spent_amount": 200.2,
        "paid_amount": 120.1,
        "last_successful_attendance_datetime": "2026-07-15 16:30:00",
    }


async def test_people_without_a_phone_are_not_one_person(office: Office) -> None:
    first, second = [await make_client(office.db, office.business) for _ in range(2)]
    await make_stats(office.db, office.business, second, visits_count=4)
    sums = await _in_chain(office, first)
    assert (sums["successful_attendances_count"], sums["last_successful_attendance_datetime"]) == (0, None)


async def test_money_is_for_those_who_may_see_it(office: Office) -> None:
    client_id = await _two_places(office)
    user = await make_holder(office.db, office.business, {"clients_access": True})
    sums = await _in_location(office, client_id, user=user)
    assert not MONEY & sums.keys()
    assert sums["successful_attendances_count"] == 3
    payer = await make_holder(office.db, office.business, {"clients_access": True, "records_finances_access": True})
    assert sums.keys() | MONEY == (await _in_location(office, client_id, user=payer)).keys()


async def test_a_deleted_client_keeps_his_sums(office: Office) -> None:
    client_id = await _two_places(office)
    await office.db.execute("UPDATE clients SET deleted_at = now() WHERE id = $1", client_id)
    assert (await _in_location(office, client_id))["successful_attendances_count"] == 3


async def test_the_chain_is_for_those_who_see_its_clients(office: Office) -> None:
    client_id, chain_id = await _two_places(office), office.business.chain_id
    await office.ask_v2("GET", _chain_path(office, client_id, office.small.stranger_chain_id), 404)
    form = {"record_form_access": True}
    group = form | {"records_group_id_access": True}
    for rights, status in (
        (form, 403),
        (group, 200),
        (group | {"records_group_id": chain_id}, 200),
        (group | {"records_group_id": chain_id + 1000}, 403),
        (owner_rights(chain_id), 200),
    ):
        user = await make_holder(office.db, office.business, rights)
        await office.ask_v2("GET", _chain_path(office, client_id), status, user=user)
