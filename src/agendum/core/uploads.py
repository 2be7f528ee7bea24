"""Files in a multipart/form-data body."""

from __future__ import annotations

from io import BytesIO
from typing import TypeAlias

from multipart import MultipartError, MultipartParser, parse_options_header

from agendum.core.errors import Invalid

MULTIPART = "multipart/form-data"


class File:
    """A file as it was sent: field of a body's struct. Its name and type are what the sender says, not more."""

    __slots__ = ("content", "content_type", "filename")

    def __init__(self, filename: str, content_type: str, content: bytes) -> None:
        self.filename, self.content_type, self.content = filename, content_type, content


Part: TypeAlias = tuple[str, "str | File"]


def read_multipart(raw: bytes, content_type: str) -> list[Part]:
    """The fields of a body in their order; a part with a file name is a file. Raises Invalid."""
    room = len(raw) + 1  # it is in memory already: no part need go to disk
    parts: list[Part] = []
    try:
        boundary = _boundary(content_type)
        for part in MultipartParser(BytesIO(raw), boundary, spool_limit=room, memory_limit=room):
            name = part.name or ""
            if part.filename is not None:
                if part.filename or part.size:  # neither: a file input that was left empty
                    parts.append((name, File(part.filename.replace("\x00", ""), part.content_type, part.raw)))
            else:
                parts.append((name, part.raw.decode()))
    except UnicodeDecodeError:
        raise Invalid("A field without a file name is not valid UTF-8.", field="body") from None
    except MultipartError:
        raise Invalid(f"The body is not valid {MULTIPART}.", field="body") from None
    return parts


def without_boundary(raw: bytes, content_type: str) -> bytes:
    """A body with nothing in it that a client makes up anew when it sends the same again."""
    boundary = _boundary(content_type) if content_type.startswith(MULTIPART) else ""
    return raw.replace(boundary.encode(), b"") if boundary else raw


def _boundary(content_type: str) -> str:
    return parse_options_header(content_type)[1].get("boundary", "")
