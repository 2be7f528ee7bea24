"""What is noted and kept about a client: comments and files."""

from __future__ import annotations

import mimetypes
import secrets
from pathlib import PurePosixPath

from agendum.clients import actions
from agendum.clients.actions import FOLDER, file_link, sql
from agendum.clients.rules.shown import View, file_size, moment
from agendum.clients.search import place_of, rights_of
from agendum.clients.wire import Author, ClientFile, Comment, CommentFile, Count, NewComment, NewFile
from agendum.core.clock import wire_time
from agendum.core.db.sql import Row
from agendum.core.envelope import Answer, Done, accepted
from agendum.core.errors import Forbidden, Invalid, NotFound
from agendum.core.permissions import MEMBER, allows, may
from agendum.core.routes import Routes
from agendum.core.server import Call

routes = Routes("/api/v1", group="clients")

_COMMENTS = "/clients/{location_id}/clients/{client_id}/comments"
_FILES = "/company/{location_id}/clients/files/{client_id}"


@routes.get(_COMMENTS, needs=may("client_comments_list_access"))
async def list_client_comments(call: Call, client_id: int) -> Answer[list[Comment]]:
    """What is noted about a client, latest first; uploads of files among it."""
    view = await _of_client(call, client_id)
    rows = await sql.comments.rows(call.db, chain_id=call.chain_id, client_id=client_id, comment_id=None)
    comments = [_comment(call, client_id, row, view) for row in rows]
    return Answer(data=comments, meta=Count(count=len(comments)))


@routes.post(_COMMENTS, needs=may("client_comments_add_access"))
async def create_client_comment(call: Call, client_id: int, body: NewComment) -> Answer[Comment]:
    """Note something about a client."""
    view = await _of_client(call, client_id)
    comment_id = await actions.add_comment(call, client_id, body.text)
    return Answer(data=_comment(call, client_id, await _comment_row(call, client_id, comment_id), view))


@routes.delete(_COMMENTS + "/{comment_id}", needs=MEMBER, status=204)
async def delete_client_comment(call: Call, client_id: int, comment_id: int) -> None:
    """Delete a comment: one's own with `client_comments_own_edit_access`, others' with
    `client_comments_other_edit_access`. The file that it stands for stays."""
    await _of_client(call, client_id)
    comment = await _comment_row(call, client_id, comment_id)
    whose = "own" if comment["user_id"] == call.user.id else "other"
    if not allows(rights_of(call), f"client_comments_{whose}_edit_access"):
        raise Forbidden()
    await actions.delete_comment(call, client_id, comment)


@routes.get(_FILES, needs=may("client_files_list_access"))
async def get_client_file_list(call: Call, client_id: int) -> Answer[list[ClientFile]]:
    """Files about a client, latest first."""
    view = await _of_client(call, client_id)
    rows = await sql.files.rows(call.db, chain_id=call.chain_id, client_id=client_id, file_id=None)
    return Answer(data=[_file(call, client_id, row, view) for row in rows], meta=Count(count=len(rows)))


@routes.post(_FILES, needs=may("client_files_upload_access"), multipart=True)
async def upload_client_file(call: Call, client_id: int, body: NewFile) -> Answer[ClientFile]:
    """Keep a file about a client, sent as multipart. It is noted among the comments too."""
    view = await _of_client(call, client_id)
    name = PurePosixPath(body.file.filename.replace("\\", "/")).name.strip()[-255:]
    if not name:
        raise Invalid("file: a file has a name.", field="file")
    token = secrets.token_hex(16)
    path, mime = f"{FOLDER}/{token[:2]}/{token}", mimetypes.guess_type(name)[0] or "application/octet-stream"
    # Before its row commits: what a rolled back transaction leaves there is cleared away by a job.
    await call.server.storage.put({path: body.file.content}, mime)
    file_id = await actions.add_file(
        call,
        client_id,
        name=name,
        mime=mime,
        content=body.file.content,
        description=body.description.strip(),
        path=path,
    )
    return Answer(data=_file(call, client_id, await _file_row(call, client_id, file_id), view))


@routes.get(_FILES + "/{file_id}", needs=may("client_files_list_access"), media_type="application/octet-stream")
async def download_client_file(call: Call, client_id: int, file_id: int) -> bytes:
    """The content of a file, to be saved and not shown."""
    await _of_client(call, client_id)
    return await call.server.storage.get((await _file_row(call, client_id, file_id))["path"])


@routes.delete(_FILES + "/{file_id}", needs=may("client_files_delete_access"), status=202)
async def delete_client_file(call: Call, client_id: int, file_id: int) -> Done:
    """Delete a file, and what it left among the comments."""
    await _of_client(call, client_id)
    await actions.delete_file(call, client_id, await _file_row(call, client_id, file_id))
    return accepted()


async def _of_client(call: Call, client_id: int) -> View:
    """The caller's view of a client who is there for him. Raises NotFound."""
    _, view = await place_of(call, in_card=True)
    await actions.check_client(call, view, client_id)
    return view


async def _comment_row(call: Call, client_id: int, comment_id: int) -> Row:
    rows = await sql.comments.rows(call.db, chain_id=call.chain_id, client_id=client_id, comment_id=comment_id)
    if not rows:
        raise NotFound("Comment not found")
    return rows[0]


async def _file_row(call: Call, client_id: int, file_id: int) -> Row:
    rows = await sql.files.rows(call.db, chain_id=call.chain_id, client_id=client_id, file_id=file_id)
    if not rows:
        raise NotFound("File not found")
    return rows[0]


def _comment(call: Call, client_id: int, row: Row, view: View) -> Comment:
    at = wire_time(row["created_at"], view.tz)
    files: list[CommentFile] = []
    if row["file_id"] is not None:
        link = call.server.url(file_link(call.location_id, client_id, row["file_id"]))
        files.append(CommentFile(link=link, filename=row["file_name"]))
    avatar = call.server.url(row["avatar"] or "")
    return Comment(
        id=row["id"],
        create_date=at,
        update_date=at,
        type="file" if files else "default",
        text=row["text"],
        files=files,
        user=Author(id=row["user_id"], name=row["user_name"], avatar=avatar) if row["user_id"] else None,
    )


def _file(call: Call, client_id: int, row: Row, view: View) -> ClientFile:
    return ClientFile(
        id=row["id"],
        client_id=client_id,
        name=row["name"],
        description=row["description"],
        date_create=moment(row["created_at"], view.tz),
        extension=PurePosixPath(row["name"]).suffix.removeprefix("."),
        mime=row["mime"],
        link=file_link(call.location_id, client_id, row["id"]),
        user_name=row["user_name"] or "",
        username=row["user_name"] or "",
        user_avatar=call.server.url(row["avatar"] or ""),
        size=file_size(row["size"]),
        can_edit=allows(rights_of(call), "client_files_delete_access"),
    )
