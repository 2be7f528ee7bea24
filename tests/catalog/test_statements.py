"""Lists cost at most two statements, however long they are."""

from __future__ import annotations

import pytest

from tests.booking.test_statements import watch
from tests.catalog.conftest import Desk
from tests.makers.world import make_service

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "path",
    [
        "/services/{here}",
        "/services/{here}?staff_id={anna}",
        "/company/{here}/services/0",
        "/company/{here}/services/0?staff_id={anna}&category_id={category}",
        "/services/{here}/{haircut}",
        "/company/{here}/service_categories/0",
        "/service_categories/{here}/0?staff_id={anna}",
        "/chain/{chain}/service_categories?include=services",
        "/v2/locations/{here}/services",
        "/v2/locations/{here}/services?include=resources,service_composite,resource_links,company_links",
        "/v2/locations/{here}/services/{haircut}?include=resources",
        "/v2/locations/{here}/service_categories?filter[staff_id]={anna}",
        "/v2/locations/{here}/attendance_services?staff_id={anna}",
        "/v2/locations/{here}/attendance_service_suggestions?staff_id={anna}&include=attendance_service",
    ],
)
async def test_statements_of_a_list(desk: Desk, path: str) -> None:
    b = desk.business
    for number in range(60):
        places = {desk.here: (b.anna, b.peter)}
        await make_service(desk.db, b.chain_id, b.category_id, f"Service {number}", places)
    address = path.format(here=desk.here, anna=b.anna, haircut=b.haircut, category=b.category_id, chain=b.chain_id)
    await desk.call("GET", address)
    seen = watch(desk)
    answer = await desk.call("GET", address)
    assert answer.status_code == 200
    assert len(seen) <= 2, "\n".join(seen)
