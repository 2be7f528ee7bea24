"""What clients leave in the storage to be cleared away; each is safe to run twice."""

from __future__ import annotations

from datetime import timedelta

from agendum.clients.actions import FOLDER, REMOVE, Files, sql
from agendum.core.jobs import Jobs, Work

jobs = Jobs()

SETTLED = timedelta(days=1)  # no request lasts as long


@jobs.later(REMOVE, transaction=False)
async def remove_files(work: Work, files: Files) -> None:
    """Remove files that were deleted."""
    await work.server.storage.remove(files.paths)


@jobs.every("50 3 * * *", transaction=False)
async def remove_strays(work: Work) -> None:
    """Remove files of uploads whose transaction was rolled back."""
    storage = work.server.storage
    async for files in storage.list(FOLDER):
        settled = [file.path for file in files if file.written_at < work.now - SETTLED]
        async with work.server.pools.read.acquire() as db:
            rows = await sql.known_paths.rows(db, paths=settled)
        await storage.remove(set(settled) - {row["path"] for row in rows})
