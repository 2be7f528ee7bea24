"""Work that no request waits for: reactions to notices, jobs for later, timed jobs.

    jobs = Jobs()

    @jobs.hear(PhoneCodeRequested)
    async def send_code(work: Work, notice: PhoneCodeRequested) -> None: ...

    @jobs.later("messaging.remind")
    async def remind(work: Work, body: Reminder) -> None: ...

    @jobs.every("0 4 * * *")
    async def clean(work: Work) -> None: ...

A job runs in one transaction, `work.db`: what it writes and that it is done commit together. With
`transaction=False` it has none and opens what it needs: for talking to other servers. After an exception it
is tried again, after `retry[0]` seconds, `retry[1]`, …; after the last try it is logged and held as failed.
So a job must be safe to run twice. `agendum.core.worker` runs them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar, get_type_hints

import msgspec

from agendum.core import clock
from agendum.core.db.sql import Connection
from agendum.core.outbox import Notice, tell
from agendum.core.server import Server

RETRY = (5.0, 25.0, 125.0, 625.0)  # seconds from a failure to the next try

Run = Callable[..., Awaitable[None]]
F = TypeVar("F", bound=Run)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of job. `reads`: what it takes, by the kind of the notice ("" in a job for later)."""

    name: str
    run: Run
    retry: tuple[float, ...]
    transaction: bool
    reads: Mapping[str, Any] = field(default_factory=dict[str, Any])
    after: timedelta = timedelta()
    cron: str = ""

    def arguments(self, payload: bytes | None) -> list[Any]:
        """What the function takes beside Work. Raises msgspec.ValidationError for a body of another shape."""
        if not self.reads:
            return []
        read = msgspec.json.decode(payload or b"", type=_Payload)
        return [msgspec.json.decode(read.body, type=self.reads[read.kind])]


class _Payload(msgspec.Struct):
    body: msgspec.Raw
    kind: str = ""


def payload_of(kind: str, body: Any) -> bytes:
    """How a notice ("" for the body of a job for later) travels to its job."""
    return msgspec.json.encode({"kind": kind, "body": body})


class Jobs:
    """The jobs of one domain. `app.py` lists every such object; nothing registers itself."""

    def __init__(self) -> None:
        self.items: list[Job] = []

    def hear(
        self,
        *notices: type[Notice],
        after: float = 0,
        retry: Sequence[float] = RETRY,
        transaction: bool = True,
    ) -> Callable[[F], F]:
        """Run for each such notice, `after` seconds later than it was told."""

        def add(run: F) -> F:
            reads = {notice.kind: notice for notice in notices}
            delay = timedelta(seconds=after)
            self.items.append(Job(_name(run), run, tuple(retry), transaction, reads, delay))
            return run

        return add

    def later(self, name: str, *, retry: Sequence[float] = RETRY, transaction: bool = True) -> Callable[[F], F]:
        """Run when somebody enqueues `name`. The annotation of the second parameter is the body's shape."""

        def add(run: F) -> F:
            _, body, *_ = [hint for parameter, hint in get_type_hints(run).items() if parameter != "return"]
            self.items.append(Job(name, run, tuple(retry), transaction, {"": body}))
            return run

        return add

    def every(self, cron: str, *, retry: Sequence[float] = RETRY, transaction: bool = True) -> Callable[[F], F]:
        """Run at the times of a cron expression, in UTC; once, however many processes there are."""

        def add(run: F) -> F:
            self.items.append(Job(_name(run), run, tuple(retry), transaction, cron=cron))
            return run

        return add


def _name(run: Run) -> str:
    """`messaging.send_code` for `send_code` in agendum.messaging.jobs."""
    return ".".join([*run.__module__.split(".")[-2:-1], run.__name__])


class JobOrder(Notice, kw_only=True):
    """A job that somebody wants run, on its way through the outbox; the fields are those of `enqueue`."""

    kind: ClassVar[str] = "core.job"

    name: str
    body: Any
    at: datetime | None = None
    key: str | None = None


async def enqueue(
    db: Connection,
    name: str,
    body: msgspec.Struct,
    *,
    at: datetime | None = None,
    key: str | None = None,
) -> None:
    """Have the job `name` run once this transaction commits, or at `at` when that is later.

    While a job of the same name and `key` waits or runs, a second one is dropped.
    """
    order = JobOrder(
        chain_id=getattr(body, "chain_id", 0),
        location_id=getattr(body, "location_id", 0),
        name=name,
        body=msgspec.to_builtins(body, enc_hook=str),
        at=at,
        key=key,
    )
    await tell(db, order, clock.now())


@dataclass(slots=True)
class Work:
    """One run of a job. `job_id` stays the same when a job runs again; `attempt` counts from 1."""

    server: Server
    now: datetime
    job_id: int
    attempt: int
    is_last_attempt: bool
    transaction: Connection | None = None
    given: Mapping[type, Any] = field(default_factory=dict[type, Any])

    @property
    def db(self) -> Connection:
        """The job's transaction. Raises RuntimeError in a job that has none."""
        if self.transaction is None:
            raise RuntimeError("this job runs without a transaction")
        return self.transaction

    async def enqueue(
        self, name: str, body: msgspec.Struct, *, at: datetime | None = None, key: str | None = None
    ) -> None:
        """`enqueue` in the job's transaction; without one, at once."""
        if self.transaction is not None:
            await enqueue(self.transaction, name, body, at=at, key=key)
        else:
            async with self.server.pools.write.acquire() as db:
                await enqueue(db, name, body, at=at, key=key)

    def of(self, kind: type[T]) -> T:
        """What the worker was given of a type, such as a domain's settings. Raises LookupError."""
        return self.given[kind]
