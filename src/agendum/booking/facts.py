"""A location's online booking settings, kept in the process."""

from __future__ import annotations

import msgspec

from agendum.core.cache import Cache
from agendum.core.db.sql import Connection, load
from agendum.custom_fields.wire import CustomField
from agendum.schedule.rules import GridRule

sql = load(__file__)

_settings: Cache[int, BookingSettings] = Cache("booking")


class BookingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Delays and the grid step are seconds, the horizon is days, reminders are hours."""

    is_enabled: bool = True
    confirm_number: bool = False
    any_master: bool = True
    lead: int = 0
    horizon_days: int = 90
    slot_step: int = 900
    allow_change: bool = True
    allow_change_delay: int = 0
    allow_delete: bool = True
    allow_delete_delay: int = 0
    comment_required: bool = False
    event_seats: int = 1  # that one client may book in an event at once
    fields: list[CustomField] = []

    @property
    def default_grid(self) -> GridRule:
        """Start times where the location has set none."""
        return GridRule(step=self.slot_step)


async def booking_settings(db: Connection, chain_id: int, location_id: int) -> BookingSettings:
    """The settings, or the defaults for a location that has set none. Who changes them or the custom fields calls
    `forget(db, "booking", location_id)`."""

    async def load_settings() -> BookingSettings:
        row = await sql.booking_settings.row(db, chain_id=chain_id, location_id=location_id)
        assert row is not None
        values = {key: value for key, value in dict(row).items() if value is not None}
        return msgspec.convert(values, BookingSettings)

    settings = await _settings.get(location_id, load_settings)
    assert settings is not None
    return settings
