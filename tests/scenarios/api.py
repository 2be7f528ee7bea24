"""How scenarios speak: HTTP alone, with the tokens of one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

V2 = {"Accept": "application/vnd.api.v2+json", "Content-Type": "application/vnd.api.v2+json"}


@dataclass
class Desk:
    """A person at the API. Every call says which status it expects and gives the answer's data."""

    http: httpx.AsyncClient
    partner: str
    user: str = ""

    async def __call__(self, method: str, path: str, body: Any = None, *, status: int = 200, **query: Any) -> Any:
        tokens = f"Bearer {self.partner}" + (f", User {self.user}" if self.user else "")
        v2 = path.startswith("/v2/")
        answer = await self.http.request(
            method,
            f"http://test/api{path if v2 else f'/v1{path}'}",
            json=body,
            params=query,
            headers={"Authorization": tokens} | (V2 if v2 else {}),
        )
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        content = answer.json() if answer.content else None
        return content["data"] if isinstance(content, dict) and "data" in content else content
