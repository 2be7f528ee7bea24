"""Addresses on this server, and the keys of one appointment for who does not sign in: proofs, kept nowhere."""

from __future__ import annotations

from agendum.core.signing import Signer


def absolute(base_url: str, path: str) -> str:
    """An absolute address for a path of the server; an absolute one stays as it is, an empty one empty."""
    return path if not path or "://" in path else f"{base_url}/{path.lstrip('/')}"


def record_hash(signer: Signer, appointment_id: int) -> str:
    """The key by which a client without an account sees and cancels an appointment: 32 hex digits."""
    return signer.sign("record", appointment_id)


def record_token(signer: Signer, appointment_id: int) -> str:
    """The short token of a visit's review link."""
    return f"{appointment_id}-{signer.sign('review', appointment_id)}"


def parse_record_token(signer: Signer, token: str) -> int | None:
    """The appointment of a review token; None for one that this server did not make. `id-record_hash` is one too: who
    holds the key of an appointment may also say how it was."""
    number, _, proof = token.partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    what = {12: "review", 32: "record"}.get(len(proof))
    return int(number) if what and signer.proves(proof, what, int(number)) else None
