"""Typesetting."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import typst

_PAGE = (Path(__file__).parent / "receipt.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """The typesetter's own, which know the languages of the product, and for other letters those of the machine."""
    return typst.Fonts()


async def typeset(receipt: dict[str, Any], at: datetime) -> bytes:
    """The PDF of a receipt's texts, dated `at`. It is made in a thread, so that the server goes on meanwhile."""
    return await asyncio.to_thread(_compile, msgspec.json.encode(receipt).decode(), int(at.timestamp()))


def _compile(receipt: str, timestamp: int) -> bytes:
    made = typst.Compiler(_PAGE, font_paths=_fonts(), sys_inputs={"receipt": receipt}).compile(
        format="pdf", timestamp=timestamp
    )
    assert isinstance(made, bytes)
    return made
