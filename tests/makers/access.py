"""Users, and a front desk that speaks to the server for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from argon2 import PasswordHasher

from agendum.core import clock
from agendum.core.signing import new_token, token_hash

# As cheap as argon2 gets.
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HOME = "10.0.0.1"


async def make_user(
    db: Any,
    *,
    name: str = "James Smith",
    phone: str = "",
    email: str = "",
    login: str = "",
    password: str = "",
    avatar: str = "",
    email_confirmed: bool = False,
) -> int:
    """A user's id. `phone` is E.164 digits; without a password he signs in by code only."""
    return await db.fetchval(
        """INSERT INTO users (name, phone, email, login, password_hash, avatar, is_email_confirmed,
                              created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) RETURNING id""",
        name,
        phone,
        email,
        login,
        CHEAP_HASHER.hash(password) if password else None,
        avatar,
        email_confirmed,
        clock.now(),
    )


async def make_user_token(db: Any, user_id: int) -> str:
    token = new_token()
    await db.execute(
        "INSERT INTO user_tokens (token_hash, user_id, created_at) VALUES ($1, $2, $3)",
        token_hash(token),
        user_id,
        clock.now(),
    )
    return token


@dataclass
class FrontDesk:
    """One partner's calls, from addresses of the caller's choice, in the name of one location."""

    http: httpx.AsyncClient
    db: Any
    partner_token: str
    chain_id: int
    location_id: int

    def headers(self, user_token: str = "", *, ip: str = HOME) -> dict[str, str]:
        user = f", User {user_token}" if user_token else ""
        return {"authorization": f"Bearer {self.partner_token}{user}", "x-forwarded-for": ip}

    async def sign_in(self, login: str, password: str, *, ip: str = HOME, path: str = "/auth") -> httpx.Response:
        body = {"login": login, "password": password}
        return await self.http.post(path, json=body, headers=self.headers(ip=ip))

    async def sign_in_by_code(self, phone: str, code: str, *, ip: str = HOME) -> httpx.Response:
        return await self.sign_in(phone, code, ip=ip, path="/user/auth")

    async def ask_code(self, phone: str, *, ip: str = HOME, **body: str) -> httpx.Response:
        path = f"/book_code/{self.location_id}"
        return await self.http.post(path, json={"phone": phone} | body, headers=self.headers(ip=ip))

    async def code_for(self, phone: str) -> str:
        """Ask for a code and read the message; `phone` is E.164 digits."""
        answer = await self.ask_code(f"+{phone}", ip=f"10.1.{phone[-4:-2]}.{phone[-2:]}")
        assert answer.status_code == 201, answer.text
        return (await self.messages(phone))[-1]["code"]

    async def messages(self, phone: str) -> list[dict[str, Any]]:
        """The codes that went out to a phone, as their listeners see them."""
        rows = await self.db.fetch(
            "SELECT body FROM outbox WHERE kind = 'phone_code.requested' AND body ->> 'phone' = $1 ORDER BY id",
            phone,
        )
        return [row["body"] for row in rows]

    async def data(self, user_token: str) -> httpx.Response:
        return await self.http.get("/booking/user/data", headers=self.headers(user_token))

    async def change(self, user_token: str, **fields: Any) -> httpx.Response:
        return await self.http.put("/booking/user", json=fields, headers=self.headers(user_token))

    async def change_password(self, user_token: str, old: str, new: str) -> httpx.Response:
        body = {"old_password": old, "new_password": new}
        return await self.http.put("/booking/user/password", json=body, headers=self.headers(user_token))

    async def confirm_phone(self, user_token: str, phone: str, **place: int) -> httpx.Response:
        return await self.http.get(
            "/booking/user/phone_confirmation",
            params={"phone": phone} | place,
            headers=self.headers(user_token),
        )
