"""A shop whose messages really leave: to an SMTP server and to an SMS provider that speaks HTTP, both in here."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from agendum.core import clock
from agendum.core.worker import Worker
from agendum.messaging import actions, jobs
from agendum.messaging.senders import Outlets
from tests.booking.conftest import Shop
from tests.conftest import World
from tests.makers.world import connect, make_small_world


class Mailbox:
    """An SMTP server. `answers` are given to the next messages instead of taking them."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.url = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(email.message_from_bytes(content, policy=email.policy.default))  # type: ignore[arg-type]
        self.recipients += envelope.rcpt_tos
        return "250 OK"


class Provider:
    """An HTTP server that takes SMS as JSON at /send/PHONE. `answers` are the next statuses, 200 by default;
    with `hold` set it takes the message and does not answer until the event happens."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []
        self.answers: list[int] = []
        self.hold: asyncio.Event | None = None
        self.reached = asyncio.Event()
        self.url = ""

    def to(self, phone: str) -> list[str]:
        return [text for recipient, text in self.texts if recipient == phone]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length")
        )
        body = json.loads(await reader.readexactly(length))
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.texts.append((head.split(" ")[1].rpartition("/")[2], body["message"]))
        self.reached.set()
        if self.hold is not None:
            await self.hold.wait()
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, hostname="mail.test"), "127.0.0.1", 0)
    box.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield box
    server.close()


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    taker = Provider()
    server = await asyncio.start_server(taker.serve, "127.0.0.1", 0)
    taker.url = f"json://127.0.0.1:{server.sockets[0].getsockname()[1]}/send/{{phone}}"
    yield taker
    server.close()


RIGHTS = ["timetable_access", "create_records_access", "edit_records_access", "records_edit_comment_access"]


@dataclass
class Desk(Shop):
    """The shop, its outlets, and what its clients receive. James is no other maker's client."""

    outlets: Outlets = field(default_factory=Outlets)

    phone = "13155540199"
    email = "james@example.com"

    def worker(self, **options: Any) -> Worker:
        return Worker(self.world.server, self.world.dsn, [jobs.jobs], given=[self.outlets], **options)

    async def drain(self, **shift: float) -> int:
        """Run what is due; `days=2` lets that much time pass first (from the true time)."""
        if shift:
            clock.shift_clock(timedelta(**shift))
        return await self.worker().drain()

    async def drain_at(self, moment: datetime) -> int:
        """Run what is due at a moment."""
        clock.shift_clock(timedelta())
        clock.shift_clock(moment - clock.now())
        return await self.worker().drain()

    def start(self, wall: str, ahead: int = 3) -> datetime:
        return clock.parse_when(self.at(wall, ahead), self.business.zone)

    async def booked(self, wall: str = "10:00", *, ahead: int = 3, **more: Any) -> dict[str, Any]:
        """James books a haircut with Anna."""
        wish = self.wish(self.business.haircut, self.at(wall, ahead), staff=self.business.anna)
        answer = await self.book(wish, **{"phone": self.phone, "email": self.email, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()["data"][0]

    async def moved(self, made: dict[str, Any], wall: str, ahead: int = 3) -> None:
        """The client, who signed in with his phone, moves his visit."""
        path = f"/book_record/{self.here}/{made['record_id']}"
        answer = await self.call("PUT", path, user=self.small.client, json={"datetime": self.at(wall, ahead)})
        assert answer.status_code == 200, answer.text

    async def cancelled(self, made: dict[str, Any]) -> None:
        answer = await self.call("DELETE", f"/user/records/{made['record_id']}/{made['record_hash']}")
        assert answer.status_code == 200, answer.text

    async def messages(self, recipient: str | None = None) -> list[tuple[str, str, str]]:
        """(kind, channel, status), oldest first."""
        async with self.world.server.pools.read.acquire() as db:
            found = await actions.list_messages(db, recipient)
        return [(message.kind, message.channel, message.status) for message in reversed(found)]


@pytest.fixture
async def desk(world: World, mailbox: Mailbox, provider: Provider) -> AsyncIterator[Desk]:
    db = await connect(world.dsn)
    outlets = Outlets(mailbox.url, "Agendum <desk@agendum.test>", provider.url)
    try:
        yield Desk(world, await make_small_world(db, rights=RIGHTS), db, outlets)
    finally:
        await db.close()


@pytest.fixture(autouse=True)
def clock_in_step() -> Iterator[None]:
    yield
    clock.shift_clock(timedelta())
