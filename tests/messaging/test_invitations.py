"""An invitation reaches people, in the words and by the way that fit."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agendum.core.rights import owner_rights
from agendum.messaging.writing import invitation_letter, sms_parts
from tests.messaging.conftest import Desk, Mailbox, Provider
from tests.messaging.test_writing import LANGUAGES

LINK = "https://book.example.com/i/567df655304da9b98487769426d4e76e"


async def invite(desk: Desk, **who: str) -> Any:
    chain_id = desk.business.chain_id
    rights = owner_rights(chain_id)
    await desk.db.execute("UPDATE memberships SET rights = $2 WHERE chain_id = $1 AND role = 'owner'", chain_id, rights)
    body = {"invites": [who]}
    answer = await desk.call("POST", f"/user/invite/{desk.here}", user=desk.business.owner, json=body)
    assert answer.status_code == 202, answer.text
    await desk.drain()


@pytest.mark.anyio
async def test_an_invitation_comes_by_mail_and_its_link_opens_the_door(desk: Desk, mailbox: Mailbox) -> None:
    await invite(desk, search="nora@example.net", name="Nora", user_role="administrator")
    [mail] = mailbox.mails
    assert mailbox.recipients == ["nora@example.net"]
    assert mail["Subject"] == "La Visage invites you to its team"
    plain = mail.get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    assert text.startswith("Hello Nora,")
    link = re.search(r"http://test/i/([0-9a-f]{32})", text)
    assert link is not None
    body = {"token": link[1], "password": "a better password"}
    answer = await desk.call("POST", "/user/invite/accept", json=body)
    assert answer.status_code == 201, answer.text
    assert await desk.drain() == 0
    assert await desk.messages("nora@example.net") == [("invitation", "email", "sent")]


@pytest.mark.anyio
async def test_an_invitation_comes_by_sms(desk: Desk, provider: Provider) -> None:
    await invite(desk, search="+13155547777")
    [text] = provider.to("13155547777")
    assert re.fullmatch(r"La Visage invites you to its team: http://test/i/[0-9a-f]{32}", text)


@pytest.mark.anyio
async def test_an_invitation_that_is_void_is_not_sent(desk: Desk, provider: Provider) -> None:
    provider.answers = [503]
    await invite(desk, search="+13155547777")
    assert await desk.messages() == [("invitation", "sms", "waiting")]
    await desk.drain(days=15)
    assert provider.texts == []
    assert await desk.messages() == [("invitation", "sms", "cancelled")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invitation_by_sms_is_one_part_and_two_in_cyrillic(language: str) -> None:
    for business in ("La Visage", "Skaistumkopšanas salons „Rīgas Gaisma” – Brīvības iela"):
        text = invitation_letter(language, "sms", name="Nora", business=business, link=LINK).body
        assert sms_parts(text) <= (2 if language == "uk-UK" else 1), text
        assert text.endswith(" " + LINK)
    letter = invitation_letter(language, "email", name="{link}\nBcc: x", business="A\r\nB {x}", link=LINK)
    assert "A B {x}" in letter.subject
    assert "{link} Bcc: x" in letter.body
    assert letter.body.endswith(f":\n{LINK}")
