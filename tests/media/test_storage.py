"""The storage keeps what it is given, in a folder and in a bucket alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agendum.config import ConfigError, load_settings
from agendum.core import clock
from agendum.core.errors import NotFound
from agendum.core.storage import Storage, StorageOutOfReach, Stored
from tests.media.s3 import BUCKET, Bucket

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["folder", "file url", "bucket"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    if request.param == "bucket":
        request.getfixturevalue("bucket")
        yield Storage(f"s3://{BUCKET}/agendum/one", tmp_path)
    elif request.param == "file url":
        yield Storage(f"file://{tmp_path}/my%20pictures", tmp_path / "nothing")
    else:
        yield Storage("", tmp_path / "media")


async def listed(storage: Storage, prefix: str) -> list[Stored]:
    return [each async for chunk in storage.list(prefix) for each in chunk]


async def test_what_is_put_can_be_had_listed_and_removed(storage: Storage) -> None:
    await storage.put({"images/a/1.jpeg": b"one", "images/a/2.jpeg": b"two", "other/3.txt": b"three"}, "image/jpeg")
    assert await storage.get("images/a/1.jpeg") == b"one"
    await storage.check("images/a/2.jpeg")
    found = await listed(storage, "images")
    assert sorted(each.path for each in found) == ["images/a/1.jpeg", "images/a/2.jpeg"]
    assert all(abs((clock.now() - each.written_at).total_seconds()) < 60 for each in found)
    await storage.remove(["images/a/1.jpeg", "images/a/2.jpeg"])
    assert await listed(storage, "images") == []
    assert await storage.get("other/3.txt") == b"three"


async def test_removing_what_is_gone_is_fine_and_the_rest_goes(storage: Storage) -> None:
    await storage.put({"images/b.png": b"b"}, "image/png")
    await storage.remove(["images/a.png", "images/b.png", "images/a.png"])
    with pytest.raises(NotFound):
        await storage.get("images/b.png")
    with pytest.raises(NotFound):
        await storage.check("images/b.png")
    assert await listed(storage, "nothing/here") == []


async def test_a_bucket_keeps_the_type_and_the_prefix(bucket: Bucket, tmp_path: Path) -> None:
    await Storage(f"s3://{BUCKET}/agendum", tmp_path).put({"images/a.webp": b"a"}, "image/webp")
    [(key, (content, kind, _))] = bucket.objects.items()
    assert (key, content, kind) == ("agendum/images/a.webp", b"a", "image/webp")


async def test_a_storage_out_of_reach_is_told_from_a_missing_file(bucket: Bucket, tmp_path: Path) -> None:
    storage = Storage(f"s3://{BUCKET}", tmp_path)
    bucket.is_down = True
    with pytest.raises(StorageOutOfReach):
        await storage.get("images/a.webp")
    with pytest.raises(StorageOutOfReach):
        await storage.put({"images/a.webp": b"a"}, "image/webp")
    bucket.is_down = False
    await storage.put({"images/a.webp": b"a"}, "image/webp")
    assert await storage.get("images/a.webp") == b"a"


async def test_wrong_keys_are_trouble_of_the_storage(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "SOMEBODYELSE")
    with pytest.raises(StorageOutOfReach):
        await Storage(f"s3://{BUCKET}", tmp_path).get("images/a.webp")
    assert bucket.objects == {}


async def test_a_full_or_forbidden_folder_is_trouble_of_the_storage(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")
    with pytest.raises(StorageOutOfReach):
        await Storage("", tmp_path / "media").put({"images/a.png": b"a"}, "image/png")


async def test_the_folder_of_an_address_is_used(tmp_path: Path) -> None:
    await Storage(f"file://{tmp_path}/my%20pictures", tmp_path / "nothing").put({"images/a.png": b"a"}, "image/png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my pictures"]  # noqa: ASYNC240


def test_a_folder_is_made_when_it_is_needed(tmp_path: Path) -> None:
    Storage("", tmp_path / "media")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["ftp://example.com", "media", "s3://", "file://media"])
def test_a_place_that_cannot_be_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ConfigError, match="AGENDUM_MEDIA_URL"):
        load_settings({"AGENDUM_MEDIA_URL": url})
