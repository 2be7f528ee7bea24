"""Small checks that integrations ask for."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from tests.conformance.api import Api


async def phone_number_format_check(api: Api) -> None:
    assert (await api(200, phone="+13155550175"))["data"] == {"is_valid": True}
    assert (await api(200, phone="13155550175"))["data"] == {"is_valid": True}
    assert (await api(200, phone="12"))["data"] == {"is_valid": False}
    assert (await api(200, phone="no phone"))["data"] == {"is_valid": False}
    await api(401, partner="", phone="+13155550175")


async def upload_image(api: Api) -> None:
    business, shown = api.business, await _services(api)
    await _may_edit_images(api)
    assert shown[business.haircut]["image"] == ""
    photo = {"image": ("photo.jpg", _photo())}
    ids = {"company_id": business.location_id, "service_id": business.haircut}
    data = (await api(200, user=business.owner, form=photo | ids, entity="service"))["data"]
    assert data["image_binded"] is True
    group = data["image_group "]
    assert (group["entity"], group["entity_id"]) == ("settings_service", business.haircut)
    basic = group["images"]["basic"]
    assert (basic["type"], basic["width"], basic["height"]) == ("jpeg", "373", "280")
    answer = await api.http.get(basic["path"])
    assert Image.open(BytesIO(answer.content)).size == (373, 280)
    assert "immutable" in answer.headers["cache-control"]
    assert (await _services(api))[business.haircut]["image"] == basic["path"]
    for entity in ("master", "team_member"):
        data = (await api(200, user=business.owner, form=photo | {"master_id": business.anna}, entity=entity))["data"]
        staff = (await api(200, op="get_team_members_available_for_booking", **api.here))["data"]
        [anna] = [member for member in staff if member["id"] == business.anna]
        images = data["image_group "]["images"]
        assert (anna["avatar"], anna["avatar_big"]) == (images["sm"]["path"], images["norm"]["path"])
    data = (await api(200, user=business.owner, form=photo, entity="service"))["data"]
    assert (data["image_binded"], data["image_group "]["entity_id"]) == (False, 0)
    await api(422, user=business.owner, form={"image": ("photo.jpg", b"no photo")}, entity="service")
    await api(422, user=business.owner, form=photo | ids | {"service_id": 9_999_999}, entity="service")
    await api(404, user=business.owner, form=photo, entity="client")
    await api(404, user=business.owner, form=photo | {"company_id": 9_999_999}, entity="service")
    await api(403, user=business.limited, form=photo | ids, entity="service")
    await api(403, user=api.world.stranger, form=photo | ids, entity="service")
    await api(401, form=photo | ids, entity="service")
    await api(401, partner="", form=photo | ids, entity="service")


async def delete_image(api: Api) -> None:
    business = api.business
    await _may_edit_images(api)
    form = {"image": ("photo.jpg", _photo()), "company_id": business.location_id, "service_id": business.haircut}
    uploaded = await api(200, op="upload_image", user=business.owner, form=form, entity="service")
    group = {"image_group_id": uploaded["data"]["image_group "]["id"]}
    await api(403, user=business.limited, form=group, entity="service")
    await api(404, user=api.world.stranger, form=group, entity="service")
    await api(404, user=business.owner, form=group, entity="master")
    await api(422, user=business.owner, form={"image_group_id": "none"}, entity="service")
    await api(401, form=group, entity="service")
    answer = await api(200, user=business.owner, form=group, entity="service")
    assert answer["success"] is True
    assert (await _services(api))[business.haircut]["image"] == ""
    await api(404, user=business.owner, form=group, entity="service")


async def _services(api: Api) -> dict[int, Any]:
    """The services as clients see them, by id."""
    answer = await api(200, op="get_services_available_for_booking", **api.here)
    return {service["id"]: service for service in answer["data"]["services"]}


async def _may_edit_images(api: Api) -> None:
    """Give the owner the rights that no route asks for on its line: the place is in the body."""
    rights = {"master_edit": True, "services_edit": True, "settings_services_edit_image_access": True}
    await api.db.execute(
        "UPDATE memberships SET rights = rights || $1 WHERE user_id = $2", rights, api.business.owner.id
    )


def _photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (1000, 750), "teal").save(file, "JPEG")
    return file.getvalue()


async def get_location_subscription_information(api: Api) -> None:
    """On a server of one's own: one licence, everything in it, and it does not end."""
    licence = (await api(200, user=api.business.limited, **api.here))["data"]
    assert licence["salon_id"] == api.business.location_id
    assert (licence["active"], licence["is_paid_rights_model"]) == (1, False)
    assert licence["deactivation_date"].endswith(".2999")
    await api(401, partner="", **api.here)
    await api(401, **api.here)
    await api(403, user=api.world.stranger, **api.here)
    await api(404, user=api.business.owner, location_id=9_999_999)
