"""Every field of every request with values from the edge of what can be written down: refused or taken, never a 5xx."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from agendum.app import routes
from agendum.core import clock
from agendum.core.jsonapi import MEDIA_TYPE
from agendum.core.openapi import build
from tests.conformance.operations_in_scope import all_rights
from tests.makers.world import SmallWorld, make_small_world
from tests.stage import Stages

EDGES: list[Any] = [
    "",
    " ",
    "\x00",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "2026-03-29T02:30:00",
    "2026-13-01",
    "24:00",
    "NaN",
    "Infinity",
    "-1",
    "1e9999",
    "1E999999999",
    "٣",
    "'\"\\%_",
    "😀" * 100,
    "a" * 5000,
    "+" + "9" * 40,
    -1,
    0,
    2**31,
    2**63 - 1,
    2**63,
    10**30,
    1.5,
    1e300,
    True,
    None,
    [],
    {},
    [None],
    [[]],
    [2**63],
    {"a": {"b": []}},
]
OPERATIONS = {
    f"{method.upper()} {version}{path}": (f"/api/{version}{path}", method.upper(), operation)
    for version in ("v1", "v2")
    for path, methods in build(version, routes())["paths"].items()
    for method, operation in methods.items()
}


def _places(world: SmallWorld) -> dict[str, Any]:
    business = world.business
    return {
        "location_id": business.location_id,
        "company_id": business.location_id,
        "chain_id": business.chain_id,
        "team_member_id": business.anna,
        "staff_id": business.anna,
        "id": business.form_id,
        "date": str((clock.now() + timedelta(days=2)).date()),
        "datetime": (clock.now() + timedelta(days=2)).astimezone(business.zone).strftime("%Y-%m-%dT10:00:00"),
        "services": [business.haircut],
        "service_ids": [business.haircut],
    }


def _with_real_ids(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_with_real_ids(item, known) for item in value]
    if isinstance(value, dict):
        return {key: known.get(key, _with_real_ids(item, known)) for key, item in value.items()}
    return value


def _spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a body a value can be put."""
    yield path
    items = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for key, item in items:
        yield from _spots(item, (*path, key))


def _put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return changed


def _text(edge: Any) -> str:
    return edge if isinstance(edge, str) else json.dumps(edge)


def _calls(path: str, operation: Any, known: dict[str, Any]) -> Iterator[tuple[str, dict[str, str], Any]]:
    """(path, query, body) with one edge each."""
    parameters = operation.get("parameters", [])
    parts = {
        one["name"]: known.get(one["name"], one["schema"]["examples"][0]) for one in parameters if one["in"] == "path"
    }
    query = {
        one["name"]: str(known.get(one["name"], "+13155550175"))
        for one in parameters
        if one["in"] == "query" and one.get("required")
    }
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = _with_real_ids(content.get("example"), known)
    filled = path.format_map(parts)
    for edge in EDGES:
        text = _text(edge)
        for name in parts:
            yield path.format_map({**parts, name: quote(text, safe="") or "%20"}), query, body
        for one in parameters:
            if one["in"] == "query":
                yield filled, {**query, one["name"]: text}, body
    for spot in _spots(body) if body is not None else ():
        for edge in EDGES:
            yield filled, query, _put(body, spot, edge)


@pytest.fixture(scope="module")
async def place(stages: Stages) -> AsyncIterator[tuple[httpx.AsyncClient, SmallWorld]]:
    """One business for all operations: what a call leaves behind is there for the next."""
    async with stages.world() as world:
        yield world.http, await make_small_world(world.server.pools.write, rights=all_rights())


@pytest.mark.anyio
@pytest.mark.parametrize("label", OPERATIONS)
async def test_no_value_breaks_it(label: str, place: tuple[httpx.AsyncClient, SmallWorld]) -> None:
    path, method, operation = OPERATIONS[label]
    http, small = place
    # Who changes his password loses his token: somebody whom nobody else needs.
    user = small.client if "password" in path else small.business.owner
    tokens = {
        "Authorization": f"Bearer {small.partner_token}, User {user.token}",
        "Accept": f"application/json, {MEDIA_TYPE}",
    }
    broken: list[str] = []
    for address, query, body in _calls(path, operation, _places(small)):
        answer = await http.request(method, f"http://test{address}", params=query, json=body, headers=tokens)
        if answer.status_code >= 500:
            broken.append(f"{answer.status_code}: {method} {answer.url.raw_path.decode()} {body!r:.300}")
        elif answer.status_code >= 400:
            assert answer.json()["meta"]["message"], address
    assert not broken, f"{len(broken)} answers:\n" + "\n".join(broken[:20])
