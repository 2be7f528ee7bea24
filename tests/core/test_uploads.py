"""Files in a multipart body, as a struct of a route gets them."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest

from agendum.core.errors import Invalid
from agendum.core.uploads import File, without_boundary
from agendum.core.wire import read_body


class Letter(msgspec.Struct, kw_only=True):
    company_id: int | None = None
    title: str = ""
    ids: list[int] = []
    urgent: bool = False
    scan: File
    photo: File | None = None


def sent(**parts: Any) -> tuple[bytes, str]:
    """What a usual client makes of it; a file is (its name, its content)."""
    files = {name: part if isinstance(part, tuple) else (None, str(part)) for name, part in parts.items()}
    request = httpx.Request("POST", "http://test", files=files)
    return request.read(), request.headers["content-type"]


def read(**parts: Any) -> Letter:
    return read_body(*sent(**parts), Letter)


def refused(raw: bytes, content_type: str) -> tuple[str, str]:
    with pytest.raises(Invalid) as error:
        read_body(raw, content_type, Letter)
    assert error.value.errors is not None
    return error.value.errors[0]["field"], error.value.message


SCAN = ("scan.pdf", b"%PDF\r\n--\x00\xff\r\n")


def test_files_and_fields_come_together() -> None:
    letter = read(scan=("scan.pdf", SCAN[1], "application/pdf"), salonId="5", title="Straße", ids="1,2", urgent="1")
    assert (letter.scan.filename, letter.scan.content_type, letter.scan.content) == (
        "scan.pdf",
        "application/pdf",
        SCAN[1],
    )
    assert (letter.company_id, letter.title, letter.ids, letter.urgent) == (5, "Straße", [1, 2], True)
    assert letter.photo is None


def test_a_file_input_left_empty_is_no_file() -> None:
    assert read(scan=SCAN, photo=("", b"")).photo is None
    assert refused(*sent(scan=("", b"")))[0] == "scan"


def test_names_and_empty_numbers_are_read_generously() -> None:
    letter = read_body(*sent(scan=SCAN, company_id="", strange="x", title=""), Letter)
    assert letter.company_id is None


def test_a_field_is_no_file_and_a_file_no_field() -> None:
    assert refused(*sent(scan="hello"))[0] == "scan"
    assert refused(*sent(scan=SCAN, company_id=("5", b"5")))[0] == "company_id"
    assert refused(*sent(scan=SCAN, ids=("1", b"1")))[0] == "ids"


def test_files_come_as_multipart_only() -> None:
    assert refused(b'{"scan": "aGVsbG8="}', "application/json")[0] == "scan"
    assert refused(b'{"scan": {"filename": "a", "content": "aGVsbG8="}}', "application/json")[0] == "scan"
    assert refused(b"scan=hello", "application/x-www-form-urlencoded")[0] == "scan"


def test_what_is_no_multipart_is_refused() -> None:
    raw, content_type = sent(scan=SCAN)
    for body, kind in [
        (raw, "multipart/form-data"),
        (raw, "multipart/form-data; boundary="),
        (raw, "multipart/form-data; boundary=other"),
        (raw[:-30], content_type),
        (b"", content_type),
        (b"hello", content_type),
        (raw.replace(b'name="scan"', b'name="sc\xffn"').replace(b"filename", b"x"), content_type),
    ]:
        field, message = refused(body, kind)
        assert field in ("body", "scan"), message


def test_text_must_be_text() -> None:
    raw, content_type = sent(scan=SCAN, title="TITLE")
    assert refused(raw.replace(b"TITLE", b"\xff\xfe"), content_type)[0] == "body"
    assert refused(raw.replace(b"TITLE", b"a\x00b"), content_type)[0] == "title"


def test_too_many_parts_are_refused() -> None:
    assert refused(*sent(scan=SCAN, **{f"field{n}": n for n in range(200)}))[0] == "body"


def test_a_multipart_body_is_the_same_whatever_its_boundary() -> None:
    first, again = sent(scan=SCAN, title="a"), sent(scan=SCAN, title="a")
    assert first != again
    assert without_boundary(*first) == without_boundary(*again)
    assert without_boundary(*sent(scan=SCAN, title="b")) != without_boundary(*first)
    assert without_boundary(b"{}", "application/json; boundary={") == b"{}"
