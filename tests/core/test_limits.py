"""Five requests a second from one address; the members of a team at their console are counted one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from agendum.core.edge import TEAM_TIMES
from agendum.core.limits import RateLimit
from tests.makers.world import connect, make_small_world
from tests.stage import Stages

pytestmark = pytest.mark.anyio


def test_windows_are_of_a_second_and_of_a_minute(tmp_path: Path) -> None:
    limit = RateLimit(tmp_path / "limits", per_minute=7, per_second=5)
    assert [limit.wait("a", 60.0) for _ in range(6)] == [0] * 5 + [1]
    assert [limit.wait("a", 61.5) for _ in range(3)] == [0, 0, 59]
    assert limit.wait("b", 61.5) == 0
    assert limit.wait("a", 120.0) == 0


async def test_a_team_at_one_address_is_counted_by_user(stages: Stages, tmp_path: Path) -> None:
    limits = {"rate_limit": "on", "rate_per_minute": 4, "rate_per_second": 4, "data_dir": str(tmp_path)}
    async with stages.world(**limits) as world:
        db = await connect(world.dsn)
        small = await make_small_world(db)
        await db.close()
        here = small.business.location_id

        async def statuses(bearer: str, user: str, times: int) -> list[int]:
            headers = {"Authorization": f"Bearer {bearer}, User {user}"}
            return [(await world.http.get(f"/staff/{here}", headers=headers)).status_code for _ in range(times)]

        pages, owner, desk = world.server.pages_token, small.business.owner.token, small.business.receptionist.token
        assert await statuses(pages, owner, 1) == [200]  # not known to this process yet: counted by address
        assert set(await statuses(pages, owner, 4 * TEAM_TIMES)) == {200}
        assert await statuses(pages, owner, 1) == [429]
        assert await statuses(pages, desk, 3) == [200] * 3
        assert await statuses(pages, "nobody" * 5, 3) == [401, 401, 429], "who is not known is counted by address"
        assert await statuses(small.partner_token, desk, 1) == [429], "an integration too"
