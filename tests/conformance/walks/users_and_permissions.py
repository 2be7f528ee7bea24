"""Users of a location: who they are, what they may do, how they come and go."""

from __future__ import annotations

from typing import Any

from agendum.core.rights import SECTIONS, owner_rights
from tests.conformance.api import Api, Json
from tests.makers.world import Person, make_person

EMAIL = "nora@example.net"


async def empower(api: Api) -> Person:
    """The owner, who may really do everything."""
    chain_id = api.business.chain_id
    query = "UPDATE memberships SET rights = $2 WHERE chain_id = $1 AND role = 'owner'"
    await api.db.execute(query, chain_id, owner_rights(chain_id))
    return api.business.owner


def but(path: dict[str, Any], **other: Any) -> dict[str, Any]:
    """The same path with another part."""
    return path | other


async def doors(api: Api, body: Json = None, **path: Any) -> None:
    """Closed to nobody, to strangers, to colleagues without the right, and where there is no such location."""
    await api(401, partner="", body=body, **path)
    await api(401, body=body, **path)
    await api(403, user=api.world.stranger, body=body, **path)
    await api(403, user=api.business.limited, body=body, **path)
    await api(404, user=api.business.owner, body=body, **but(path, location_id=9_999_999))


async def users(api: Api, location_id: int | None = None) -> dict[int, Json]:
    place = location_id or api.business.location_id
    found = await api(200, op="get_location_users", user=api.business.owner, location_id=place)
    return {user["id"]: user for user in found["data"]}


async def invite(api: Api, **more: Any) -> tuple[int, str]:
    """Who is invited by e-mail: the user's id, and the token of the link."""
    body = {"invites": [{"search": EMAIL, "name": "Nora", **more}]}
    await api(202, op="create_user_invitation", user=api.business.owner, body=body, **api.here)
    query = "SELECT body FROM outbox WHERE kind = 'user.invited' ORDER BY id DESC LIMIT 1"
    notice = await api.db.fetchval(query)
    return notice["user_id"], notice["token"]


async def accept(api: Api, token: str) -> str:
    """The user token of somebody who registers through the link."""
    answer = await api.http.post(
        "/api/v1/user/invite/accept",
        json={"token": token, "password": "a better password"},
        headers={"Authorization": f"Bearer {api.world.partner_token}"},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["user_token"]


async def get_location_users(api: Api) -> None:
    owner = await empower(api)
    answer = await api(200, user=owner, **api.here)
    shown = {user["id"]: user for user in answer["data"]}
    business = api.business
    assert shown.keys() == {owner.id, business.receptionist.id, business.limited.id}
    assert answer["meta"]["count"] == 3
    assert shown[owner.id]["is_non_deletable"] is True
    assert shown[business.limited.id]["phone"] == f"+{business.limited.phone}"
    user_id, _ = await invite(api)
    waiting = await api(200, user=owner, query={"filter[is_approved]": 0}, **api.here)
    assert [user["id"] for user in waiting["data"]] == [user_id]
    assert waiting["meta"] == {"count": 1}
    approved = await api(200, user=owner, query={"filter[is_approved]": 1}, **api.here)
    assert user_id not in {user["id"] for user in approved["data"]}
    await api(422, user=owner, query={"filter[is_approved]": "perhaps"}, **api.here)
    await doors(api, **api.here)


async def deprecated_get_location_users(api: Api) -> None:
    owner = await empower(api)
    shown = {user["id"]: user for user in (await api(200, user=owner, **api.here))["data"]}
    assert shown.keys() == {owner.id, api.business.receptionist.id, api.business.limited.id}
    assert shown[owner.id]["access"]["users_access"] is True
    assert shown[api.business.limited.id]["access"]["users_access"] is False
    assert shown[owner.id]["login"] == owner.login
    await doors(api, **api.here)


async def remove_user_from_location(api: Api) -> None:
    owner, receptionist = await empower(api), api.business.receptionist
    place: dict[str, Any] = {**api.here, "user_id": receptionist.id}
    await doors(api, **place)
    await api(200, op="get_permission_list", user=receptionist, **api.here)
    await api(204, user=owner, **place)
    assert receptionist.id not in await users(api)
    await api(403, op="get_permission_list", user=receptionist, **api.here)
    await api(404, user=owner, **place)
    await api(404, user=owner, **but(place, user_id=api.world.stranger.id))
    await api(422, user=owner, **but(place, user_id=owner.id))  # nobody else owns it


async def get_permission_list(api: Api) -> None:
    owner = await empower(api)
    mine = (await api(200, user=owner, **api.here))["data"]
    full = owner_rights(api.business.chain_id)
    for section, names in SECTIONS.items():
        assert all((mine[section] if section else mine)[name] == full[name] for name in names)
    limited = (await api(200, user=api.business.limited, **api.here))["data"]
    assert limited["timetable"]["timetable_access"] is False
    await api(401, partner="", **api.here)
    await api(401, **api.here)
    await api(403, user=api.world.stranger, **api.here)
    await api(404, user=owner, location_id=9_999_999)


async def list_roles(api: Api) -> None:
    owner = await empower(api)
    roles = (await api(200, user=owner, query={"include[]": "user_permissions"}, **api.here))["data"]
    weights = {role["slug"]: role["weight"] for role in roles}
    assert weights["owner"] == max(weights.values())
    [worker] = [role for role in roles if role["slug"] == "worker"]
    calendar = worker["user_permissions"][0]
    position = calendar["children"][0]
    assert (calendar["slug"], position["slug"]) == ("timetable_access", "timetable_position_id")
    assert position["options"][1]["title"] == "Stylist"
    plain = (await api(200, user=owner, **api.here))["data"]
    assert all("user_permissions" not in role for role in plain)
    await api(422, user=owner, query={"include": "everything"}, **api.here)
    await doors(api, **api.here)


async def get_user_roles(api: Api) -> None:
    owner, receptionist = await empower(api), api.business.receptionist
    place: dict[str, Any] = {**api.here, "user_id": api.business.limited.id}
    query = {"include": "user_permissions"}

    async def calendar(user: Person) -> bool:
        roles = (await api(200, user=user, query=query, **place))["data"]
        [worker] = [role for role in roles if role["slug"] == "worker"]
        return worker["user_permissions"][0]["is_editable"]

    assert await calendar(owner) is True
    # She may change users, but has no calendar to give.
    await api.db.execute(
        "UPDATE memberships SET rights = rights - 'timetable_access' WHERE user_id = $1", receptionist.id
    )
    assert await calendar(receptionist) is False
    await doors(api, **place)
    await api(404, user=owner, **but(place, user_id=api.world.stranger.id))


async def get_user_permissions(api: Api) -> None:
    owner, limited = await empower(api), api.business.limited
    place: dict[str, Any] = {**api.here, "user_id": limited.id}
    found = (await api(200, user=owner, **place))["data"]
    assert (found["staff_id"], found["is_editable"]) == (None, True)
    assert {right["slug"]: right["value"] for right in found["user_permissions"]}["timetable_access"] is False
    mine = (await api(200, user=owner, **api.here, user_id=owner.id))["data"]
    assert mine["user_role"] == "owner"
    await doors(api, **place)
    await api(404, user=owner, **but(place, user_id=api.world.stranger.id))


async def update_user_permissions(api: Api) -> None:
    owner, limited = await empower(api), api.business.limited
    place: dict[str, Any] = {**api.here, "user_id": limited.id}
    anna = api.business.anna
    await doors(api, {"user_role": "worker"}, **place)
    body = {
        "user_role": "administrator",
        "user_permissions": [{"slug": "users_access", "value": True}, {"slug": "timetable_position_id", "value": 0}],
        "staff_id": anna,
    }
    changed = (await api(200, user=owner, body=body, **place))["data"]
    assert changed == (await api(200, op="get_user_permissions", user=owner, **place))["data"]
    assert (changed["user_role"], changed["staff_id"]) == ("administrator", anna)
    assert limited.id in {
        user["id"] for user in (await api(200, op="get_location_users", user=limited, **api.here))["data"]
    }
    mine = (await api(200, op="get_permission_list", user=limited, **api.here))["data"]
    assert (mine["settings"]["users_access"], mine["timetable"]["timetable_access"]) == (True, True)
    # Nobody gives what he lacks, and the last owner is not lowered.
    await api(403, user=limited, body={"user_role": "owner"}, **place)
    await api(422, user=owner, body={"user_role": "worker"}, **but(place, user_id=owner.id))
    await api(422, user=owner, body={"user_role": "king"}, **place)
    await api(422, user=owner, body={"user_permissions": [{"slug": "no_such", "value": True}]}, **place)
    await api(422, user=owner, body={"staff_id": 9_999_999}, **place)
    await api(404, user=owner, body={"user_role": "worker"}, **but(place, user_id=api.world.stranger.id))


async def create_user_invitation(api: Api) -> None:
    owner = await empower(api)
    body = {"invites": [{"search": EMAIL}]}
    await doors(api, body, **api.here)
    answer = await api(
        202,
        user=owner,
        body={
            "invites": [
                {
                    "name": "Nora",
                    "search": EMAIL,
                    "position": "Manager",
                    "user_role": "administrator",
                    "user_permissions": [{"slug": "send_sms", "value": False}],
                    "staff_id": api.business.anna,
                },
                {"search": "+13155547777", "position": None, "user_role": None, "staff_id": None},
            ]
        },
        **api.here,
    )
    assert answer["meta"] == {"message": "Saved"}
    waiting = {user["email"] or user["phone"]: user for user in (await users(api)).values() if not user["is_approved"]}
    assert waiting.keys() == {EMAIL, "+13155547777"}
    assert waiting[EMAIL]["information"] == "Manager"
    query = "SELECT body ->> 'token' FROM outbox WHERE kind = 'user.invited' AND body ->> 'recipient' = $1"
    user = await accept(api, await api.db.fetchval(query, EMAIL))
    mine = (await api(200, op="get_permission_list", user=user, **api.here))["data"]
    assert (mine["record_form"]["create_records_access"], mine["other"]["send_sms"]) == (True, False)
    assert (await users(api))[waiting[EMAIL]["id"]]["is_approved"] is True
    await api(422, user=owner, body={"invites": []}, **api.here)
    await api(422, user=owner, body={"invites": [{"search": "nobody"}]}, **api.here)
    await api(422, user=owner, body=body, **api.here)  # she is here already


async def copy_user_permissions_to_locations(api: Api) -> None:
    owner, receptionist, far = await empower(api), api.business.receptionist, api.business.far_location_id
    place: dict[str, Any] = {**api.here, "user_id": receptionist.id}
    body = {"user_company_links": [{"company_id": far, "user_permissions": [{"slug": "send_sms", "value": True}]}]}
    await doors(api, body, **place)
    await api(403, op="get_permission_list", user=receptionist, location_id=far)
    await api(200, user=owner, body=body, **place)
    mine = (await api(200, op="get_permission_list", user=receptionist, location_id=far))["data"]
    assert (mine["settings"]["users_access"], mine["other"]["send_sms"]) == (True, True)
    assert (await users(api, far))[receptionist.id]["is_approved"] is True
    elsewhere = {"user_company_links": [{"company_id": api.world.stranger_location_id}]}
    await api(422, user=owner, body=elsewhere, **place)
    await api(422, user=owner, body={"user_company_links": []}, **place)
    await api(404, user=owner, body=body, **but(place, user_id=api.world.stranger.id))


async def remove_user_from_locations(api: Api) -> None:
    owner, far = await empower(api), api.business.far_location_id
    person = await make_person(api.db, "Nick New")
    body = {"invites": [{"search": f"+{person.phone}", "user_role": "administrator"}]}
    await api(202, op="create_user_invitation", user=owner, body=body, **api.here)
    token = await api.db.fetchval("SELECT body ->> 'token' FROM outbox WHERE kind = 'user.invited'")
    answer = await api.http.post(
        "/api/v1/user/invite/accept",
        json={"token": token},
        headers={"Authorization": f"Bearer {api.world.partner_token}, User {person.token}"},
    )
    assert answer.status_code == 201, answer.text
    place: dict[str, Any] = {**api.here, "user_id": person.id}
    there = {"user_company_links": [{"company_id": far}]}
    await doors(api, there, **place)
    await api(200, op="copy_user_permissions_to_locations", user=owner, body=there, **place)
    await api(200, op="get_permission_list", user=person, location_id=far)
    await api(200, user=owner, body=there, **place)
    await api(403, op="get_permission_list", user=person, location_id=far)
    assert person.id not in await users(api, far)
    await api(200, op="get_permission_list", user=person, **api.here)
    await api(422, user=owner, body=there, **place)  # he is there no more
    await api(422, user=owner, body={"user_company_links": [{}]}, **place)
    await api(404, user=owner, body=there, **but(place, user_id=api.world.stranger.id))
