"""What a user sees of appointments, by the rights of his membership."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import msgspec

from agendum.core.permissions import allows
from agendum.schedule.rules import Sight, sight_of

_FAR = 36_500  # days: longer than any business has kept books


class Lens(msgspec.Struct, frozen=True, kw_only=True):
    """`sight`: whose appointments, and since when. `paid_since`: the date from which payments are shown, None for no
    money at all. The rest says which parts of an answer are there."""

    sight: Sight
    client: bool
    phone: bool
    email: bool
    surname: bool
    client_comment: bool
    record_fields: bool
    client_fields: bool
    paid_since: date | None

    @property
    def money(self) -> bool:
        return self.paid_since is not None


def lens_of(rights: Mapping[str, Any], today: date) -> Lens:
    """What these rights show on the local date `today`."""
    return Lens(
        sight=sight_of(rights, today),
        client=allows(rights, "record_form_client_access"),
        phone=allows(rights, "timetable_phones_access"),
        email=allows(rights, "clients_phones_email_access"),
        surname=allows(rights, "clients_surname_middle_name_access")
        or allows(rights, "clients_surname_patronymic_access"),
        client_comment=allows(rights, "clients_card_comment_access"),
        record_fields=allows(rights, "custom_fields_record_values_read_access"),
        client_fields=allows(rights, "custom_fields_client_values_read_access"),
        paid_since=since(rights, "records_finances_last_days_count", today)
        if allows(rights, "records_finances_access")
        else None,
    )


def since(rights: Mapping[str, Any], name: str, today: date) -> date:
    """The first date that a limit of past days lets in; -1 (or a right that holds no number) lets all in."""
    value = rights.get(name)
    days = value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else _FAR
    return today - timedelta(days=min(days, _FAR))
