"""Where pictures are kept, and what becomes of those that nobody names any more."""

from __future__ import annotations

from typing import Any

import pytest

from tests.media.conftest import Studio, picture
from tests.media.s3 import Bucket

pytestmark = pytest.mark.anyio


async def test_pictures_may_live_in_a_bucket(studio_with_bucket: Studio, bucket: Bucket) -> None:
    studio = studio_with_bucket
    first = await studio.give_haircut()
    second = await studio.give_haircut(picture("WEBP"))
    assert {key.partition("/")[0] for key in bucket.objects} == {"salon"}
    await studio.drain()
    assert len(bucket.objects) == 4
    assert {kind for _, kind, _ in bucket.objects.values()} == {"image/webp"}
    assert (await studio.show(first["images"]["sm"]["path"])).status_code == 404
    shown = await studio.show(second["images"]["sm"]["path"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert not studio.folder.exists()
    await studio.remove(second["id"])
    await studio.drain()
    assert bucket.objects == {}


async def test_while_the_bucket_is_out_of_reach_nothing_changes(studio_with_bucket: Studio, bucket: Bucket) -> None:
    studio = studio_with_bucket
    group = await studio.give_haircut()
    bucket.is_down = True
    service: dict[str, Any] = {"company_id": studio.business.location_id, "service_id": studio.business.haircut}
    for answer in (await studio.send(picture(), **service), await studio.show(group["images"]["sm"]["path"])):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
    assert (await studio.haircut())["image"] == group["images"]["basic"]["path"]
    assert (await studio.remove(group["id"])).status_code == 200
    await studio.drain()
    bucket.is_down = False
    assert len(bucket.objects) == 4
    await studio.drain(minutes=1)
    assert bucket.objects == {}, "the removal was tried again"


# What nobody names


async def test_an_upload_that_was_rolled_back_leaves_files_for_a_day_at_most(studio: Studio) -> None:
    group = await studio.give_haircut()
    await studio.drain()
    kept = studio.files()
    service: dict[str, Any] = {"company_id": studio.business.location_id, "service_id": studio.business.haircut}
    await studio.db.execute("ALTER TABLE images ADD CONSTRAINT broken CHECK (width = 0) NOT VALID")
    try:
        assert (await studio.send(picture())).status_code == 500
        assert (await studio.send(picture(), **service)).status_code == 500
    finally:
        await studio.db.execute("ALTER TABLE images DROP CONSTRAINT broken")
    assert (await studio.haircut())["image"] == group["images"]["basic"]["path"]
    assert len(studio.files()) == 12
    await studio.drain(hours=23)
    assert len(studio.files()) == 12, "an upload may still be under way"
    await studio.drain(days=3)
    assert studio.files() == kept
    assert (await studio.show(group["images"]["basic"]["path"])).status_code == 200


async def test_a_removal_that_runs_twice_harms_nothing(studio: Studio) -> None:
    group = await studio.give_haircut()
    await studio.remove(group["id"])
    for path in sorted(studio.files())[:2]:
        (studio.folder / path).unlink()
    assert await studio.drain() == 1
    assert studio.files() == set()
