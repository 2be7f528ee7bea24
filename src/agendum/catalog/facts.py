"""The catalogue's statements."""

from __future__ import annotations

from agendum.core.db.sql import load

sql = load(__file__)
