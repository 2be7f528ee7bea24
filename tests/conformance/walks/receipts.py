"""The receipt of a visit, which is no JSON."""

from __future__ import annotations

from tests.conformance.api import Api
from tests.makers.clients import make_chief

UNKNOWN = 9_999_999


async def get_visit_receipt_pdf(api: Api) -> None:
    owner = await make_chief(api.db, api.business)
    record_id = (await api.book())["record_id"]
    visit_id = await api.db.fetchval("SELECT visit_id FROM appointments WHERE id = $1", record_id)
    answer = await api.http.get(
        f"/api/v1/attendance/receipt_print/{visit_id}",
        headers={"Authorization": f"Bearer {api.world.partner_token}, User {owner.token}"},
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    await api(401, visit_id=visit_id)
    await api(401, partner="", visit_id=visit_id)
    await api(403, user=api.business.limited, visit_id=visit_id)
    await api(403, user=api.world.stranger, visit_id=visit_id)
    await api(404, user=owner, visit_id=UNKNOWN)
