"""Passwords: argon2id, worked out in threads of its own so that the event loop stays free."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from agendum.core.threads import Threads

_hasher = PasswordHasher()
# Two at a time: each takes 64 MiB and more than one core.
_threads = Threads(2, "password")


def set_hasher(hasher: PasswordHasher) -> None:
    """Use other parameters from now on; stored hashes are renewed as their owners sign in."""
    global _hasher
    _hasher = hasher


async def hash_password(password: str) -> str:
    """The hash to store, with its parameters and salt in it."""
    return await _threads.run(_hasher.hash, password)


async def is_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind a stored hash.

    Without a hash (no such user, or no password set) the answer is no, after the same time.
    """
    return await _threads.run(_verify, stored, password)


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _verify(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False


def _nobodys_hash() -> str:
    """No password has it, and it costs as much to try as a real one."""
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${'A' * 22}${'A' * 43}"
