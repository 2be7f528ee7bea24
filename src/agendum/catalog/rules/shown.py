"""How a service is shown, and what is searched for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agendum.core.errors import Invalid
from agendum.core.wire import to_json

# What the wire says of payments, memberships and invoices, as long as no service has any.
_NOTHING_OF = (
    '"price_prepaid_amount":0,"price_prepaid_percent":100,"service_type":1,"api_service_id":0,'
    '"repeat_visit_days_step":null,"online_invoicing_status":0,"is_abonement_autopayment_enabled":0,'
    '"autopayment_before_visit_time":0,"abonement_restriction_value":0'
)


def card(row: Any, url: Callable[[str], str], *, in_list: bool = False) -> str:
    """A service's JSON with its staff and its picture: an array where the wire has one (`in_list`), else none without
    a picture."""
    shown = f'{row["shown"][:-1]},{_NOTHING_OF},"staff":[{row["staff"] or ""}]'
    path = row["image"]
    if path or in_list:
        group = [_image_group(row["id"], row["image_group"], path, url)] if path else []
        shown = f'{shown},"image_group":{to_json(group if in_list else group[0]).decode()}'
    return f"{shown}}}"


def _image_group(service_id: int, group: Mapping[str, Any] | None, path: str, url: Callable[[str], str]) -> Any:
    """A picture in all its sizes, by version. Width and height are strings of pixels; an image that was not uploaded
    here has no sizes that we know."""
    folder, _, name = path.rpartition("/")
    stem, _, kind = name.rpartition(".")
    group = group or {"id": 0, "versions": [{"id": 0, "version": "basic", "type": kind, "width": "0", "height": "0"}]}
    files = {one["version"]: f"{one['version']}.{one['type']}" for one in group["versions"]}
    if group["id"] == 0:
        files["basic"] = f"{stem}.{kind}" if kind else name
    return {
        "id": group["id"],
        "entity": "settings_service",
        "entity_id": service_id,
        "images": {
            one["version"]: one | {"image_group_id": group["id"], "path": url(f"{folder}/{files[one['version']]}")}
            for one in group["versions"]
        },
    }


def term_of(text: str | None) -> str | None:
    """What to search for, as a LIKE pattern. Raises Invalid for less than three letters."""
    if text is None:
        return None
    text = text.strip()
    if len(text) < 3:
        raise Invalid("filter[term]: expected at least 3 letters.", field="filter[term]")
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"
