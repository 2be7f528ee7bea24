"""How long an invitation lives, and how many may leave."""

from __future__ import annotations

from datetime import timedelta

LIFE = timedelta(days=14)
A_DAY = 200  # of a chain: an invitation writes to people who did not ask for it
SHORTEST_PASSWORD = 8
