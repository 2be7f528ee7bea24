"""The ways out of the house: SMTP for e-mail, an Apprise URL for SMS."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import aiosmtplib

from agendum.messaging.rules import Channel
from agendum.messaging.writing import as_html

TIMEOUT = 25.0  # seconds for one message; less than a job may be silent
_STARTTLS = {"smtp": None, "smtp+starttls": True, "smtps": False}  # None: when the server offers it
_HERE = ("localhost", "127.0.0.1", "::1")


class UndeliverableError(Exception):
    """This message will never be taken: sending it again is useless."""


@dataclass(frozen=True, slots=True)
class Outlets:
    """Where messages go. Without an address for its channel a message is only kept.

    `smtp_url`: smtp:// (TLS if the server offers it), smtp+starttls:// (TLS or nothing) or smtps://, with user,
    password and port; `sms_url`: an Apprise URL in which {phone} stands for the digits of the number.
    Raises ValueError, in one line, for an address of another form.
    """

    smtp_url: str = ""
    mail_from: str = "Agendum <no-reply@localhost>"
    sms_url: str = ""

    def __post_init__(self) -> None:
        if self.smtp_url:
            url = urlsplit(self.smtp_url)
            if url.scheme not in _STARTTLS or not url.hostname:
                raise ValueError("the SMTP URL must look like smtp://user:password@host:587 or smtps://host")
            _ = url.port  # raises ValueError
        if "@" not in parseaddr(self.mail_from)[1]:
            raise ValueError(f"the sender of e-mails has no address: {self.mail_from}")
        if self.sms_url:
            if "{phone}" not in self.sms_url:
                raise ValueError("the SMS URL must say with {phone} where the number goes")
            _apprise(self.sms_url, "37120000000")

    def reaches(self, channel: Channel) -> bool:
        return bool(self.smtp_url if channel == "email" else self.sms_url)


@dataclass(frozen=True, slots=True)
class Email:
    """`sender` and `reply_to` are the business's name and address, maybe empty; `token` makes the Message-ID, the
    same for every attempt, so that a mailbox can tell a repeated one."""

    recipient: str
    subject: str
    body: str
    sender: str
    reply_to: str
    token: str
    date: datetime


async def send_email(outlets: Outlets, email: Email) -> None:
    """Hand it to the SMTP server. Raises UndeliverableError, or what else went wrong."""
    url = urlsplit(outlets.smtp_url)
    host = url.hostname or "localhost"
    try:
        message = _compose(outlets.mail_from, email)
    except ValueError as error:
        raise UndeliverableError(f"not an address: {error}") from None
    try:
        await aiosmtplib.send(
            message,
            hostname=host,
            port=url.port,
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=url.scheme == "smtps",
            start_tls=_STARTTLS[url.scheme],
            validate_certs=host not in _HERE,  # a relay on this machine has a certificate of its own making
            local_hostname=socket.gethostname(),  # the default asks the DNS, and everything waits meanwhile
            timeout=TIMEOUT,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        if all(refused.code >= 500 for refused in error.recipients):
            raise UndeliverableError(_said(error.recipients[0])) from None
        raise
    except aiosmtplib.SMTPDataError as error:
        if error.code >= 500:
            raise UndeliverableError(_said(error)) from None
        raise


def _said(error: aiosmtplib.SMTPResponseException) -> str:
    return f"{error.code} {error.message}"


def _compose(mail_from: str, email: Email) -> EmailMessage:
    name, address = parseaddr(mail_from)
    message = EmailMessage()
    message["From"] = Address(email.sender or name, addr_spec=address)
    message["To"] = Address(addr_spec=email.recipient)
    if email.reply_to:
        with contextlib.suppress(ValueError):  # a business may have written anything there
            message["Reply-To"] = Address(email.sender, addr_spec=email.reply_to)
    message["Subject"] = email.subject
    message["Date"] = format_datetime(email.date)
    message["Message-ID"] = f"<{email.token}@{address.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.body)
    message.add_alternative(as_html(email.body), subtype="html")
    return message


async def send_sms(outlets: Outlets, phone: str, body: str) -> None:
    """Hand it to the provider. Apprise speaks blocking HTTP, so in a thread. Raises OSError with what it said."""
    await asyncio.to_thread(_notify, outlets.sms_url, phone, body)


def _notify(sms_url: str, phone: str, body: str) -> None:
    from apprise import Apprise, LogCapture  # here: loading it takes a while, and many have no SMS

    service = Apprise()
    service.add(_apprise(sms_url, phone))
    capture: Any = LogCapture(level=logging.WARNING, fmt="%(message)s")
    with capture as said:
        if not service.notify(body=body):
            raise OSError(said.getvalue().strip() or "the SMS provider did not take it")


def _apprise(sms_url: str, phone: str) -> Any:
    from apprise import Apprise

    service = Apprise.instantiate(sms_url.replace("{phone}", quote(phone)), suppress_exceptions=True)
    if service is None:
        raise ValueError("the SMS URL is not one that Apprise knows")
    return service
