"""An appointment's client and the sums over his visits."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.conformance.api import Api
from tests.makers.clients import make_chief, make_stats

UNKNOWN = 9_999_999


async def get_attendance_booking_user(api: Api) -> None:
    owner, client_id = await make_chief(api.db, api.business), api.business.client_id
    client = (await api(200, user=owner, **_him(api)))["data"]
    card = (await api(200, op="get_client", user=owner, id=client_id, **api.here))["data"]
    assert (client["id"], client["attributes"]["name"]) == (str(client_id), card["name"])
    assert "relationships" not in client
    query = {"include": "labels,first_successful_visit,custom_field_values"}
    document = await api(200, user=owner, query=query, **_him(api))
    assert document["data"]["relationships"] == {
        "labels": {"data": []},
        "first_successful_visit": {"data": None},
        "custom_field_values": {"data": []},
    }
    await api(422, user=owner, query={"include": "loyalty_cards"}, **_him(api))
    await api(422, user=owner, **_him(api, client_id=0))
    await _refused(api)


async def get_booking_user_location_attendance_statistics(api: Api) -> None:
    owner = await make_chief(api.db, api.business)
    await _visited(api)
    statistics = (await api(200, user=owner, **_him(api)))["data"]
    assert statistics["id"] == f"{api.business.client_id}_{api.business.location_id}"
    card = (await api(200, op="get_client", user=owner, id=api.business.client_id, **api.here))["data"]
    shown = statistics["attributes"]
    assert (shown["successful_attendances_count"], shown["failed_attendances_count"]) == (2, 1)
    assert (shown["spent_amount"], shown["paid_amount"], shown["balance_amount"]) == (
        card["spent"],
        card["paid"],
        card["balance"],
    )
    await api(422, user=owner, **_him(api, client_id=0))
    await _refused(api)


async def get_booking_user_chain_attendance_statistics(api: Api) -> None:
    owner = await make_chief(api.db, api.business)
    chain: dict[str, Any] = {"chain_id": api.business.chain_id}
    await _visited(api)
    statistics = (await api(200, user=owner, **_him(api), **chain))["data"]
    assert statistics["id"] == f"{api.business.client_id}_{api.business.chain_id}"
    assert statistics["attributes"]["successful_attendances_count"] == 2
    await api(404, user=owner, chain_id=UNKNOWN, **_him(api))
    await api(422, user=owner, **chain, **_him(api, client_id=0))
    await _refused(api, **chain)


def _him(api: Api, **other: int) -> dict[str, Any]:
    return {**api.here, "client_id": api.business.client_id, **other}


async def _visited(api: Api) -> None:
    at = datetime(2026, 7, 15, 20, 30, tzinfo=UTC)
    counts: dict[str, Any] = {"visits_count": 2, "failed_visits_count": 1, "first_visit_at": at, "last_visit_at": at}
    money = {"spent": Decimal("120.00"), "paid": Decimal("100.00")}
    await make_stats(api.db, api.business, api.business.client_id, **counts, **money)


async def _refused(api: Api, **more: Any) -> None:
    him, owner = _him(api), await make_chief(api.db, api.business)
    await api(401, **him, **more)
    await api(401, partner="", **him, **more)
    await api(403, user=api.business.limited, **him, **more)
    await api(403, user=api.world.stranger, **him, **more)
    await api(404, user=owner, **more, **_him(api, client_id=UNKNOWN))
    await api(404, user=owner, **more, **_him(api, location_id=UNKNOWN))
