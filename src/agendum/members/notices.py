"""Facts about users that others may hear."""

from __future__ import annotations

from typing import ClassVar, Literal

from agendum.core.outbox import Notice


class UserInvited(Notice, kw_only=True):
    """An invitation waits to be sent. `recipient`: E.164 digits or an e-mail address, by the channel; `name`: how to
    address him, maybe empty; `token` opens the invitation and is kept nowhere else."""

    kind: ClassVar[str] = "user.invited"

    invitation_id: int
    user_id: int
    channel: Literal["sms", "email"]
    recipient: str
    name: str
    token: str
