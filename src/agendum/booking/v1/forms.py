"""What a booking page reads before it shows anything: the form, its texts, the privacy policy."""

from __future__ import annotations

from typing import Any

import msgspec

from agendum.booking import forms_rules as rules
from agendum.booking.forms_facts import sql
from agendum.booking.forms_wire import Agreement, AskedSettings, FormConfig, PrivacyPolicy
from agendum.core.cache import Cache
from agendum.core.envelope import Answer
from agendum.core.errors import NotFound
from agendum.core.permissions import PARTNER
from agendum.core.routes import Routes
from agendum.core.server import Call

routes = Routes("/api/v1", group="online-booking")

# A form never changes its chain, so nobody needs to drop these.
_chains: Cache[int, int] = Cache("chain_of_form", size=100_000)


@routes.get("/bookform/{id}", needs=PARTNER)
async def get_booking_form_config(call: Call, id: int) -> Answer[FormConfig]:
    """A form ready to be shown. 404 for one that is deleted or has no location left."""

    async def load_chain() -> int | None:
        return await sql.chain_of_form.value(call.db, id=id)

    chain_id = await _chains.get(id, load_chain)
    row: Any = None
    if chain_id is not None:
        row = await sql.form_config.row(call.db, chain_id=chain_id, id=id)
    if chain_id is None or row is None:
        raise NotFound("Booking form not found.")
    return Answer(data=rules.config_of(row, chain_id, call.server.url))


@routes.get("/i18n/{lang_code}", needs=PARTNER)
async def get_i18n_options(call: Call, lang_code: str) -> bytes:
    """The interface texts in a language, bare."""
    found = rules.texts_json(lang_code)
    if found is None:
        raise NotFound("There are no texts in this language.")
    return found


@routes.get("/privacy_policy/{location_id}", needs=PARTNER)
async def get_location_privacy_policy(call: Call) -> Answer[PrivacyPolicy]:
    """The text to agree to before booking; empty where none is set."""
    content = await sql.privacy_policy.value(call.db, chain_id=call.chain_id, location_id=call.location_id)
    if content is None:
        raise NotFound("Location not found.")
    return Answer(data=PrivacyPolicy(Agreement(content)))


@routes.get("/book_settings/{location_id}", needs=PARTNER)
async def get_booking_page_settings(call: Call) -> Answer[AskedSettings]:
    """What a location asks of those who book online: confirmation, consent, custom fields; and in which currency."""
    row = await sql.asked_settings.row(call.db, chain_id=call.chain_id, location_id=call.location_id)
    if row is None:
        raise NotFound("Location not found.")
    known = {key: value for key, value in dict(row).items() if value is not None}
    return Answer(data=msgspec.convert(known, AskedSettings))
