"""What media clears away, in the storage; each is safe to run twice."""

from __future__ import annotations

from datetime import timedelta

from agendum.core.db.sql import load
from agendum.core.jobs import Jobs, Work
from agendum.media.actions import FOLDER, REMOVE, Files

sql = load(__file__)

jobs = Jobs()

SETTLED = timedelta(days=1)  # no request lasts as long


@jobs.later(REMOVE, transaction=False)
async def remove_files(work: Work, files: Files) -> None:
    """Remove the files of a picture that was deleted or replaced."""
    await work.server.storage.remove(files.paths)


@jobs.every("40 3 * * *", transaction=False)
async def remove_strays(work: Work) -> None:
    """Remove the files of uploads whose transaction was rolled back."""
    storage = work.server.storage
    async for files in storage.list(FOLDER):
        settled = {file.path: file.path.rpartition("/")[0] for file in files if file.written_at < work.now - SETTLED}
        async with work.server.pools.read.acquire() as db:
            rows = await sql.known_folders.rows(db, folders=list(set(settled.values())))
        known = {row["folder"] for row in rows}
        await storage.remove([path for path, folder in settled.items() if folder not in known])
