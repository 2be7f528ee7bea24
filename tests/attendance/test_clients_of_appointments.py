"""The client of an appointment: what is shown of him, and to whom."""

from __future__ import annotations

from typing import Any

import pytest

from agendum.core.rights import owner_rights
from tests.makers.clients import make_client, make_client_tag, make_holder, make_presence
from tests.makers.office import Office
from tests.makers.world import put

pytestmark = pytest.mark.anyio

IN_FORM = {"record_form_access": True, "record_form_client_access": True}
FACTS: dict[str, Any] = {
    "surname": "Smith",
    "middle_name": "Lee",
    "phone": "13155550188",
    "email": "james@example.com",
    "comment": "Likes tea",
}


def _path(office: Office, client_id: int) -> str:
    return f"/locations/{office.here}/attendance/clients/{client_id}"


async def _shown(office: Office, client_id: int, **how: Any) -> dict[str, Any]:
    return (await office.ask_v2("GET", _path(office, client_id), **how))["data"]["attributes"]


async def test_rights_say_what_is_shown_of_a_client(office: Office) -> None:
    client_id = await make_client(office.db, office.business, **FACTS)
    everything = await _shown(office, client_id)
    assert (everything["surname"], everything["phone"], everything["comment"]) == ("Smith", "+13155550188", "Likes tea")
    little = await _shown(office, client_id, user=await make_holder(office.db, office.business, IN_FORM))
    assert (little["name"], little["surname"], little["patronymic"], little["comment"]) == ("James", "", "", "")
    assert (little["phone"], little["email"]) == ("131******88", "j***@example.com")


async def test_includes_point_at_what_is_included(office: Office) -> None:
    client_id = await make_client(office.db, office.business, custom_fields={"hint": "tea", "gone": "x"})
    tag_id = await make_client_tag(office.db, office.business)
    await put(office.db, "client_tags", chain_id=office.business.chain_id, client_id=client_id, tag_id=tag_id)
    field_id = await office.chain_field(category="client")
    await make_presence(office.db, office.business, client_id, days=-2, attendance=-1)
    first = await make_presence(office.db, office.business, client_id, days=-1)
    include = "labels,first_successful_visit,custom_field_values"
    document = await office.ask_v2("GET", f"{_path(office, client_id)}?include={include}")
    points = document["data"]["relationships"]
    assert points["labels"]["data"] == [{"type": "label", "id": str(tag_id)}]
    assert points["custom_field_values"]["data"] == [{"type": "custom_field_value", "id": f"{client_id}_{field_id}"}]
    by_type = {one["type"]: one["attributes"] for one in document["included"]}
    assert by_type["attendance"]["record_id"] == first
    assert by_type["custom_field_value"]["value"] == "tea"
    assert {(one["type"], one["id"]) for one in document["included"]} == {
        (one["type"], one["id"])
        for point in points.values()
        for one in (point["data"] if isinstance(point["data"], list) else [point["data"]])
    }


async def test_what_is_not_there_cannot_be_included(office: Office) -> None:
    path = _path(office, office.business.client_id)
    for name in ("loyalty_cards", "agreements", "shoes"):
        await office.ask_v2("GET", f"{path}?include={name}", 422)
    user = await make_holder(office.db, office.business, IN_FORM)
    await office.ask_v2("GET", f"{path}?include=custom_field_values", 403, user=user)


async def test_whoever_is_limited_to_his_own_clients_sees_no_others(office: Office) -> None:
    client_id = await make_client(office.db, office.business)
    rights = owner_rights(office.business.chain_id) | {"clients_visit_master_id": office.business.peter}
    peter = await make_holder(office.db, office.business, rights)
    statistics = f"/locations/{office.here}/clients/{client_id}/attendances_statistic"
    for path in (_path(office, client_id), statistics):
        await office.ask_v2("GET", path, 404, user=peter)
    await make_presence(office.db, office.business, client_id, member_id=office.business.peter)
    for path in (_path(office, client_id), statistics):
        await office.ask_v2("GET", path, user=peter)


async def test_deleted_and_foreign_clients_are_not_shown(office: Office) -> None:
    far = await make_client(office.db, office.business, location_id=office.business.far_location_id)
    await office.ask_v2("GET", _path(office, far), 404)
    here = await make_client(office.db, office.business)
    await office.db.execute("UPDATE clients SET deleted_at = now() WHERE id = $1", here)
    await office.ask_v2("GET", _path(office, here), 404)
