"""Keys that open one appointment without signing in. They are proofs, not secrets kept somewhere."""

from __future__ import annotations

from agendum.core.signing import Signer


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
