"""A business whose pictures are kept in a folder, and pictures to upload."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from agendum.core import clock
from agendum.core.worker import Worker
from agendum.media import jobs
from tests.makers.world import Business, Person, SmallWorld, connect, make_small_world
from tests.media.s3 import BUCKET, KEY, Bucket, small_s3
from tests.stage import Stages, World

RIGHTS = ("master_edit", "services_edit", "settings_services_edit_image_access")


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (1000, 750), color: str = "teal", **saving: Any) -> bytes:
    """A plain picture; `saving` goes to Pillow, such as exif=."""
    file = BytesIO()
    Image.new("RGB", size, color).save(file, kind, **saving)
    return file.getvalue()


@dataclass
class Studio:
    world: World
    small: SmallWorld
    db: Any
    folder: Path

    @property
    def business(self) -> Business:
        return self.small.business

    async def call(
        self, method: str, path: str, *, user: Person | None = None, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """As the receptionist unless told otherwise."""
        who = user or self.business.receptionist
        tokens = {"Authorization": f"Bearer {self.small.partner_token}, User {who.token}"}
        return await self.world.http.request(method, path, headers=tokens | (headers or {}), **more)

    async def send(
        self, content: bytes, entity: str = "service", *, file_name: str = "photo.jpg", **more: Any
    ) -> httpx.Response:
        """Upload; fields besides the image that are ids go into the form."""
        fields = {name: str(more.pop(name)) for name in ("company_id", "service_id", "master_id") if name in more}
        files = {"image": (file_name, content, "image/jpeg")}
        return await self.call("POST", f"/images/{entity}", files=files, data=fields, **more)

    async def upload(self, content: bytes | None = None, entity: str = "service", **more: Any) -> Any:
        """An upload that is taken; gives what the answer says of the group."""
        answer = await self.send(content or picture(), entity, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]["image_group"]

    async def give_haircut(self, content: bytes | None = None, **more: Any) -> Any:
        """Upload the picture of the haircut."""
        return await self.upload(
            content, company_id=self.business.location_id, service_id=self.business.haircut, **more
        )

    async def remove(self, group_id: int, entity: str = "service", **more: Any) -> httpx.Response:
        return await self.call("DELETE", f"/images/{entity}", files={"image_group_id": (None, str(group_id))}, **more)

    async def haircut(self) -> Any:
        """The haircut as clients see it."""
        answer = await self.call("GET", f"/book_services/{self.business.location_id}")
        return next(each for each in answer.json()["data"]["services"] if each["id"] == self.business.haircut)

    async def anna(self) -> Any:
        """Anna as clients see her."""
        answer = await self.call("GET", f"/book_staff/{self.business.location_id}")
        return next(each for each in answer.json()["data"] if each["id"] == self.business.anna)

    async def show(self, address: str, **headers: str) -> httpx.Response:
        return await self.world.http.get(address, headers=headers)

    async def drain(self, **shift: float) -> int:
        """Run the jobs that are due; `days=2` lets that much time pass first."""
        if shift:
            clock.shift_clock(timedelta(**shift))
        return await Worker(self.world.server, self.world.dsn, [jobs.jobs]).drain()

    def files(self) -> set[str]:
        """What the folder holds."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture
async def studio(stages: Stages, tmp_path: Path) -> AsyncIterator[Studio]:
    async with stages.world(data_dir=str(tmp_path), max_upload=300_000) as world:
        db = await connect(world.dsn)
        try:
            yield Studio(world, await make_small_world(db, rights=RIGHTS), db, tmp_path / "media")
        finally:
            await db.close()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket, and the variables that lead to it."""
    with small_s3() as served:
        monkeypatch.setenv("AWS_ENDPOINT_URL", served.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        yield served


@pytest.fixture
async def studio_with_bucket(stages: Stages, tmp_path: Path, bucket: Bucket) -> AsyncIterator[Studio]:
    async with stages.world(data_dir=str(tmp_path), media_url=f"s3://{BUCKET}/salon") as world:
        db = await connect(world.dsn)
        try:
            yield Studio(world, await make_small_world(db, rights=RIGHTS), db, tmp_path / "media")
        finally:
            await db.close()


@pytest.fixture(autouse=True)
def clock_in_step() -> Iterator[None]:
    yield
    clock.shift_clock(timedelta())
