"""When people hear from the business: codes, what happens to their appointments, reminders, requests for a review.

A listener writes the message down and leaves the sending to `deliver`, which holds no transaction meanwhile.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec
import structlog

from agendum.access.notices import PhoneCodeRequested
from agendum.appointments.actions.writing import note_message
from agendum.appointments.notices import AppointmentChanged, AppointmentCreated, AppointmentDeleted
from agendum.core.db.sql import load
from agendum.core.jobs import Jobs, Work
from agendum.core.links import record_hash, record_token
from agendum.core.server import Server
from agendum.members.notices import UserInvited
from agendum.messaging import rules
from agendum.messaging.actions import settle_message, write_message
from agendum.messaging.rules import Channel, Kind, Reminder, Visit
from agendum.messaging.senders import TIMEOUT, Email, Outlets, UndeliverableError, send_email, send_sms
from agendum.messaging.writing import Letter, code_letter, invitation_letter, letter

sql = load(__file__)
jobs = Jobs()

_log = structlog.get_logger("agendum.messaging")

# A provider may be away for an evening. What comes too late is not sent at all, see rules.is_outdated.
_SENDING = (5.0, 25.0, 125.0, 625.0, 3600.0, 14400.0)


class Delivery(msgspec.Struct):
    """A message that waits to be sent."""

    chain_id: int
    message_id: int


class ReviewRequest(msgspec.Struct):
    """To be sent after the visit that ends at `ends_at`."""

    chain_id: int
    appointment_id: int
    ends_at: datetime


@jobs.hear(PhoneCodeRequested)
async def send_code(work: Work, notice: PhoneCodeRequested) -> None:
    """The code that somebody signs in or books with."""
    sender = await sql.sender_of_code.row(work.db, chain_id=notice.chain_id, location_id=notice.location_id)
    if sender is None:
        return
    text = code_letter(sender["language"], code=notice.code, business=sender["business"])
    place = (notice.chain_id, notice.location_id, None)
    await _post(work, place, "phone_code", "sms", notice.phone, text, f"phone_code:{work.job_id}")


@jobs.hear(UserInvited)
async def send_invitation(work: Work, notice: UserInvited) -> None:
    """The link by which somebody who was invited to a location's team accepts."""
    sender = await sql.sender_of_code.row(work.db, chain_id=notice.chain_id, location_id=notice.location_id)
    if sender is None:
        return
    business, link = sender["business"], work.server.url(f"/i/{notice.token}")
    text = invitation_letter(sender["language"], notice.channel, name=notice.name, business=business, link=link)
    place = (notice.chain_id, notice.location_id, None)
    await _post(work, place, "invitation", notice.channel, notice.recipient, text, f"invitation:{work.job_id}")


@jobs.hear(AppointmentCreated)
async def confirm(work: Work, notice: AppointmentCreated) -> None:
    """Who booked online is told that it worked; reminders and the request for a review are set for their times."""
    visit = await _visit(work, notice.chain_id, notice.appointment_id)
    if visit is None or visit.is_deleted:
        return
    if visit.is_online and visit.starts_at > work.now:
        await _say(work, visit, "booked")
    elif notice.send_sms:
        await _say_by_sms(work, visit)
    await _set_times(work, visit)


@jobs.hear(AppointmentChanged)
async def follow_change(work: Work, notice: AppointmentChanged) -> None:
    """A new time is told, and the times of everything else are set anew."""
    visit = await _visit(work, notice.chain_id, notice.appointment_id)
    if visit is None or visit.is_deleted:
        return
    if notice.moved_from not in (None, visit.starts_at) and visit.starts_at > work.now:
        await _say(work, visit, "moved")
    if notice.send_sms:  # the desk asked for it; the same word is not said twice
        await _say_by_sms(work, visit)
    await _set_times(work, visit)


@jobs.hear(AppointmentDeleted)
async def cancel(work: Work, notice: AppointmentDeleted) -> None:
    """Who would have come is told not to."""
    visit = await _visit(work, notice.chain_id, notice.appointment_id)
    if visit is not None and visit.is_deleted and visit.starts_at > work.now:
        await _say(work, visit, "cancelled")


@jobs.later("messaging.remind")
async def remind(work: Work, reminder: Reminder) -> None:
    """A reminder, if the visit is still as it was when this was planned."""
    visit = await _visit(work, reminder.chain_id, reminder.appointment_id)
    if visit is None or not rules.is_wanted(reminder, visit, work.now):
        return
    if visit.contact(reminder.channel):
        await _write(work, visit, "reminder", reminder.channel, f"reminder:{reminder.key}")


@jobs.later("messaging.ask_review")
async def ask_review(work: Work, body: ReviewRequest) -> None:
    """One request for a review, some time after a visit that took place."""
    visit = await _visit(work, body.chain_id, body.appointment_id)
    if visit is None or not rules.may_ask_review(visit, body.ends_at):
        return
    for channel in rules.channels_for(visit, "review"):
        await _write(work, visit, "review", channel, f"review:{visit.appointment_id}")


@jobs.every("40 3 * * *")
async def forget_old_messages(work: Work) -> None:
    """Drop what went out, or was kept, a year ago."""
    await sql.drop_old_messages.run(work.db, before=work.now - rules.MESSAGES_FOR)


@jobs.later("messaging.deliver", transaction=False, retry=_SENDING)
async def deliver(work: Work, body: Delivery) -> None:
    """Send one message. A crash between sending and marking sends it twice; nothing loses it."""
    pool = work.server.pools.write
    async with pool.acquire() as db:
        row = await sql.message_to_send.row(db, chain_id=body.chain_id, id=body.message_id)
    if row is None:
        return
    facts = {name: row[name] for name in ("created_at", "starts_at", "is_deleted", "is_replaced")}
    if rules.is_outdated(row["kind"], **facts, now=work.now):
        await settle_message(pool, body.chain_id, body.message_id, "cancelled")
        return
    outlets = work.of(Outlets)
    try:
        async with asyncio.timeout(TIMEOUT):
            if row["channel"] == "sms":
                await send_sms(outlets, row["recipient"], row["body"])
            else:
                email = Email(
                    recipient=row["recipient"],
                    subject=row["subject"],
                    body=row["body"],
                    sender=" ".join(row["business"].split()),
                    reply_to=row["reply_to"],
                    token=f"{body.chain_id}.{body.message_id}",
                    date=work.now,
                )
                await send_email(outlets, email)
    except Exception as error:
        why = str(error) if isinstance(error, UndeliverableError) else f"{type(error).__name__}: {error}"
        ended = work.is_last_attempt or isinstance(error, UndeliverableError)
        status = "failed" if ended else "waiting"
        await settle_message(pool, body.chain_id, body.message_id, status, error=why)
        if not ended:
            raise
        _log.warning("message failed", id=body.message_id, kind=row["kind"], channel=row["channel"], error=why)
    else:
        await settle_message(pool, body.chain_id, body.message_id, "sent", sent_at=work.now)
        if row["appointment_id"] is not None:
            async with pool.acquire() as db:
                await note_message(db, body.chain_id, row["appointment_id"], row["kind"], row["channel"])


async def _visit(work: Work, chain_id: int, appointment_id: int) -> Visit | None:
    """None when it has no client who could be told anything."""
    row = await sql.visit.row(work.db, chain_id=chain_id, appointment_id=appointment_id)
    return None if row is None else Visit(**dict(row))


async def _set_times(work: Work, visit: Visit) -> None:
    """Enqueue what comes later. What was set for a former time finds the visit moved and does nothing."""
    for reminder in rules.reminders(visit, work.now):
        await work.enqueue("messaging.remind", reminder, at=reminder.due, key=reminder.key)
    if rules.channels_for(visit, "review"):
        request = ReviewRequest(visit.chain_id, visit.appointment_id, visit.ends_at)
        key = f"{visit.appointment_id}:{visit.ends_at.isoformat()}"
        await work.enqueue("messaging.ask_review", request, at=visit.ends_at + rules.REVIEW_AFTER, key=key)


async def _say(work: Work, visit: Visit, kind: Kind) -> None:
    for channel in rules.channels_for(visit, kind):
        await _write(work, visit, kind, channel, f"{kind}:{visit.appointment_id}:{channel}:{work.job_id}")


async def _say_by_sms(work: Work, visit: Visit) -> None:
    """What the desk wants the client to know: his appointment as it is now."""
    if visit.contact("sms") and visit.starts_at > work.now:
        await _write(work, visit, "booked", "sms", f"booked:{visit.appointment_id}:sms:{work.job_id}")


async def _write(work: Work, visit: Visit, kind: Kind, channel: Channel, dedupe_key: str) -> None:
    text = letter(visit, kind, channel, _link(work.server, visit, kind))
    place = (visit.chain_id, visit.location_id, visit.appointment_id)
    await _post(work, place, kind, channel, visit.contact(channel), text, dedupe_key)


def _link(server: Server, visit: Visit, kind: Kind) -> str:
    """Where the client sees the appointment, or the page on which a review is left."""
    if kind == "review":
        return server.url(f"/r/{record_token(server.signer, visit.appointment_id)}")
    return server.url(f"/a/{visit.appointment_id}-{record_hash(server.signer, visit.appointment_id)}")


async def _post(
    work: Work,
    place: tuple[int, int, int | None],
    kind: Kind,
    channel: Channel,
    recipient: str,
    text: Letter,
    dedupe_key: str,
) -> None:
    """Write a message down and, when there is a way out for it, have it sent."""
    chain_id, location_id, appointment_id = place
    leaves = work.of(Outlets).reaches(channel)
    message_id = await write_message(
        work.db,
        chain_id=chain_id,
        location_id=location_id,
        appointment_id=appointment_id,
        kind=kind,
        channel=channel,
        recipient=recipient,
        letter=text,
        status="waiting" if leaves else "kept",
        dedupe_key=dedupe_key,
        at=work.now,
    )
    if message_id is not None and leaves:
        await work.enqueue("messaging.deliver", Delivery(chain_id, message_id))
