"""The mail server and the SMS provider as the settings name them."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from agendum.core.clock import now
from agendum.messaging.senders import Email, Outlets, UndeliverableError, send_email, send_sms
from tests.messaging.conftest import Mailbox, Provider

pytestmark = pytest.mark.anyio


def mail(**facts: Any) -> Email:
    given: dict[str, Any] = {"recipient": "james@example.com", "subject": "Hi", "body": "Hello", "reply_to": ""}
    return Email(**given | dict[str, Any](sender="La Visage", token="1.2", date=now()) | facts)


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """A certificate of our own making for 127.0.0.1."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mail.test"]
    subprocess.run([*made, "-keyout", key, "-out", cert], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context


async def serve(factory: Callable[[], SMTP], **kw: Any) -> int:
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0, **kw)
    return server.sockets[0].getsockname()[1]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_it_signs_in_with_user_and_password(mailbox: Mailbox) -> None:
    seen: list[tuple[bytes, bytes]] = []

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss/word", handled=False)

    def smtp() -> SMTP:
        return SMTP(mailbox, authenticator=check, auth_required=True, auth_require_tls=False)

    port = await serve(smtp)
    await send_email(Outlets(f"smtp://shop%40example.com:p%40ss%2Fword@127.0.0.1:{port}"), mail())
    assert seen == [(b"shop@example.com", b"p@ss/word")]
    assert len(mailbox.mails) == 1
    with pytest.raises(aiosmtplib.SMTPAuthenticationError):
        await send_email(Outlets(f"smtp://shop:wrong@127.0.0.1:{port}"), mail())


async def test_it_speaks_tls_in_each_way(mailbox: Mailbox, certificate: ssl.SSLContext) -> None:
    upgrading = await serve(lambda: SMTP(mailbox, tls_context=certificate, require_starttls=True))
    for scheme in ("smtp", "smtp+starttls"):
        await send_email(Outlets(f"{scheme}://127.0.0.1:{upgrading}"), mail())
    wrapped = await serve(lambda: SMTP(mailbox), ssl=certificate)
    await send_email(Outlets(f"smtps://127.0.0.1:{wrapped}"), mail())
    assert len(mailbox.mails) == 3

    with pytest.raises(aiosmtplib.SMTPException, match="STARTTLS"):
        await send_email(Outlets(mailbox.url.replace("smtp:", "smtp+starttls:")), mail())


async def test_every_attempt_bears_the_same_message_id(mailbox: Mailbox) -> None:
    outlets = Outlets(mailbox.url, "Agendum <desk@agendum.test>")
    for _ in range(2):
        await send_email(outlets, mail(sender="", reply_to="not an address"))
    assert [message["Message-ID"] for message in mailbox.mails] == ["<1.2@agendum.test>"] * 2
    assert (mailbox.mails[0]["From"], mailbox.mails[0]["Reply-To"]) == ("Agendum <desk@agendum.test>", None)


@pytest.mark.parametrize("recipient", ["nobody@example.com", "no address", "a@b.c\nBcc: d@e.f"])
async def test_an_impossible_address_is_told_apart_from_trouble(mailbox: Mailbox, recipient: str) -> None:
    with pytest.raises(UndeliverableError):
        await send_email(Outlets(mailbox.url), mail(recipient=recipient))
    mailbox.answers = ["452 full", "554 5.7.1 spam"]
    with pytest.raises(aiosmtplib.SMTPDataError):
        await send_email(Outlets(mailbox.url), mail())
    with pytest.raises(UndeliverableError, match=r"554 5\.7\.1 spam"):
        await send_email(Outlets(mailbox.url), mail())


async def test_the_provider_says_why_it_refuses(provider: Provider) -> None:
    outlets = Outlets(sms_url=provider.url)
    provider.answers = [500]
    with pytest.raises(OSError, match="500"):
        await send_sms(outlets, "13155540199", "Your code: 12345")
    await send_sms(outlets, "13155540199", "Your code: 12345\\n <b>&")
    assert provider.texts == [("13155540199", "Your code: 12345\\n <b>&")]


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"smtp_url": "mail.example.com:25"}, "the SMTP URL must look like"),
        ({"smtp_url": "http://mail.example.com"}, "the SMTP URL must look like"),
        ({"smtp_url": "smtp://mail.example.com:smtp"}, "Port could not be cast"),
        ({"mail_from": "Agendum"}, "the sender of e-mails has no address"),
        ({"sms_url": "json://localhost/send"}, "must say with {phone}"),
        ({"sms_url": "carrierpigeon://{phone}"}, "not one that Apprise knows"),
    ],
)
async def test_settings_that_cannot_work_are_refused_at_once(settings: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Outlets(**settings)
