"""Small checks that integrations ask for."""

from __future__ import annotations

from tests.conformance.api import Api


async def phone_number_format_check(api: Api) -> None:
    assert (await api(200, phone="+13155550175"))["data"] == {"is_valid": True}
    assert (await api(200, phone="13155550175"))["data"] == {"is_valid": True}
    assert (await api(200, phone="12"))["data"] == {"is_valid": False}
    assert (await api(200, phone="no phone"))["data"] == {"is_valid": False}
    await api(401, partner="", phone="+13155550175")
