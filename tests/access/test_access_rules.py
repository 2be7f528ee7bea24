"""Limits and the reading of logins, addresses and e-mails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agendum.access import actions, rules
from agendum.access.rules import Limit
from tests.makers.world import connect

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)


def ago(*seconds: float) -> list[datetime]:
    return [NOON - timedelta(seconds=n) for n in seconds]


@pytest.mark.parametrize(
    ("moments", "limits", "wait"),
    [
        ([], [Limit(1, timedelta(minutes=1))], 0),
        (ago(0), [Limit(1, timedelta(minutes=1))], 60),
        (ago(59.5), [Limit(1, timedelta(minutes=1))], 1),
        (ago(60), [Limit(1, timedelta(minutes=1))], 0),
        (ago(1, 2), [Limit(3, timedelta(minutes=1))], 0),
        (ago(1, 2, 20, 50), [Limit(3, timedelta(minutes=1))], 40),
        (ago(30, 40, 50), [Limit(1, timedelta(minutes=1)), Limit(3, timedelta(hours=1))], 3550),
        (ago(1, 3599), [Limit(1, timedelta(minutes=1)), Limit(2, timedelta(hours=1))], 59),
    ],
)
def test_the_wait_ends_when_the_oldest_that_counts_leaves_the_window(
    moments: list[datetime], limits: list[Limit], wait: int
) -> None:
    assert rules.wait(moments, limits, NOON) == wait


@pytest.mark.parametrize(
    ("login", "key", "phone"),
    [
        (" +1 (315) 555-01-75", "13155550175", "13155550175"),
        ("1.315.555.0175", "13155550175", "13155550175"),
        (" J.Smith@Example.com ", "j.smith@example.com", ""),
        ("13155550175@example.com", "13155550175@example.com", ""),
        ("anna13155550175", "anna13155550175", ""),
        ("12", "12", ""),
        ("", "", ""),
    ],
)
def test_one_key_for_all_ways_to_write_a_login(login: str, key: str, phone: str) -> None:
    assert (rules.login_key(login), rules.login_phone(login)) == (key, phone)


@pytest.mark.parametrize(
    ("ip", "key"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_network_counts_as_one_address(ip: str, key: str) -> None:
    assert rules.address_key(ip) == key


@pytest.mark.parametrize(
    "email",
    [
        "a@example.com",
        "first.last+tag@sub.example.co.uk",
        "o'neil@example.com",
        "имя@пример.рф",
        "x@xn--e1afmkfd.xn--p1ai",
    ],
)
def test_reads_an_email(email: str) -> None:
    assert rules.read_email(f" {email} ") == email


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@", "@example.com", "a@b", "a@@example.com", "a b@example.com", "a@exa mple.com", "a@-example.com",
     "a@example-.com", "a@example..com", "a@example.com.", "a@.example.com", "a@127.0.0.1", "<a@example.com>",
     "a@example.com\nBcc: b@example.com", "a" * 65 + "@example.com", "a@" + "b" * 250 + ".com"],
)  # fmt: skip
def test_refuses_what_cannot_be_an_email(text: str) -> None:
    assert rules.read_email(text) is None


@pytest.mark.anyio
async def test_a_login_is_found_through_the_indexes(dsn: str) -> None:
    db = await connect(dsn)
    try:
        await db.execute(
            """INSERT INTO users (name, login, phone, email, created_at, updated_at)
               SELECT 'x', 'login' || n, (37120000000 + n)::text, 'user' || n || '@example.com', $1, $1
                 FROM generate_series(1, 5000) AS n""",
            NOON,
        )
        await db.execute("ANALYZE users")
        await db.execute("SET plan_cache_mode = force_generic_plan")
        query = actions.sql.user_by_login.text
        await db.execute(f"PREPARE look (text, text) AS {query.rstrip().rstrip(';')}")
        plan = "\n".join(row[0] for row in await db.fetch("EXPLAIN EXECUTE look ('37120000007', 'login7')"))
        assert "Seq Scan" not in plan
        for index in ("users_phone_once", "users_email_once", "users_login_once"):
            assert index in plan
    finally:
        await db.close()
