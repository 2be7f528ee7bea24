"""Who may call what: every route as nobody, as a partner alone, as a stranger, as a colleague without the right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from agendum.app import routes
from agendum.core import clock
from agendum.core.jsonapi import MEDIA_TYPE
from agendum.core.openapi import build
from agendum.core.routes import Route
from tests.conformance.operations_in_scope import all_rights
from tests.conftest import World
from tests.makers.world import Person, SmallWorld, connect, make_small_world

# These answer 401 to wrong credentials too.
SIGN_IN = {"authorize_user", "authorize_online_booking_user", "log_in_with_phone_number_and_code"}
# These show what the caller's rights let him see, and refuse when that is nothing.
BY_RIGHTS = {"get_custom_field_list", "list_custom_fields"}
DOCUMENTS = {f"/api/{version}": build(version, routes()) for version in ("v1", "v2")}


@dataclass
class Caller:
    """Calls any route with input that has the right shape and names things of the business."""

    http: httpx.AsyncClient
    small: SmallWorld
    record_id: int

    async def status(self, route: Route, *, partner: bool = True, user: Person | None = None) -> int:
        tokens = [f"Bearer {self.small.partner_token}"] if partner else []
        if user is not None:
            tokens.append(f"User {user.token}")
        operation = DOCUMENTS[route.prefix]["paths"][route.path][route.method.lower()]
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
        answer = await self.http.request(
            route.method,
            f"http://test{route.prefix}{route.path.format_map(self.places(route))}",
            params=self.query(operation),
            json=body,
            headers={"Accept": f"application/json, {MEDIA_TYPE}"}
            | ({"Authorization": ", ".join(tokens)} if tokens else {}),
        )
        return answer.status_code

    def places(self, route: Route) -> dict[str, Any]:
        business = self.small.business
        known = {
            "location_id": business.location_id,
            "company_id": business.location_id,
            "chain_id": business.chain_id,
            "team_member_id": business.anna,
            "service_id": business.haircut,
            "client_id": business.client_id,
            "user_id": self.small.client.id,
            "record_id": self.record_id,
            "appointment_id": self.record_id,
            "record_hash": "0" * 32,
            "date": (clock.now() + timedelta(days=1)).date(),
            "start_date": (clock.now() + timedelta(days=1)).date(),
            "end_date": (clock.now() + timedelta(days=2)).date(),
            "id": business.form_id,
            "form_id": business.form_id,
            "field_category": "record",
            "entity": "client",
        }
        return {name: known.get(name, 1) for name in route.path_params}

    @staticmethod
    def query(operation: dict[str, Any]) -> dict[str, Any]:
        wanted = [one for one in operation.get("parameters", ()) if one["in"] == "query" and one.get("required")]
        return {one["name"]: one["schema"].get("examples", ["+13155550175"])[0] for one in wanted}


@pytest.fixture
async def caller(world: World) -> Caller:
    world.server.live.close()  # a stream ends as soon as it has begun: only its status is asked
    db = await connect(world.dsn)
    small = await make_small_world(db, rights=all_rights())
    business = small.business
    visit_id = await db.fetchval(
        "INSERT INTO visits (chain_id, location_id, client_id, created_at) VALUES ($1, $2, $3, $4) RETURNING id",
        business.chain_id,
        business.location_id,
        business.client_id,
        clock.now(),
    )
    record_id = await db.fetchval(
        """INSERT INTO appointments (chain_id, location_id, visit_id, team_member_id, client_id, starts_at, length,
                                     created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, 3600, $6, $6) RETURNING id""",
        business.chain_id,
        business.location_id,
        visit_id,
        business.anna,
        business.client_id,
        clock.now(),
    )
    await db.close()
    return Caller(world.http, small, record_id)


@pytest.mark.anyio
async def test_everyone_may_do_what_he_may_and_nothing_else(caller: Caller) -> None:
    business, wrong = caller.small.business, list[str]()

    async def check(route: Route, who: str, allowed: set[int], **how: Any) -> None:
        status = await caller.status(route, **how)
        if status not in allowed:
            shown = f", not {sorted(allowed)}" if len(allowed) < 9 else ""
            wrong.append(f"{route.method} {route.path} as {who}: {status}{shown}")

    fine = set(range(200, 500)) - {401}
    for route in sorted(routes(), key=_harm):
        needs = route.needs
        if needs.partner:
            await check(route, "nobody", {401}, partner=False)
        if needs.user:
            await check(route, "a partner alone", {401})
        elif route.name not in SIGN_IN:
            await check(route, "a partner alone", fine)
        if needs.member or (needs.user and "location_id" in route.path_params) or "record_hash" in route.path_params:
            await check(route, "a stranger", {403, 404}, user=caller.small.stranger)
        if needs.rights:
            await check(route, "a colleague without the right", {403}, user=business.limited)
            able = business.owner if "chain_id" in route.path_params else business.receptionist
            await check(route, "a colleague with the right", fine - {403}, user=able)
        elif needs.member:
            allowed = {403} if route.name in BY_RIGHTS else fine - {403}
            await check(route, "a colleague", allowed, user=business.limited)
    assert not wrong, "\n".join(wrong)


def _harm(route: Route) -> tuple[bool, bool]:
    """What deletes comes last, and the location itself after all that is in it."""
    return route.method == "DELETE", route.path == "/company/{location_id}"
