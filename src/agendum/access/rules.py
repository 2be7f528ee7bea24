"""How often one may try, and what counts as a phone, an e-mail or the same login. Pure decisions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from agendum.core.phone import parse_phone


class Limit(NamedTuple):
    """At most `times` within any `window`."""

    times: int
    window: timedelta


FAILURES_A_LOGIN = Limit(5, timedelta(minutes=15))
FAILURES_AN_ADDRESS = Limit(50, timedelta(minutes=15))
CODES_A_PHONE = (Limit(1, timedelta(minutes=1)), Limit(5, timedelta(hours=1)))
CODES_AN_ADDRESS = (Limit(20, timedelta(hours=1)),)
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
# What no limit looks at any more may be deleted.
MEMORY = timedelta(days=1)
# A token that nobody came with for so long opens nothing any more.
TOKEN_REST = timedelta(days=180)

_PHONE_SIGNS = re.compile(r"[\d\s()+./-]+")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")


def wait(moments: Sequence[datetime], limits: Iterable[Limit], now: datetime) -> int:
    """Seconds until one more is allowed, 0 for now. `moments` are the former ones, newest first."""
    free = [moments[limit.times - 1] + limit.window for limit in limits if len(moments) >= limit.times]
    return max((math.ceil((at - now).total_seconds()) for at in free if at > now), default=0)


def login_phone(login: str) -> str:
    """The phone (E.164 digits) that a login is; empty when it is an e-mail or a name."""
    return (parse_phone(login) or "") if _PHONE_SIGNS.fullmatch(login) else ""


def login_key(login: str) -> str:
    """One key for all the ways to write a login: failures are counted under it."""
    return login_phone(login) or login.strip().lower()


def address_key(ip: str) -> str:
    """Whom an address counts for: itself, and with IPv6 the whole /64, which is one subscriber's."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip[:64]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> 64 << 64)}/64"


def read_email(text: str) -> str | None:
    """The address without spaces around it; None when it cannot be one."""
    text = text.strip()
    return text if len(text) <= 254 and _EMAIL.fullmatch(text) else None
