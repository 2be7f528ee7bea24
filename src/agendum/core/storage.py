"""Where uploaded files rest: a folder, or a bucket of S3-compatible storage.

Paths are relative, with `/` between their parts; the first part says whose they are (`images`). A file is written
before the transaction that names it commits, and removed after the one that forgets it has: what a rolled back
transaction leaves here is for its owner's housekeeping. A path is written once and its content never changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from agendum.core.errors import AppError, NotFound

_AT_ONCE = 8  # files on their way to the storage for one caller
_log = structlog.get_logger("agendum.storage")


class StorageOutOfReach(AppError):
    status, text = 503, "The storage of files is out of reach, try again."


class Stored(NamedTuple):
    path: str
    written_at: datetime


class Storage:
    """`url` is s3://bucket/prefix, whose keys are in the AWS_… variables, or file:///folder; empty: `folder`."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder

    @cached_property
    def _store(self) -> ObjectStore:
        """Opened when it is first needed: a server that keeps no files makes no folder."""
        if self._url.startswith("s3://"):
            return S3Store.from_url(
                self._url,
                client_options={"allow_http": True, "timeout": timedelta(seconds=15)},
                retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
            )
        folder = Path(unquote(urlsplit(self._url).path)) if self._url else self._folder
        return LocalStore(folder, mkdir=True, automatic_cleanup=True)

    async def put(self, files: dict[str, bytes], content_type: str) -> None:
        """Write files of one type. Raises StorageOutOfReach; some may have been written then."""
        with _trouble():
            # A folder knows no types.
            given = None if isinstance(self._store, LocalStore) else {"Content-Type": content_type}
            await asyncio.gather(
                *(self._store.put_async(path, content, attributes=given) for path, content in files.items())
            )

    async def get(self, path: str) -> bytes:
        """Raises NotFound, StorageOutOfReach."""
        with _trouble():
            return bytes(await (await self._store.get_async(path)).bytes_async())

    async def check(self, path: str) -> None:
        """Raises NotFound when there is no such file, StorageOutOfReach."""
        with _trouble():
            await self._store.head_async(path)

    async def remove(self, paths: Iterable[str]) -> None:
        """Remove files; what is gone already is fine. Raises StorageOutOfReach."""
        limit = asyncio.Semaphore(_AT_ONCE)

        async def remove_one(path: str) -> None:
            async with limit:
                try:
                    with _trouble():
                        await self._store.delete_async(path)
                except NotFound:
                    return

        await asyncio.gather(*(remove_one(path) for path in paths))

    async def list(self, prefix: str) -> AsyncGenerator[list[Stored]]:
        """All files below a folder, some at a time. Raises StorageOutOfReach."""
        with _trouble():
            async for chunk in self._store.list(prefix, chunk_size=500):
                yield [Stored(meta["path"], meta["last_modified"]) for meta in chunk]


@contextmanager
def _trouble() -> Generator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotFound() from None
    except (BaseError, OSError) as error:
        _log.error("the storage is out of reach", error=str(error).partition("\n")[0])
        raise StorageOutOfReach(headers={"retry-after": "5"}) from error
