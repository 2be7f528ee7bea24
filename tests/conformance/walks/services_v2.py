"""Services as JSON:API, and as the calendar gives them."""

from __future__ import annotations

from typing import Any

from tests.conformance.api import Api
from tests.conformance.walks.services import NOWHERE, make_bundle

_INCLUDE = ["resources", "service_composite", "resource_links", "company_links", "trial_settings"]


async def _refusals(api: Api, *, right: bool, **more: Any) -> None:
    await api(401, partner="", **api.here, **more)
    await api(401, **api.here, **more)
    await api(403, user=api.world.stranger, **api.here, **more)
    if right:
        await api(403, user=api.business.limited, **api.here, **more)
    elsewhere: dict[str, Any] = {**more, "location_id": NOWHERE}
    await api(404, user=api.business.owner, **elsewhere)


async def list_services(api: Api) -> None:
    business = api.business
    owner: dict[str, Any] = {"user": business.owner, **api.here}
    whole = await api(200, **owner)
    v1 = (await api(200, op="get_service", service_id=0, **owner))["data"]
    assert [(int(one["id"]), one["attributes"]) for one in whole["data"]] == [
        (one["id"], {"title": one["title"], "category_id": one["category_id"]}) for one in v1
    ]
    assert all("relationships" not in one for one in whole["data"])
    page = await api(200, query={"page": 2, "limit": 2}, **owner)
    assert page["data"] == whole["data"][2:]
    two = await api(200, query={"filter[service_ids][]": [business.haircut, business.manicure]}, **owner)
    assert [int(one["id"]) for one in two["data"]] == [business.haircut, business.manicure]
    bundle = await make_bundle(api)
    full = await api(200, query={"include": _INCLUDE}, **owner)
    related = {int(one["id"]): one["relationships"] for one in full["data"]}
    kinds = {(one["type"], one["id"]) for one in full["included"]}
    for one in related.values():
        assert one.keys() == set(_INCLUDE)
        for pointed in one.values():
            many = pointed["data"] if isinstance(pointed["data"], list) else [pointed["data"]]
            assert {(each["type"], each["id"]) for each in many if each} <= kinds, "everything is included"
    assert len(related[business.massage]["resources"]["data"]) == 1
    assert related[bundle]["service_composite"]["data"] == {"type": "service_composite", "id": str(bundle)}
    assert related[business.haircut]["service_composite"]["data"] is None
    await api(422, query={"include": "moons"}, **owner)
    await api(422, query={"limit": 251}, **owner)
    await _refusals(api, right=True)


async def v2_get_service(api: Api) -> None:
    business = api.business
    owner: dict[str, Any] = {"user": business.owner, **api.here}
    one = await api(200, service_id=business.massage, query={"include": _INCLUDE}, **owner)
    assert one["meta"] == []
    cabin = one["data"]["relationships"]["resources"]["data"][0]
    assert cabin in [{"type": each["type"], "id": each["id"]} for each in one["included"]]
    plain = await api(200, service_id=business.massage, **owner)
    v1 = (await api(200, op="get_service", service_id=business.massage, **owner))["data"]
    assert plain["data"]["attributes"] == {"title": v1["title"], "category_id": v1["category_id"]}
    assert "included" not in plain
    await api(404, service_id=NOWHERE, **owner)
    await _refusals(api, right=True, service_id=business.massage)


async def list_service_categories(api: Api) -> None:
    business = api.business
    owner: dict[str, Any] = {"user": business.owner, **api.here}
    body = {"title": "Cuts", "weight": 99, "staff": [business.anna]}
    made = (await api(201, op="create_service_category", body=body, **owner))["data"]
    whole = await api(200, **owner)
    assert [int(one["id"]) for one in whole["data"]] == [made["id"], business.category_id]
    assert whole["data"][0]["attributes"] == {"title": "Cuts", "salon_service_id": made["salon_service_id"]}
    annas = await api(200, query={"filter[staff_id]": business.anna}, **owner)
    assert [int(one["id"]) for one in annas["data"]] == [business.category_id], "only with services of hers"
    await api(404, query={"filter[staff_id]": business.yuki}, **owner)
    await _refusals(api, right=True)


async def list_attendance_services(api: Api) -> None:
    business = api.business
    owner: dict[str, Any] = {"user": business.owner, **api.here}
    body = {"seance_length": 4500, "technological_card_id": None}
    link: dict[str, Any] = {"service_id": business.haircut, "team_member_id": business.anna}
    await api(200, op="update_service_team_member_assignment", body=body, **owner, **link)

    async def found(**query: Any) -> list[str]:
        filters = {"staff_id" if name == "staff_id" else f"filter[{name}]": value for name, value in query.items()}
        return [one["attributes"]["title"] for one in (await api(200, query=filters, **owner))["data"]]

    whole = await api(200, user=business.limited, **api.here)
    assert whole["meta"] == {"pagination": {"page": 1, "offset": 0, "limit": 250}}
    first = whole["data"][0]
    assert first["id"] == f"{business.location_id}_{business.haircut}_0_0"
    assert (first["attributes"]["staff_id"], first["attributes"]["duration"]) == (0, 3600)
    annas = (await api(200, query={"staff_id": business.anna}, **owner))["data"][0]
    assert annas["id"] == f"{business.location_id}_{business.haircut}_{business.anna}_0"
    assert (annas["attributes"]["duration"], annas["attributes"]["length"]) == (4500, 4500)
    bundle = await make_bundle(api)
    assert await found(staff_id=business.peter) == ["Haircut", "Massage"]
    assert await found(term=" CUR ") == ["Manicure"]
    assert await found(category_id=NOWHERE) == []
    assert await found(service_ids=business.massage) == ["Massage"]
    assert await found(is_composite=1) == ["Bundle"]
    assert await found(is_multi=1) == []
    assert await found(is_available_for_timetable=0) == ["Bundle"], "nobody gives it"
    assert str(bundle) not in await found(is_available_for_timetable=1)
    second = await api(200, query={"page": 2, "limit": 3}, **owner)
    assert [one["attributes"]["title"] for one in second["data"]] == ["Manicure"]
    assert second["meta"]["pagination"] == {"page": 2, "offset": 3, "limit": 3}
    await api(422, query={"filter[term]": " c "}, **owner)
    await api(422, query={"page": 0}, **owner)
    await api(422, query={"filter[is_multi]": 2}, **owner)
    await api(404, query={"staff_id": business.yuki}, **owner)
    await _refusals(api, right=False)


async def list_composite_service_attendance_services(api: Api) -> None:
    business = api.business
    bundle = await make_bundle(api)
    owner: dict[str, Any] = {"user": business.owner, **api.here}
    parts = (await api(200, service_id=bundle, **owner))["data"]
    shown = [(one["attributes"]["composite_position"], one["attributes"]["staff_id"]) for one in parts]
    assert shown == [(1, business.anna), (1, business.peter), (2, business.anna)]
    assert {one["attributes"]["composite_service_id"] for one in parts} == {bundle}
    assert parts[0]["id"] == f"{business.location_id}_{business.haircut}_{business.anna}_{bundle}_1"
    await api(404, service_id=business.haircut, **owner)
    await api(422, service_id=0, **owner)
    await _refusals(api, right=False, service_id=bundle)


async def list_attendance_service_suggestions(api: Api) -> None:
    business = api.business
    owner: dict[str, Any] = {"user": business.owner, **api.here}
    await api.db.execute(
        "UPDATE memberships SET rights = rights || '{\"clients_access\": true}' WHERE user_id = $1", business.owner.id
    )
    await api.book(phone=f"+{business.client_phone}", day=1)
    booked = await api.book(phone=f"+{business.client_phone}", day=2)
    await api.db.execute("UPDATE appointments SET starts_at = starts_at - interval '9 days'")
    await api.db.execute(
        "UPDATE busy SET starts_at = starts_at - interval '9 days', ends_at = ends_at - interval '9 days'"
    )
    query: dict[str, Any] = {"staff_id": business.anna}
    popular = (await api(200, query=query, **owner))["data"]
    reasons = [(one["attributes"]["service_id"], one["attributes"]["suggestion_type"]) for one in popular]
    assert reasons == [(business.haircut, "master_popular_service")]
    query |= {"client_id": business.client_id, "include": ["attendance_service", "record"]}
    answer = await api(200, query=query, **owner)
    last = answer["data"][0]
    assert last["attributes"] == {
        "service_id": business.haircut,
        "suggestion_type": "last_client_visit_attendance_service",
        "record_id": booked["record_id"],
    }
    pointed = [last["relationships"][name]["data"] for name in ("attendance_service", "record")]
    assert pointed == [{"type": one["type"], "id": one["id"]} for one in answer["included"]]
    await api(422, **owner)
    await api(404, query={"staff_id": business.yuki}, **owner)
    await api(404, query={"staff_id": business.anna, "client_id": NOWHERE}, **owner)
    await api(
        403, query={"staff_id": business.anna, "client_id": business.client_id}, user=business.limited, **api.here
    )
    await _refusals(api, right=False, query={"staff_id": business.anna})
