"""A change as the stream tells of it."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Resource: TypeAlias = Literal["record", "schedule", "staff", "service", "service_category", "client", "salon"]
Status: TypeAlias = Literal["create", "update", "delete"]


class Change(msgspec.Struct, frozen=True):
    """What has changed, under the names of the webhooks; of a `schedule` the id is the team member's. What it is now
    is asked of the resource's own operation."""

    resource: Resource
    resource_id: int
    status: Status
