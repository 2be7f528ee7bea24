"""The catalogue's statements, and what the audit trail keeps of it."""

from __future__ import annotations

from agendum.core.audit import Kind
from agendum.core.db.sql import load

sql = load(__file__)

SERVICE = Kind("service", sql.service_facts)
CATEGORY = Kind("service_category", sql.category_facts)
