"""What the server sends for a page, before any script runs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.conftest import World
from tests.makers.world import connect, make_small_world

pytestmark = pytest.mark.anyio


def boot_of(html: str) -> dict[str, Any]:
    [text] = re.findall(r'<script type="application/json" id="boot">(.*?)</script>', html)
    return json.loads(text)


async def page(world: World, path: str, status: int = 200) -> str:
    answer = await world.http.get(f"http://test{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


async def test_a_booking_page_brings_a_token_that_books_and_what_its_first_step_shows(world: World) -> None:
    db = await connect(world.dsn)
    small = await make_small_world(db)
    await db.close()
    form_id, here = small.business.form_id, small.business.location_id
    boot = boot_of(await page(world, f"/b/{form_id}"))
    headers = {"Authorization": f"Bearer {boot['token']}"}
    paths = [f"/bookform/{form_id}", f"/company/{here}", f"/book_settings/{here}", f"/book_services/{here}"]
    assert boot["answers"] == {f"/v1{path}": (await world.http.get(path, headers=headers)).json() for path in paths}


async def test_a_booking_page_speaks_the_visitors_language_before_any_script(world: World) -> None:
    db = await connect(world.dsn)
    small = await make_small_world(db)
    await db.close()
    address = f"http://test/b/{small.business.form_id}"
    spoken = {
        "": ("en", "Choose services"),
        "fr, lv;q=0.8, de;q=0.9": ("de", "Leistungen wählen"),
        "et-EE": ("et", "Vali teenused"),
    }
    for accepted, (code, heading) in spoken.items():
        answer = await world.http.get(address, headers={"Accept-Language": accepted})
        assert f'<html lang="{code}">' in answer.text
        assert f">{heading}</h2>" in answer.text
    asked = await world.http.get(f"{address}?lang=uk", headers={"Accept-Language": "de"})
    assert ">Оберіть послуги</h2>" in asked.text


async def test_the_page_of_no_form_says_so(world: World) -> None:
    assert "Booking form not found." in await page(world, "/b/999", 404)


async def test_only_the_booking_page_may_be_framed_and_none_runs_scripts_of_others(world: World) -> None:
    for path, framed in (("/b/999", True), ("/my", False), ("/console/calendar", False), ("/a/1-abc", False)):
        policy = (await world.http.get(f"http://test{path}")).headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert ("frame-ancestors *" in policy) == framed


async def test_a_page_holds_what_its_address_names_and_no_markup_of_it(world: World) -> None:
    html = await page(world, "/r/12-%3Cscript%3E%3Cb%3E", 404)
    assert boot_of(html)["place"] == {"page": "review", "record_token": "12-<script><b>", "missing": "1"}
    assert "<script><b>" not in html


async def test_a_link_that_leads_nowhere_is_a_page_with_that_status(world: World) -> None:
    for path in ("/a/1-abc", "/a/0-abc", "/a/9999999999999999999-abc", "/a/abc", "/r/1", "/i/abc"):
        assert boot_of(await page(world, path, 404))["place"]["missing"] == "1"


async def test_the_page_of_an_appointment_brings_it_along(world: World) -> None:
    db = await connect(world.dsn)
    small = await make_small_world(db)
    await db.close()
    business = small.business
    headers = {"Authorization": f"Bearer {small.partner_token}"}
    query = {"service_ids[]": business.haircut}
    day = (await world.http.get(f"/book_dates/{business.location_id}", headers=headers, params=query)).json()["data"]
    path = f"/book_times/{business.location_id}/{business.anna}/{day['booking_dates'][1]}"
    slot = (await world.http.get(path, headers=headers, params=query)).json()["data"][0]["datetime"]
    wish = {"id": 1, "services": [business.haircut], "staff_id": business.anna, "datetime": slot}
    person = {"phone": "+13155550175", "fullname": "James", "appointments": [wish]}
    [made] = (await world.http.post(f"/book_record/{business.location_id}", headers=headers, json=person)).json()[
        "data"
    ]
    key = f"{made['record_id']}/{made['record_hash']}"
    answers = boot_of(await page(world, f"/a/{key.replace('/', '-')}"))["answers"]
    told = (await world.http.get(f"/user/records/{key}", headers=headers)).json()
    assert answers == {f"/v1/user/records/{key}": told}


async def test_files_are_compressed_and_kept_for_ever(world: World) -> None:
    html = await page(world, "/console")
    for path in re.findall(r'(?:src|href)="(/assets/[^"]+)"', html):
        plain = await world.http.get(f"http://test{path}", headers={"Accept-Encoding": "identity"})
        answer = await world.http.get(f"http://test{path}", headers={"Accept-Encoding": "gzip, br"})
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        if "content-encoding" in answer.headers:
            assert int(answer.headers["content-length"]) < len(plain.content)
    missing = await world.http.get("http://test/assets/..%2Fshell.py")
    assert missing.status_code == 404
