"""Uploading pictures, what shows them, and who may."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from agendum.core.cache import drop_everywhere_here
from tests.media.conftest import RIGHTS, Studio, picture

pytestmark = pytest.mark.anyio


async def refused(answer: Any, status: int, field: str) -> str:
    assert answer.status_code == status, answer.text
    [error] = answer.json()["meta"]["errors"]
    assert error["field"] == field
    return error["message"]


# What shows them


async def test_a_service_shows_its_picture_at_once(studio: Studio) -> None:
    assert (await studio.haircut())["image"] == ""
    group = await studio.give_haircut(picture(size=(4000, 3000)))
    assert (group["entity"], group["entity_id"]) == ("settings_service", studio.business.haircut)
    assert group["image_binded"] is True
    sizes = {name: (image["width"], image["height"]) for name, image in group["images"].items()}
    assert sizes == {
        "sm": ("100", "100"),
        "basic": ("373", "280"),
        "norm": ("800", "600"),
        "origin": ("2560", "1920"),
    }
    for name, image in group["images"].items():
        assert (image["version"], image["image_group_id"], image["type"]) == (name, group["id"], "jpeg")
    haircut = await studio.haircut()
    assert haircut["image"] == group["images"]["basic"]["path"]
    assert haircut["images"] == [group["images"]["norm"]["path"]]


async def test_a_team_member_shows_his_avatar_at_once(studio: Studio) -> None:
    places: list[dict[str, Any]] = [{}, {"company_id": studio.business.location_id}]
    for place in places:
        group = await studio.upload(picture(), "team_member", master_id=studio.business.anna, **place)
        assert (group["entity"], group["entity_id"]) == ("master", studio.business.anna)
        anna = await studio.anna()
        assert anna["avatar"] == group["images"]["sm"]["path"]
        assert anna["avatar_big"] == group["images"]["norm"]["path"]


async def test_the_lists_of_the_business_show_the_same_group(studio: Studio) -> None:
    business = studio.business
    of_haircut = await studio.give_haircut()
    of_anna = await studio.upload(picture("PNG"), "master", master_id=business.anna)

    async def shown(path: str, own: int) -> Any:
        answer = await studio.call("GET", path)
        assert answer.status_code == 200, answer.text
        found = answer.json()["data"]
        item = next(each for each in (found if isinstance(found, list) else [found]) if each["id"] == own)
        group = item["image_group"]
        return group[0] if isinstance(group, list) else group

    for path, own, uploaded in [
        (f"/company/{business.location_id}/services", business.haircut, of_haircut),
        (f"/company/{business.location_id}/services/{business.haircut}", business.haircut, of_haircut),
        (f"/staff/{business.location_id}", business.anna, of_anna),
        (f"/company/{business.location_id}/staff/{business.anna}", business.anna, of_anna),
    ]:
        group = await shown(path, own)
        assert (group["id"], group["entity"], group["entity_id"]) == (uploaded["id"], uploaded["entity"], own), path
        for name, image in group["images"].items():
            assert image == uploaded["images"][name], path


async def test_the_answer_has_the_group_under_both_names(studio: Studio) -> None:
    data = (await studio.send(picture())).json()["data"]
    assert data["image_group "] == data["image_group"]
    assert data["image_binded"] is False


async def test_a_new_picture_replaces_the_one_before(studio: Studio) -> None:
    first = await studio.give_haircut()
    second = await studio.give_haircut(picture("PNG"))
    assert (await studio.haircut())["image"] == second["images"]["basic"]["path"]
    assert len(studio.files()) == 8
    await studio.drain()
    assert len(studio.files()) == 4
    assert (await studio.show(first["images"]["sm"]["path"])).status_code == 404
    assert (await studio.show(second["images"]["sm"]["path"])).status_code == 200
    assert (await studio.remove(first["id"])).status_code == 404


async def test_a_deleted_picture_is_shown_by_nobody_and_its_files_go(studio: Studio) -> None:
    group = await studio.give_haircut()
    avatar = await studio.upload(picture(), "master", master_id=studio.business.anna)
    answer = await studio.remove(group["id"])
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    haircut = await studio.haircut()
    assert (haircut["image"], haircut["images"]) == ("", [])
    assert (await studio.anna())["avatar"] == avatar["images"]["sm"]["path"]
    await studio.drain()
    assert len(studio.files()) == 4
    assert (await studio.remove(group["id"])).status_code == 404
    assert (await studio.remove(avatar["id"], "team_member")).status_code == 200
    assert (await studio.anna())["avatar"] == ""
    await studio.drain()
    assert studio.files() == set()


async def test_deleting_an_old_picture_leaves_one_that_came_otherwise(studio: Studio) -> None:
    group = await studio.give_haircut()
    await studio.db.execute(
        "UPDATE services SET image = 'https://cdn.example/cut.jpeg' WHERE id = $1", studio.business.haircut
    )
    assert (await studio.remove(group["id"])).status_code == 200
    kept = "SELECT image FROM services WHERE id = $1"
    assert await studio.db.fetchval(kept, studio.business.haircut) == "https://cdn.example/cut.jpeg"


async def test_many_pictures_for_one_service_at_once_leave_one(studio: Studio) -> None:
    colors = ["red", "green", "blue", "white", "black", "gold"]
    groups = await asyncio.gather(*(studio.give_haircut(picture(color=color)) for color in colors))
    image = (await studio.haircut())["image"]
    assert image in {group["images"]["basic"]["path"] for group in groups}
    await studio.drain()
    assert len(studio.files()) == 4
    assert (await studio.show(image)).status_code == 200


# Who may


async def test_rights_are_asked_of_the_location_in_the_body(studio: Studio) -> None:
    business = studio.business
    service: dict[str, Any] = {"company_id": business.location_id, "service_id": business.haircut}
    for who in (business.limited, studio.small.stranger, studio.small.client):
        assert (await studio.send(picture(), user=who, **service)).status_code == 403
        member: dict[str, Any] = {"company_id": business.location_id, "master_id": business.anna}
        assert (await studio.send(picture(), "master", user=who, **member)).status_code == 403
        assert (await studio.send(picture(), user=who, company_id=business.location_id)).status_code == 403
    # The receptionist's place is the first location alone.
    far = await studio.send(picture(), company_id=business.far_location_id, service_id=business.haircut)
    assert far.status_code == 403
    assert (await studio.send(picture(), company_id=9_999_999)).status_code == 404
    assert (await studio.haircut())["image"] == ""
    assert studio.files() == set()
    assert (await studio.send(picture(), user=business.owner, **service)).status_code == 200


async def test_each_right_is_needed_for_what_it_is_for(studio: Studio) -> None:
    business = studio.business
    service: dict[str, Any] = {"company_id": business.location_id, "service_id": business.haircut}
    cases: list[tuple[str, str, dict[str, Any], int]] = [
        ("settings_services_edit_image_access", "service", service, 403),
        ("services_edit", "service", service, 403),
        ("master_edit", "service", service, 200),
        ("master_edit", "master", {"master_id": business.anna}, 403),
        ("services_edit", "master", {"master_id": business.anna}, 200),
    ]
    for missing, entity, ids, status in cases:
        rights = dict.fromkeys(set(RIGHTS) - {missing}, True)
        await studio.db.execute(
            "UPDATE memberships SET rights = $1 WHERE user_id = $2", rights, business.receptionist.id
        )
        drop_everywhere_here()
        assert (await studio.send(picture(), entity, **ids)).status_code == status, missing


async def test_ids_of_elsewhere_are_refused_by_name(studio: Studio) -> None:
    business = studio.business
    here = business.location_id
    await refused(await studio.send(picture(), company_id=here, service_id=9_999_999), 422, "service_id")
    await refused(await studio.send(picture(), "master", company_id=here, master_id=business.yuki), 422, "master_id")
    await refused(await studio.send(picture(), "master", master_id=9_999_999), 422, "master_id")
    stranger = studio.small.stranger
    await refused(await studio.send(picture(), "master", master_id=business.anna, user=stranger), 422, "master_id")
    await refused(await studio.send(picture(), service_id=business.haircut), 422, "company_id")
    await refused(await studio.send(picture(), company_id=here, master_id=business.anna), 422, "master_id")
    await refused(
        await studio.send(picture(), "master", company_id=here, service_id=business.haircut), 422, "service_id"
    )
    assert studio.files() == set()


async def test_whoever_has_no_business_with_a_picture_does_not_learn_of_it(studio: Studio) -> None:
    business = studio.business
    group = await studio.give_haircut()
    assert (await studio.remove(group["id"], user=studio.small.stranger)).status_code == 404
    assert (await studio.remove(group["id"], user=studio.small.client)).status_code == 404
    assert (await studio.remove(group["id"], user=business.limited)).status_code == 403
    assert (await studio.remove(group["id"], "master")).status_code == 404
    assert (await studio.remove(9_999_999)).status_code == 404
    assert (await studio.haircut())["image"] == group["images"]["basic"]["path"]
    assert (await studio.remove(group["id"], user=business.owner)).status_code == 200


async def test_a_picture_tied_to_nothing_is_its_uploaders_alone(studio: Studio) -> None:
    business = studio.business
    group = await studio.upload(user=business.limited)
    assert (group["entity"], group["entity_id"], group["image_binded"]) == ("", 0, False)
    assert (await studio.remove(group["id"], user=business.owner)).status_code == 404
    assert (await studio.remove(group["id"], user=business.limited)).status_code == 200
    await studio.drain()
    assert studio.files() == set()


async def test_a_picture_for_the_location_is_for_those_who_may(studio: Studio) -> None:
    group = await studio.upload(company_id=studio.business.location_id)
    assert group["image_binded"] is False
    assert (await studio.remove(group["id"], user=studio.business.limited)).status_code == 403
    assert (await studio.remove(group["id"], user=studio.business.owner)).status_code == 200


async def test_pictures_tied_to_nothing_are_for_those_who_work_here_and_not_without_end(studio: Studio) -> None:
    assert (await studio.send(picture(), user=studio.small.client)).status_code == 403
    limited = studio.business.limited
    await studio.db.execute(
        """INSERT INTO image_groups (chain_id, entity, user_id, folder, created_at)
           SELECT 0, 'master', $1, 'images/xx/' || n, '2026-01-01Z' FROM generate_series(1, 100) AS n""",
        limited.id,
    )
    await refused(await studio.send(picture(), user=limited), 422, "company_id")
    assert (await studio.send(picture(), user=studio.business.owner)).status_code == 200


# What is taken


@pytest.mark.parametrize("entity", ["client", "", "Service", "masters"])
async def test_other_things_have_no_pictures(studio: Studio, entity: str) -> None:
    assert (await studio.send(picture(), entity)).status_code in (404, 405)


async def test_what_is_no_picture_is_refused(studio: Studio) -> None:
    assert "JPEG" in await refused(await studio.send(b"GIF89a..."), 422, "image")
    assert "JPEG" in await refused(await studio.send(b"<script>alert(1)</script>", file_name="a.png"), 422, "image")
    assert "damaged" in await refused(await studio.send(picture()[:-800]), 422, "image")
    assert "required" in await refused(await studio.call("POST", "/images/service", files={}), 422, "image")
    await refused(await studio.call("POST", "/images/service", json={"image": "aGVsbG8="}), 422, "image")
    await refused(await studio.call("POST", "/images/service", data={"image": "hello"}), 422, "image")
    await refused(await studio.call("POST", "/images/service", files={"image": (None, "hello")}), 422, "image")
    assert studio.files() == set()


async def test_what_it_says_it_is_does_not_count(studio: Studio) -> None:
    group = await studio.upload(picture("PNG"), file_name="holiday.gif")
    assert {image["type"] for image in group["images"].values()} == {"png"}


async def test_more_than_the_operator_allows_is_refused_with_the_number(studio: Studio) -> None:
    answer = await studio.send(b"x" * 300_000)
    assert answer.status_code == 413
    assert answer.json() == {
        "success": False,
        "data": None,
        "meta": {"message": "The request is too large: 300000 bytes may be sent here."},
    }


async def test_deleting_wants_a_group(studio: Studio) -> None:
    bodies: list[dict[str, Any]] = [
        {"files": {"image_group_id": (None, "x")}},
        {"files": {"a": (None, "1")}},
        {"json": {}},
        {},
    ]
    for body in bodies:
        await refused(await studio.call("DELETE", "/images/service", **body), 422, "image_group_id")
    group = await studio.upload()
    path = "/images/service"
    assert (await studio.call("DELETE", path, json={"image_group_id": group["id"]})).status_code == 200


async def test_the_same_upload_sent_again_makes_nothing_new(studio: Studio) -> None:
    content, key = picture(), {"Idempotency-Key": "once"}
    first = await studio.upload(content, headers=key)
    again = await studio.upload(content, headers=key)
    assert again == first, "although the client drew another boundary"
    assert len(studio.files()) == 4
    other = await studio.send(picture(color="red"), headers=key)
    assert other.status_code == 409


async def test_other_requests_are_answered_while_a_picture_is_resized(studio: Studio) -> None:
    content, start = picture("PNG", size=(6000, 6000)), time.monotonic()
    large = asyncio.create_task(studio.send(content))
    longest = 0.0
    while not large.done():
        began = time.monotonic()
        assert (await studio.show("http://test/health/live")).status_code == 200
        longest = max(longest, time.monotonic() - began)
        await asyncio.sleep(0.005)
    answer = await large
    assert answer.status_code == 200, answer.text
    assert longest < (time.monotonic() - start) / 2, "the loop was not its own while it lasted"


# Showing


async def test_a_picture_may_be_kept_for_ever(studio: Studio) -> None:
    for kind in ("jpeg", "png", "webp"):
        image = (await studio.upload(picture(kind)))["images"]["basic"]
        assert image["path"].startswith("http://test/media/")
        answer = await studio.show(image["path"])
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"image/{kind}"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert int(answer.headers["content-length"]) == len(answer.content)
        again = await studio.show(image["path"], **{"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
        assert (await studio.show(image["path"], **{"If-None-Match": '"other"'})).status_code == 200


async def test_sizes_have_addresses_and_tags_of_their_own(studio: Studio) -> None:
    images = (await studio.upload())["images"].values()
    assert len({(await studio.show(image["path"])).headers["etag"] for image in images}) == 4


@pytest.mark.parametrize(
    "path",
    [
        "",
        "images",
        "images/aa",
        "nothing.jpeg",
        "../../demo.json",
        "images/../../demo.json",
        "images/aa/%2e%2e/%2e%2e/demo.json",
        "images/aa/" + "a" * 32 + "/sm.jpeg",
        "images/aa/" + "a" * 32 + "/sm.jpeg%00",
        "files/aa/" + "a" * 32 + "/sm.jpeg",
    ],
)
async def test_nothing_else_is_shown(studio: Studio, path: str) -> None:
    (studio.folder.parent / "demo.json").write_text("{}")
    answer = await studio.show(f"http://test/media/{path}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
