"""Short proofs that a link or a key was made by this server, so that none need be stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def token_hash(token: str) -> bytes:
    """How tokens rest in the database. They are random and long, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """A random bearer token: 32 hex digits."""
    return secrets.token_hex(16)


_LENGTHS = {"review": 12}  # hex digits of the purposes that are shorter than the whole 32


class Signer:
    """HMAC-SHA256 under the server's secret, in hex digits; the purpose keeps proofs of one kind apart."""

    def __init__(self, secret: str) -> None:
        self._keyed = hmac.new(secret.encode(), digestmod=hashlib.sha256)

    def sign(self, purpose: str, *parts: object) -> str:
        proof = self._keyed.copy()  # the key is worked in once
        proof.update(":".join((purpose, *map(str, parts))).encode())
        return proof.hexdigest()[: _LENGTHS.get(purpose, 32)]

    def proves(self, proof: str, purpose: str, *parts: object) -> bool:
        """True when `proof` is what `sign` gives for the same purpose and parts (compared in constant time).

        The purpose fixes the length that is asked for, so a shortened proof proves nothing.
        """
        wanted = self.sign(purpose, *parts)
        return hmac.compare_digest(proof.encode(), wanted.encode())
