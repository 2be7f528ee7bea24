"""What is noted and kept about a client: comments and files, who may see and change them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.conftest import Desk
from tests.makers.office import field_of
from tests.makers.world import Person

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client(desk: Desk) -> int:
    return desk.business.client_id


def comments(desk: Desk, client_id: int) -> str:
    return f"/clients/{desk.here}/clients/{client_id}/comments"


def files(desk: Desk, client_id: int) -> str:
    return f"/company/{desk.here}/clients/files/{client_id}"


async def upload(desk: Desk, client_id: int, name: str = "test.txt", content: bytes = b"Some text", **more: Any) -> Any:
    return await desk.ask("POST", files(desk, client_id), 201, files={"file": (name, content)}, data=more)


async def texts(desk: Desk, client_id: int, **kw: Any) -> list[str]:
    return [comment["text"] for comment in await desk.ask("GET", comments(desk, client_id), **kw)]


async def test_comments_are_shown_latest_first_with_their_author(desk: Desk, client: int) -> None:
    for text in ("Likes tea", "No sugar"):
        await desk.ask("POST", comments(desk, client), 201, json={"text": text})
    shown = await desk.ask("GET", comments(desk, client))
    assert [comment["text"] for comment in shown] == ["No sugar", "Likes tea"]
    assert shown[0]["user"] == {"id": desk.chief.id, "name": "Cleo Chief", "avatar": ""}
    assert (shown[0]["type"], shown[0]["files"]) == ("default", [])
    other = await desk.make("Other")
    assert await texts(desk, other) == []
    assert field_of(await desk.ask("POST", comments(desk, client), 422, json={"text": "  "})) == "text"


async def test_one_deletes_ones_own_comments_and_others_with_a_right_for_it(desk: Desk, client: int) -> None:
    async def one(rights: tuple[str, ...], author: Person, status: int) -> None:
        made = await desk.ask("POST", comments(desk, client), 201, user=author, json={"text": "Hello"})
        person = author if "own" in rights[0] else await desk.holder(*rights)
        await desk.ask("DELETE", f"{comments(desk, client)}/{made['id']}", status, user=person)

    own = "client_comments_own_edit_access"
    author = await desk.holder("client_comments_add_access", own)
    silent = await desk.holder("client_comments_add_access")
    await one((own,), author, 204)
    await one((own,), silent, 403)
    await one(("client_comments_list_access",), author, 403)
    await one(("client_comments_other_edit_access",), author, 204)
    await desk.ask("GET", comments(desk, client), 403, user=silent)
    assert await texts(desk, client) == ["Hello", "Hello"]


async def test_a_comment_is_reached_through_its_own_client_alone(desk: Desk, client: int) -> None:
    other = await desk.make("Other")
    made = await desk.ask("POST", comments(desk, client), 201, json={"text": "Hello"})
    await desk.ask("DELETE", f"{comments(desk, other)}/{made['id']}", 404)
    kept = await upload(desk, client)
    await desk.ask("DELETE", f"{files(desk, other)}/{kept['id']}", 404)
    assert len(await texts(desk, client)) == 2


async def test_a_file_is_kept_listed_noted_and_given_back(desk: Desk, client: int) -> None:
    made = await upload(desk, client, "C:\\docs\\Test.TXT", description="Consent")
    [listed] = await desk.ask("GET", files(desk, client))
    assert listed == made
    assert (made["name"], made["extension"], made["mime"], made["size"]) == ("Test.TXT", "TXT", "text/plain", "9 B")
    assert (made["description"], made["user_name"], made["can_edit"]) == ("Consent", "Cleo Chief", True)
    got = await desk.call("GET", f"http://test{made['link']}", user=desk.chief)
    assert (got.status_code, got.content) == (200, b"Some text")
    assert got.headers["content-type"] == "application/octet-stream"
    [comment] = await desk.ask("GET", comments(desk, client))
    assert (comment["type"], comment["text"]) == ("file", "")
    assert comment["files"] == [{"link": f"http://test{made['link']}", "filename": "Test.TXT"}]


async def test_deleting_the_comment_of_a_file_leaves_the_file(desk: Desk, client: int) -> None:
    made = await upload(desk, client)
    [comment] = await desk.ask("GET", comments(desk, client))
    await desk.ask("DELETE", f"{comments(desk, client)}/{comment['id']}", 204)
    assert [file["id"] for file in await desk.ask("GET", files(desk, client))] == [made["id"]]


async def test_a_deleted_file_is_gone_from_list_history_and_storage(desk: Desk, client: int) -> None:
    made = await upload(desk, client)
    await desk.ask("DELETE", f"{files(desk, client)}/{made['id']}", 202)
    assert await desk.ask("GET", files(desk, client)) == await desk.ask("GET", comments(desk, client)) == []
    await desk.ask("GET", f"http://test{made['link']}", 404)
    assert desk.stored() == 1, "not before it is committed"
    await desk.drain()
    assert desk.stored() == 0


async def test_what_a_rolled_back_upload_leaves_is_cleared_away_a_day_later(desk: Desk, client: int) -> None:
    made = await upload(desk, client)
    await desk.world.server.storage.put({"client_files/00/stray": b"x"}, "text/plain")
    await desk.drain()
    assert desk.stored() == 2
    await desk.drain(days=3)
    assert desk.stored() == 1
    got = await desk.call("GET", f"http://test{made['link']}", user=desk.chief)
    assert got.content == b"Some text"


async def test_files_ask_for_rights_of_their_own(desk: Desk, client: int) -> None:
    made = await upload(desk, client)
    viewer, nobody = await desk.holder("client_files_list_access"), await desk.holder()
    [seen] = await desk.ask("GET", files(desk, client), user=viewer)
    assert seen["can_edit"] is False
    for method, path in (("DELETE", f"{files(desk, client)}/{made['id']}"), ("POST", files(desk, client))):
        assert (await desk.call(method, path, user=viewer, files={"file": ("a", b"a")})).status_code == 403
    await desk.ask("GET", files(desk, client), 403, user=nobody)
    await desk.ask("GET", f"http://test{made['link']}", 403, user=nobody)
