"""What the server throws away by itself."""

from __future__ import annotations

from datetime import timedelta

from agendum.core.db.sql import load
from agendum.core.jobs import Jobs, Work

sql = load(__file__)

jobs = Jobs()

KEYS_FOR = timedelta(days=3)
JOB_LOG_FOR = timedelta(days=30)


@jobs.every("10 3 * * *")
async def clean(work: Work) -> None:
    """Drop old answers kept under an Idempotency-Key and the old log of jobs."""
    await sql.drop_old_idempotency_keys.run(work.db, before=work.now - KEYS_FOR)
    await sql.drop_old_job_log.run(work.db, before=work.now - JOB_LOG_FOR)
    await sql.drop_old_job_statistics.run(work.db, before=work.now - JOB_LOG_FOR)
