"""JSON Schemas of what the routes take and give, by msgspec, corrected for how our reader and writer work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec import inspect as mi

from agendum.core.live import EventStream
from agendum.core.routes import Route
from agendum.core.uploads import File

Schema = dict[str, Any]

REF = "#/components/schemas/"


class Shapes:
    """The JSON Schemas of everything that the routes take and give.

    What comes in may leave out a field with a default; what goes out carries every field that is not UNSET.
    """

    def __init__(self, routes: Sequence[Route]) -> None:
        taken = _distinct(route.hints[part] for route in routes for part in ("query", "body") if part in route.hints)
        given = _distinct(shape for route in routes if (shape := given_shape(route)) is not None)
        self._out, outward = _schemas(given, outward=True)
        self._in, inward = _schemas(taken, outward=False)
        twice = {name: f"{name}Input" for name in inward if outward.get(name, inward[name]) != inward[name]}
        self._in, inward = _renamed(self._in, inward, twice)
        self.components: Schema = outward | inward

    def taken(self, shape: Any) -> Schema:
        return self._in[_key(shape)]

    def given(self, shape: Any) -> Schema:
        return self._out[_key(shape)]

    def resolved(self, schema: Schema) -> Schema:
        """The schema that a `$ref` names, or the schema itself."""
        return self.components[schema["$ref"].removeprefix(REF)] if "$ref" in schema else schema


def given_shape(route: Route) -> Any:
    """The shape of a route's answer; None where there is no JSON to describe."""
    shape = route.hints.get("return")
    if get_origin(shape) is Annotated and get_args(shape)[0] in (bytes, EventStream):
        return get_args(shape)[1]
    return None if shape in (None, type(None), bytes) else shape


def _key(shape: Any) -> str:
    return repr(shape)


def _distinct(shapes: Iterable[Any]) -> list[Any]:
    return list({_key(shape): shape for shape in shapes}.values())


def _schemas(shapes: list[Any], *, outward: bool) -> tuple[dict[str, Schema], dict[str, Schema]]:
    structs: dict[Any, mi.StructType] = {}
    for info in mi.multi_type_info(shapes):
        _collect(info, structs)
    schemas, components = msgspec.json.schema_components(
        [*shapes, *structs], ref_template=REF + "{name}", schema_hook=_file
    )
    for info, schema in zip(structs.values(), schemas[len(shapes) :], strict=True):
        component = components[schema["$ref"].removeprefix(REF)]
        component.pop("title", None)
        if outward:
            present = [field.encode_name for field in info.fields if not _can_be_unset(field)]
            component["required"] = present
            for name in present:
                component["properties"][name].pop("default", None)
    components = {name: _wire(schema) for name, schema in components.items()}
    made = {_key(shape): _wire(schema) for shape, schema in zip(shapes, schemas, strict=False)}
    for info in structs.values():
        key = _key(info.cls)
        if get_origin(info.cls) is not None and key in made:  # Answer[list[Slot]] has no name worth keeping
            made[key] = components[made[key]["$ref"].removeprefix(REF)]
    return _renamed(made, components, {name: _tidy(name) for name in components})


def _file(kind: type) -> Schema:
    if kind is not File:
        raise NotImplementedError
    return {"type": "string", "format": "binary"}


def _can_be_unset(field: mi.Field) -> bool:
    """Not required and yet without a default: msgspec shows UNSET so."""
    return not field.required and field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT


def _collect(info: mi.Type, structs: dict[Any, mi.StructType]) -> None:
    if isinstance(info, mi.StructType):
        if info.cls not in structs:
            structs[info.cls] = info
            for field in info.fields:
                _collect(field.type, structs)
    elif isinstance(info, mi.Metadata):
        _collect(info.type, structs)
    elif isinstance(info, mi.CollectionType):
        _collect(info.item_type, structs)
    elif isinstance(info, mi.TupleType):
        for item in info.item_types:
            _collect(item, structs)
    elif isinstance(info, mi.DictType):
        _collect(info.key_type, structs)
        _collect(info.value_type, structs)
    elif isinstance(info, mi.UnionType):
        for item in info.types:
            _collect(item, structs)


def _wire(value: Any) -> Any:
    """A schema as our reader and writer keep it: a decimal is a number."""
    if isinstance(value, list):
        return [_wire(item) for item in value]
    if not isinstance(value, dict):
        return value
    out = {key: _wire(item) for key, item in value.items()}
    if out.get("format") == "decimal":
        out["type"] = "number"
        del out["format"]
        if isinstance(out.get("default"), str):
            out["default"] = float(out["default"])
    return out


def _renamed(
    schemas: dict[str, Schema], components: dict[str, Schema], names: dict[str, str]
) -> tuple[dict[str, Schema], dict[str, Schema]]:
    """The same with some components under other names."""
    refs = {REF + old: REF + new for old, new in names.items()}
    return (
        {key: _with_refs(schema, refs) for key, schema in schemas.items()},
        {names.get(name, name): _with_refs(schema, refs) for name, schema in components.items()},
    )


def _with_refs(value: Any, refs: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_with_refs(item, refs) for item in value]
    if not isinstance(value, dict):
        return value
    out = {key: _with_refs(item, refs) for key, item in value.items()}
    if "$ref" in out:
        out["$ref"] = refs.get(out["$ref"], out["$ref"])
    return out


def _tidy(name: str) -> str:
    """msgspec tells two structs of one name apart by their modules: agendum.booking.wire.Slot is BookingSlot."""
    module, _, own = name.rpartition(".")
    return module.split(".")[1].capitalize() + own if module.startswith("agendum.") else name


def reached(value: Any, components: Schema) -> Schema:
    """The components that a value refers to, and those that they refer to, by name."""
    names: set[str] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            waiting += item.values()
            name = str(item.get("$ref", "")).removeprefix(REF)
            if name in components and name not in names:
                names.add(name)
                waiting.append(components[name])
    return {name: components[name] for name in sorted(names)}
