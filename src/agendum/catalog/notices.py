"""Facts about services and their categories that others may hear, one for each location concerned."""

from __future__ import annotations

from typing import ClassVar

from agendum.core.outbox import Notice


class ServiceCreated(Notice, kw_only=True):
    kind: ClassVar[str] = "service.created"

    service_id: int


class ServiceChanged(Notice, kw_only=True):
    """Its own facts, who gives it, or what it needs."""

    kind: ClassVar[str] = "service.changed"

    service_id: int


class ServiceDeleted(Notice, kw_only=True):
    kind: ClassVar[str] = "service.deleted"

    service_id: int


class CategoryCreated(Notice, kw_only=True):
    kind: ClassVar[str] = "service_category.created"

    category_id: int


class CategoryChanged(Notice, kw_only=True):
    kind: ClassVar[str] = "service_category.changed"

    category_id: int


class CategoryDeleted(Notice, kw_only=True):
    kind: ClassVar[str] = "service_category.deleted"

    category_id: int
