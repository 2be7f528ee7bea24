"""Facts about access that others may hear."""

from __future__ import annotations

from typing import ClassVar

from agendum.core.outbox import Notice


class PhoneCodeRequested(Notice, kw_only=True):
    """A one-time code waits to be sent.

    `phone` is E.164 digits, `name` how to address its owner, maybe empty.
    `location_id` is 0 when the chain has no location.
    """

    kind: ClassVar[str] = "phone_code.requested"

    phone: str
    code: str
    name: str
