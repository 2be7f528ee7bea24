"""Two servers over one database: what is changed through the one is felt by clients of the other."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from agendum.core.clock import now
from agendum.core.rights import KINDS
from tests.makers.world import SmallWorld, connect, make_small_world
from tests.processes import serving, until

pytestmark = pytest.mark.xdist_group("processes")


class Caller:
    """The owner at one of the servers."""

    def __init__(self, http: httpx.Client, small: SmallWorld) -> None:
        self.http, self.small = http, small
        owner = f"Bearer {small.partner_token}, User {small.business.owner.token}"
        self.headers = {"Authorization": owner}

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        answer = self.http.request(method, f"/api/v1{path}", json=body, params=query, headers=self.headers)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()["data"] if answer.content else None


def test_a_change_through_one_process_is_felt_by_a_client_of_the_other(folder: Path) -> None:
    with serving(folder, "--workers", "1") as first:
        small = asyncio.run(_business(first.dsn))
        b, place = small.business, f"{small.business.location_id}"
        day = now().astimezone(b.zone).date() + timedelta(days=3)
        with (
            serving(folder.with_name("second"), "--workers", "1", database_url=first.dsn) as second,
            first.http() as one,
            second.http() as other,
        ):
            desk, client = Caller(one, small), Caller(other, small)

            def times(service: int, member: int, on: date = day) -> list[str]:
                slots = client("GET", f"/book_times/{place}/{member}/{on}", **{"service_ids[]": service})
                return [slot["time"] for slot in slots]

            def offered() -> set[str]:
                return {service["title"] for service in client("GET", f"/book_services/{place}")["services"]}

            assert times(b.haircut, b.anna)
            assert "Haircut" in offered()

            late = {"team_member_id": b.anna, "dates": [str(day)], "slots": [{"from": "20:00", "to": "22:00"}]}
            desk("PUT", f"/company/{place}/staff/schedule", {"schedules_to_set": [late]})
            until(lambda: times(b.haircut, b.anna)[:1] == ["20:00"])
            wanted = {"id": 1, "services": [b.haircut], "staff_id": b.anna, "datetime": f"{day}T20:00:00"}
            nora = {"phone": "+13155550199", "fullname": "Nora", "appointments": [wanted]}
            assert client("POST", f"/book_record/{place}", nora)[0]["record_id"]

            desk("DELETE", f"/company/{place}/services/{b.manicure}/staff/{b.anna}")
            until(lambda: "Manicure" not in offered())
            desk("PATCH", f"/services/{place}/{b.massage}", {"active": 0})
            until(lambda: "Massage" not in offered())
            settings = desk("GET", f"/company/{place}/settings/online")
            desk("PATCH", f"/company/{place}/settings/online", settings | {"any_master": False})
            anyone = {"appointments": [wanted | {"staff_id": 0, "datetime": f"{day}T21:00:00"}]}
            until(
                lambda: other.post(f"/api/v1/book_check/{place}", json=anyone, headers=client.headers).is_client_error
            )


async def _business(dsn: str) -> SmallWorld:
    db = await connect(dsn)
    try:
        return await make_small_world(db, rights=[right for right, kind in KINDS.items() if kind == "allow"])
    finally:
        await db.close()
