"""What the catalogue refuses."""

from __future__ import annotations

from agendum.core.errors import Forbidden, Invalid, NotFound


class Unknown(NotFound):
    """Something that the path or a filter names is not there; said in `meta.errors` too."""

    def __init__(self, message: str) -> None:
        super().__init__(message, errors=[{"message": message}])


class InUse(Invalid):
    """Deleting it would break what is still to come."""


class ManagedInChain(Forbidden):
    text = "This is managed in the chain."
