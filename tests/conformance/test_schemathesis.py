"""Whatever one sends: no 5xx, no status and no shape that our own OpenAPI does not announce."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import requests
import schemathesis
from anyio import to_thread
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from agendum.app import routes
from agendum.core.jsonapi import MEDIA_TYPE
from agendum.core.openapi import build
from tests.conformance.conftest import Live
from tests.conformance.operations_in_scope import all_rights
from tests.makers.world import SmallWorld, make_small_world

TRIES = 20
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# An answer of a megabyte takes a check a second.
TOO_LONG = {"get_city_list": [not_a_server_error, status_code_conformance]}


def _operations(version: str) -> Iterator[Any]:
    """Without their security: who may call what has its own test, here every call brings both tokens."""
    document = build(version, routes())
    for methods in document["paths"].values():
        for operation in methods.values():
            del operation["security"]
    del document["components"]["securitySchemes"]
    found: Any = schemathesis.openapi.from_dict(document).get_all_operations()
    return (result.ok() for result in found)


OPERATIONS: dict[str, Any] = {
    operation.label: operation for version in ("v1", "v2") for operation in _operations(version)
}


@pytest.fixture
async def world(live: Live) -> AsyncIterator[SmallWorld]:
    yield await make_small_world(live.db, rights=all_rights())
    await live.database.sweep()


@pytest.mark.anyio
@pytest.mark.parametrize("label", OPERATIONS)
async def test_nothing_breaks_it(label: str, live: Live, world: SmallWorld) -> None:
    operation, business = OPERATIONS[label], world.business
    known = {
        "location_id": business.location_id,
        "company_id": business.location_id,
        "chain_id": business.chain_id,
        "team_member_id": business.anna,
        "id": business.form_id,
    }
    names = {parameter.name for parameter in operation.path_parameters}
    real = {name: value for name, value in known.items() if name in names}
    strategies = [
        operation.as_strategy(mode, path_parameters=places)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        for places in ([real, None] if real else [None])
        if mode is GenerationMode.POSITIVE or operation.body or operation.query
    ]
    name = operation.definition.raw["operationId"]
    # Who changes his password loses his token: somebody whom nobody else needs.
    user = world.client if name == "update_booking_user_password" else business.owner
    tokens = [f"Bearer {world.partner_token}", f"User {user.token}"]
    checks: Any = TOO_LONG.get(name, CHECKS)

    @settings(
        max_examples=TRIES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(case=st.one_of(strategies))
    def fuzz(case: Any) -> None:
        answer = case.call(
            base_url=live.address + operation.schema.base_path.rstrip("/"),
            session=session,
            headers={"Authorization": ", ".join(tokens), "Accept": f"application/json, {MEDIA_TYPE}"},
        )
        case.validate_response(answer, checks=checks)

    with requests.Session() as session:
        try:
            await to_thread.run_sync(fuzz)
        except BaseExceptionGroup as failures:
            pytest.fail(str(failures), pytrace=False)
