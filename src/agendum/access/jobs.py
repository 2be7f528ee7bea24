"""What access throws away by itself."""

from __future__ import annotations

from agendum.access.actions import sweep
from agendum.core.jobs import Jobs, Work

jobs = Jobs()


@jobs.every("25 3 * * *")
async def forget_what_is_old(work: Work) -> None:
    """Drop failed sign-ins, codes and tokens that are of no use any more."""
    await sweep(work.db, work.now)
