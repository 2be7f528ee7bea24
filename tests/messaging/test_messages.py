"""What clients receive, when they do, and what becomes of it when a provider is away."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from agendum.messaging import actions
from agendum.messaging.senders import Outlets
from tests.messaging.conftest import Desk, Mailbox, Provider

pytestmark = pytest.mark.anyio


async def ask_code(desk: Desk, phone: str) -> None:
    answer = await desk.call("POST", f"/book_code/{desk.here}", json={"phone": f"+{phone}"})
    assert answer.status_code == 201, answer.text


# Codes


async def test_a_code_comes_by_sms_and_opens_the_door(desk: Desk, provider: Provider) -> None:
    phone = desk.small.client.phone
    await ask_code(desk, phone)
    await desk.drain()
    [text] = provider.to(phone)
    assert re.fullmatch(r"Your code: \d{5}\. La Visage", text)
    code = text.split(": ")[1].split(".")[0]
    signed_in = await desk.call("POST", "/user/auth", json={"login": phone, "password": code})
    assert signed_in.status_code == 201, signed_in.text
    assert await desk.drain() == 0
    assert await desk.messages(phone) == [("phone_code", "sms", "sent")]


async def test_messages_can_be_looked_up_for_a_year(desk: Desk) -> None:
    desk.outlets = Outlets()
    await ask_code(desk, "13155540142")
    await desk.drain()
    await desk.drain(days=364)
    assert len(await desk.messages("13155540142")) == 1
    await desk.drain(days=367)
    assert await desk.messages("13155540142") == []


async def test_without_a_way_out_messages_are_kept_for_the_operator(desk: Desk, mailbox: Mailbox) -> None:
    desk.outlets = Outlets()
    await desk.booked()
    await ask_code(desk, "13155540142")
    await desk.drain()
    assert mailbox.mails == []
    assert sorted(await desk.messages(desk.phone)) == [("booked", "sms", "kept")]
    async with desk.world.server.pools.read.acquire() as db:
        [kept] = await actions.list_messages(db, "13155540142", limit=5)
    assert kept.body.startswith("Your code: ")


async def test_a_code_that_died_while_the_provider_was_away_is_not_sent(desk: Desk, provider: Provider) -> None:
    provider.answers = [503]
    await ask_code(desk, desk.phone)
    await desk.drain()
    assert await desk.messages() == [("phone_code", "sms", "waiting")]
    await desk.drain(minutes=11)
    assert provider.texts == []
    assert await desk.messages() == [("phone_code", "sms", "cancelled")]


# Appointments


async def test_who_books_online_is_told_once_by_sms_and_by_mail(
    desk: Desk, mailbox: Mailbox, provider: Provider
) -> None:
    made = await desk.booked("14:30")
    await desk.drain()
    day = desk.day(3)

    link = f"http://test/a/{made['record_id']}-{made['record_hash']}"
    sms = f"Booked: {day:%a, %b} {day.day} 2:30 PM, Haircut, Anna. La Visage {link}"
    assert provider.texts == [(desk.phone, sms)]
    [mail] = mailbox.mails
    assert mailbox.recipients == [desk.email]
    assert mail["From"] == "La Visage <desk@agendum.test>"
    assert mail["Reply-To"] == "La Visage <info@example.com>"
    assert mail["Subject"] == f"You are booked: {day:%a, %b} {day.day} 2:30 PM"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    lines = text.get_content().splitlines()
    assert lines[0] == "Hello James,"
    assert f"{day:%A, %B} {day.day}, {day.year}, 2:30 PM" in lines
    assert {"Haircut", "Anna", "La Visage, 787 Jackson Drive", link} <= set(lines)
    assert f'<a href="{link}">' in html.get_content()

    assert await desk.drain(minutes=5) == 0
    assert sorted(await desk.messages()) == [("booked", "email", "sent"), ("booked", "sms", "sent")]


async def test_a_booking_that_was_refused_tells_nobody(desk: Desk, provider: Provider) -> None:
    await desk.booked("10:00")
    taken = desk.wish(desk.business.haircut, desk.at("10:00"), staff=desk.business.anna)
    assert (await desk.book(taken, phone="13155540143")).status_code == 422
    await desk.drain()
    assert [phone for phone, _ in provider.texts] == [desk.phone]


async def test_reminders_come_their_hours_before_the_visit(desk: Desk, mailbox: Mailbox, provider: Provider) -> None:
    await desk.booked(notify_by_sms=6, notify_by_email=24)
    start = desk.start("10:00")
    await desk.drain()
    await desk.drain_at(start - timedelta(hours=24, minutes=1))
    assert (len(mailbox.mails), len(provider.texts)) == (1, 1)

    await desk.drain_at(start - timedelta(hours=24))
    assert (len(mailbox.mails), len(provider.texts)) == (2, 1)
    assert str(mailbox.mails[1]["Subject"]).startswith("Reminder: ")
    await desk.drain_at(start - timedelta(hours=6))
    assert (len(mailbox.mails), len(provider.texts)) == (2, 2)
    assert provider.texts[1][1].startswith("Reminder: ")
    assert "10:00 AM, Haircut, Anna" in provider.texts[1][1]
    assert await desk.drain_at(start) == 0


async def test_who_books_after_the_hour_of_the_reminder_gets_none(desk: Desk, provider: Provider) -> None:
    await desk.booked(notify_by_sms=24 * 5)
    await desk.drain()
    await desk.drain_at(desk.start("10:00") - timedelta(minutes=1))
    assert len(provider.texts) == 1


async def test_a_moved_visit_is_told_and_reminded_of_at_its_new_time(desk: Desk, provider: Provider) -> None:
    phone = desk.small.client.phone
    made = await desk.booked("10:00", phone=phone, email="", notify_by_sms=2)
    await desk.drain()
    await desk.moved(made, "11:00", ahead=4)
    await desk.drain()
    day, old, new = desk.day(4), desk.start("10:00"), desk.start("11:00", 4)
    assert provider.to(phone)[1].startswith(f"Moved to {day:%a, %b} {day.day} 11:00 AM: Haircut, Anna. La Visage http")

    await desk.drain_at(old - timedelta(minutes=5))
    assert len(provider.texts) == 2
    await desk.drain_at(new - timedelta(hours=2))
    assert len(provider.texts) == 3
    assert provider.to(phone)[2].startswith(f"Reminder: {day:%a, %b} {day.day} 11:00 AM")


async def test_a_cancelled_visit_is_told_and_nothing_more(desk: Desk, provider: Provider) -> None:
    made = await desk.booked(email="", notify_by_sms=2)
    await desk.drain()
    await desk.cancelled(made)
    await desk.drain()
    assert provider.to(desk.phone)[1].startswith("Cancelled: ")
    await desk.drain(days=10)
    assert len(provider.texts) == 2
    assert await desk.messages() == [("booked", "sms", "sent"), ("cancelled", "sms", "sent")]


async def test_a_visit_booked_at_the_desk_is_told_of_where_a_reminder_was_asked_for(
    desk: Desk, mailbox: Mailbox, provider: Provider
) -> None:
    made = await desk.booked(notify_by_sms=2)
    await desk.db.execute("UPDATE appointments SET is_online = false")
    await desk.drain()
    assert provider.texts == []
    await desk.cancelled(made)
    await desk.drain()
    await desk.drain(days=9)
    assert await desk.messages() == [("cancelled", "sms", "sent")]
    assert mailbox.mails == []


async def test_the_desk_has_a_client_told_and_the_appointment_says_what_was_sent(
    desk: Desk, provider: Provider
) -> None:
    b, phone = desk.business, desk.business.client_phone
    wish: dict[str, Any] = {
        "staff_id": b.anna,
        "services": [{"id": b.haircut}],
        "client": {"id": b.client_id},
        "datetime": desk.at("10:00"),
        "seance_length": 3600,
        "sms_remain_hours": 2,
        "send_sms": True,
    }
    made = await desk.call("POST", f"/records/{desk.here}", user=b.owner, json=wish)
    assert made.status_code == 201, made.text
    path = f"/record/{desk.here}/{made.json()['data'][0]['id']}"

    async def sent() -> tuple[Any, ...]:
        shown = (await desk.call("GET", path, user=b.owner)).json()["data"]
        return shown["sms_now"], shown["is_remind_sms_sent"]

    assert await sent() == (0, False)
    await desk.drain()
    assert [text[:7] for text in provider.to(phone)] == ["Booked:"]
    assert await sent() == (1, False)
    unsaid = wish | {"comment": "By the window", "send_sms": False}
    assert (await desk.call("PUT", path, user=b.owner, json=unsaid)).status_code == 201
    await desk.drain()
    assert len(provider.to(phone)) == 1
    await desk.drain_at(desk.start("10:00") - timedelta(hours=2))
    assert [text[:7] for text in provider.to(phone)] == ["Booked:", "Reminde"]
    assert await sent() == (1, True)


async def test_a_location_may_do_without_sms(desk: Desk, mailbox: Mailbox, provider: Provider) -> None:
    await desk.db.execute("UPDATE booking_settings SET sms_enabled = false")
    await desk.booked()
    await ask_code(desk, desk.phone)
    await desk.drain()
    assert len(mailbox.mails) == 1
    assert [text[:10] for text in provider.to(desk.phone)] == ["Your code:"]


# Reviews


async def test_after_the_visit_one_request_for_a_review_whose_link_works(
    desk: Desk, mailbox: Mailbox, provider: Provider
) -> None:
    await desk.booked()
    end = desk.start("11:00")
    await desk.drain()
    await desk.drain_at(end)
    assert len(mailbox.mails) == 1
    await desk.drain_at(end + timedelta(hours=1))
    assert (len(mailbox.mails), len(provider.texts)) == (2, 1)
    body = mailbox.mails[1].get_body(("plain",))
    assert body is not None
    link = body.get_content().splitlines()[-1]
    assert link.startswith("http://test/r/")
    page = await desk.get(f"/master_record_review/{link.rpartition('/')[2]}")
    assert page["is_review_submitted"] is False
    await desk.drain(days=30)
    assert len(mailbox.mails) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE appointments SET attendance = -1",
        "UPDATE appointments SET is_online = false",
        "UPDATE clients SET sms_not = true",
    ],
)
async def test_no_review_is_asked_of(desk: Desk, provider: Provider, change: str) -> None:
    await desk.booked(email="")
    await desk.drain()
    await desk.db.execute(change)
    await desk.drain(days=9)
    assert len(provider.texts) == 1


# Providers that fail


async def test_a_mail_server_that_is_busy_gets_the_mail_later(desk: Desk, mailbox: Mailbox) -> None:
    mailbox.answers = ["451 4.3.0 try again later", "451 4.3.0 try again later"]
    await desk.booked()
    await desk.drain()
    async with desk.world.server.pools.read.acquire() as db:
        [waiting] = await actions.list_messages(db, desk.email)
    assert (waiting.status, mailbox.mails) == ("waiting", [])
    assert "try again later" in waiting.error
    await desk.drain(seconds=10)
    assert mailbox.mails == []
    await desk.drain(seconds=60)
    assert len(mailbox.mails) == 1
    assert await desk.messages(desk.email) == [("booked", "email", "sent")]


async def test_an_address_that_does_not_exist_is_tried_once(desk: Desk, mailbox: Mailbox) -> None:
    await desk.booked(email="nobody@example.com")
    await desk.drain()
    async with desk.world.server.pools.read.acquire() as db:
        [failed] = await actions.list_messages(db, "nobody@example.com")
    assert (failed.status, failed.error) == ("failed", "550 5.1.1 no such mailbox")
    assert mailbox.mails == []


async def test_what_never_leaves_is_failed_with_its_reason(desk: Desk, provider: Provider) -> None:
    provider.answers = [500] * 7
    await desk.booked(ahead=9, email="")
    await desk.drain()
    for hours in range(5, 50, 5):
        await desk.drain(hours=hours)
    async with desk.world.server.pools.read.acquire() as db:
        [failed] = await actions.list_messages(db, desk.phone)
    assert (failed.status, provider.answers, provider.texts) == ("failed", [], [])
    assert "500" in failed.error


async def test_an_older_word_that_still_waits_is_replaced_by_the_newer(desk: Desk, provider: Provider) -> None:
    phone = desk.small.client.phone
    provider.answers = [503]
    made = await desk.booked("10:00", phone=phone, email="")
    await desk.drain()
    await desk.moved(made, "12:00")
    await desk.drain()
    await desk.drain(minutes=2)
    assert [text[:9] for text in provider.to(phone)] == ["Moved to "]
    assert await desk.messages(phone) == [("booked", "sms", "cancelled"), ("moved", "sms", "sent")]


async def test_a_worker_that_dies_while_sending_loses_nothing(desk: Desk, provider: Provider) -> None:
    provider.hold = asyncio.Event()
    await ask_code(desk, desk.phone)
    dying = asyncio.create_task(desk.drain())
    await asyncio.wait_for(provider.reached.wait(), 10)
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    provider.hold.set()
    provider.hold = None
    assert await desk.messages() == [("phone_code", "sms", "waiting")]

    await desk.drain()
    assert await desk.messages() == [("phone_code", "sms", "sent")]
    assert len(set(provider.to(desk.phone))) == 1, "the same code, if twice"


async def test_two_workers_send_each_message_once(desk: Desk, provider: Provider) -> None:
    walls = ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00"]
    for wall in walls:
        await desk.booked(wall, email="")
    await asyncio.gather(desk.worker().drain(), desk.worker().drain())
    assert len(provider.texts) == len(set(provider.texts)) == len(walls)


async def test_a_running_worker_sends_within_moments(desk: Desk, provider: Provider) -> None:
    running = asyncio.create_task(desk.worker().run())
    try:
        await ask_code(desk, desk.phone)
        await asyncio.wait_for(provider.reached.wait(), 10)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert await desk.messages() == [("phone_code", "sms", "sent")]
