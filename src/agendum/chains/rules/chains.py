"""How chains and licences are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from agendum.chains.hooks import LocationBooking
from agendum.chains.rules.locations import offset_hours
from agendum.chains.wire import Chain, ChainAccess, ChainLocation, License, LicenseOption
from agendum.core.clock import zone
from agendum.core.permissions import Membership, allows
from agendum.core.phone import show_phone

# What the list of chains calls a right -> the right.
_CHAIN_RIGHTS = {
    "settings_access": "settings_access",
    "clients_access": "clients_access",
    "deposits_access": "clients_deposits_access",
    "deposit_types_access": "clients_deposits_create_access",
    "users_access": "users_access",
    "loyalty_access": "loyalty_access",
    "loyalty_abonement_types_access": "loyalty_access",
    "loyalty_abonement_balance_edit_access": "loyalty_abonement_balance_edit_access",
    "loyalty_abonement_period_edit_access": "loyalty_abonement_period_edit_access",
    "loyalty_abonement_history_access": "loyalty_abonement_history_access",
    "loyalty_cards_manual_transactions_access": "loyalty_cards_manual_transactions_access",
    "loyalty_certificate_types_access": "loyalty_access",
    "loyalty_programs_access": "loyalty_access",
    "network_services_access": "settings_services_access",
    "chain_services_access": "settings_services_access",
    "analytics_access": "stat_access",
}


def chain_shown(
    row: Mapping[str, Any],
    booking: Mapping[int, LocationBooking],
    place: Membership | None,
    *,
    now: datetime,
    url: Callable[[str], str],
) -> Chain:
    """A row of chains_of_user as the wire has it; `place`: the user's membership of the whole chain."""
    rights = {} if place is None else place.rights
    access = {name: "1" if allows(rights, right) else "0" for name, right in _CHAIN_RIGHTS.items()}
    companies: list[ChainLocation] = []
    for given in row["companies"]:
        known = booking.get(given["id"], LocationBooking())
        shown_phones = [show_phone(phone) for phone in given["phones"]]
        more = {
            "logo": url(given["logo"]),
            "phones": shown_phones,
            "phone": shown_phones[0] if shown_phones else "",
            "timezone": offset_hours(given["timezone_name"], now),
            "allow_delete_record": known.allow_delete,
            "allow_change_record": known.allow_change,
        }
        companies.append(ChainLocation(**given | more))
    return Chain(id=row["id"], title=row["title"], companies=companies, access=ChainAccess(**access))


UNLIMITED_STAFF = 100_000
_OPTIONS = ("Online booking", "Personal cabinet", "Messages", "API and webhooks")


def own_license(location_id: int, since: datetime, timezone: str) -> License:
    """Who hosts the server himself has one licence for everything, and it never ends."""
    options = [LicenseOption(n, title) for n, title in enumerate(_OPTIONS, 1)]
    return License(
        id=1,
        salon_id=location_id,
        staff_limit=UNLIMITED_STAFF,
        deactivation_date="31.12.2999",
        start_date=f"{since.astimezone(zone(timezone)):%d.%m.%Y}",
        name="Self-hosted",
        options=options,
        first_option=options[0],
    )
