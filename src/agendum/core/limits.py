"""Request limits by address, shared by all workers of a machine through one small mapped file.

Two fixed windows: a minute and a second. A counter that two workers raise at the same instant may lose one count: it
admits one request more, which is harmless and costs no lock.
"""

from __future__ import annotations

import mmap
import struct
import time
import zlib
from pathlib import Path

_SLOT = struct.Struct("<IIHIH")  # address tag, minute, its count, second, its count
_SLOTS = 1 << 16


class RateLimit:
    """`per_minute` and `per_second` requests from one address; `path` is the file that the workers share."""

    def __init__(self, path: Path, *, per_minute: int = 200, per_second: int = 5) -> None:
        self._minute, self._second = per_minute, per_second
        size = _SLOT.size * _SLOTS
        with path.open("a+b") as file:
            if file.tell() < size:
                file.truncate(size)
            self._map = mmap.mmap(file.fileno(), size)

    def wait(self, address: str, at: float | None = None, *, times: int = 1) -> int:
        """Count one request; `times` as many as usual are admitted. 0: go on; otherwise the seconds until the next."""
        at = time.time() if at is None else at
        tag = zlib.crc32(address.encode())
        offset = (tag % _SLOTS) * _SLOT.size
        owner, minute, in_minute, second, in_second = _SLOT.unpack_from(self._map, offset)
        now_minute, now_second = int(at // 60), int(at)
        if owner != tag or minute != now_minute:
            in_minute = 0
        if owner != tag or second != now_second:
            in_second = 0
        if in_minute >= self._minute * times:
            return 60 - int(at % 60)
        if in_second >= self._second * times:
            return 1
        _SLOT.pack_into(self._map, offset, tag, now_minute, in_minute + 1, now_second, in_second + 1)
        return 0
