"""What other domains hold about a person. They lie above this one; `agendum.app` registers them here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from agendum.core.db.sql import Connection


class Holder(Protocol):
    """One domain's part. `name` is its key in an export."""

    @property
    def name(self) -> str: ...

    async def held(self, db: Connection, chain_id: int, client_id: int) -> Any:
        """Everything held about a client, as JSON can have it; moments as text."""
        ...

    async def erase(self, db: Connection, chain_id: int, client_id: int, at: datetime) -> None:
        """Forget the person, in the caller's transaction; what the books need stays."""
        ...


_holders: dict[str, Holder] = {}


def register_holder(holder: Holder) -> None:
    """Ask this one too; it takes the place of one of the same name."""
    _holders[holder.name] = holder


def holders() -> list[Holder]:
    """All of them, in the order in which they came."""
    return list(_holders.values())


def forget_holder(name: str) -> None:
    """Ask this one no more."""
    _holders.pop(name, None)
