"""What is wrong with a file of settings, in words one can act on: section, name, and what must stand there.

No sentence quotes what stands in the file: an address may hold a password. Whatever can't be said from a field's type
and bounds, its ``description`` says: "an address that begins with https://".
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, Final, NamedTuple, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

Place = Sequence[int | str]
_NUMBERS: Final = {"int", "float", "finite", "greater", "less"}  # how pydantic's names of these errors begin
_KINDS: Final = {
    "string": "text in quotes",
    "path": "a path in quotes",
    "bool": "true or false",
    "list": "a list in square brackets",
    "tuple": "a list in square brackets",
    "dict": "a section of its own",
    "model": "a section of its own",
    "date": "a date, as 2026-11-22",
    "time": "a time of day, as 08:30:00",
}
_BOUNDS: Final = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}


class _Found(NamedTuple):
    """Where a file differs from its model."""

    place: Place  # without a union's own tags, which no file has
    around: type[BaseModel]
    field: FieldInfo | None
    is_section: bool


def complaints(model: type[BaseModel], error: ValidationError) -> tuple[str, ...]:
    """A sentence for each slip, each once: ``[server] hosst: there is no such setting (near: host)``."""
    return tuple(dict.fromkeys(_lines(model, error)))


def said(model: type[BaseModel], each: ErrorDetails) -> str:
    """What must stand at a place, or that nothing may, without the place."""
    return _said(_found(model, each), each)


def named(place: Place, *, is_section: bool = False) -> str:
    """As the file has it: ``[section] name``, ``[section]``, ``name``; the third of a list is ``name(3)``."""
    parts: list[str] = []
    for part in place:
        if isinstance(part, int) and parts:
            parts[-1] += f"({part + 1})"
        else:
            parts.append(str(part))
    sections, name = (parts, "") if is_section else (parts[:-1], "".join(parts[-1:]))
    return " ".join(filter(None, (f"[{'.'.join(sections)}]" if sections else "", name)))


def _lines(model: type[BaseModel], error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False):
        found = _found(model, each)
        where = named(found.place, is_section=found.is_section)
        yield f"{where}: {_said(found, each)}" if where else _said(found, each)


def _found(model: type[BaseModel], each: ErrorDetails) -> _Found:
    """Follow the place through the models; what no model has is a union's tag, or the slip itself."""
    place: list[int | str] = []
    around, field = model, None
    inner: type[BaseModel] | None = model
    for part in each["loc"]:
        if isinstance(part, str) and inner is not None and part in inner.model_fields:
            around, field = inner, inner.model_fields[part]
            inner = _section(field.annotation)
        elif isinstance(part, str):
            continue
        place.append(part)
    if _is_unknown(each):
        return _Found([*place, each["loc"][-1]], inner or around, None, isinstance(each["input"], dict))
    return _Found(place, around, field, inner is not None)


def _section(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - any type may stand there
    """The model in an annotation, or in its list or union."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for each in get_args(annotation) if (model := _section(each))), None)


def _said(found: _Found, each: ErrorDetails) -> str:
    context = each.get("ctx", {})
    if _is_unknown(each):
        return _unknown(found)
    if each["type"] == "missing":
        return "is missing"
    if each["type"] == "value_error":
        return str(context["error"])
    return f"must be {_wanted(found.field, each['type'], context)}"


def _is_unknown(each: ErrorDetails) -> bool:
    return each["type"] == "extra_forbidden"


def _unknown(found: _Found) -> str:
    fields = found.around.model_fields
    names = [name for name, field in fields.items() if bool(_section(field.annotation)) is found.is_section]
    near = get_close_matches(str(found.place[-1]), names)
    hint = f" (near: {', '.join(f'[{name}]' if found.is_section else name for name in near)})" if near else ""
    return f"there is no such {'section' if found.is_section else 'setting'}{hint}"


def _wanted(field: FieldInfo | None, kind: str, context: dict[str, Any]) -> str:
    begins = kind.partition("_")[0]
    if field is not None and field.description:
        return field.description
    if "expected" in context:
        return f"one of these: {context['expected']}"
    if begins in _NUMBERS:
        return _number(field, kind, context)
    if "pattern" in context:
        return f"text of the form {context['pattern']}"
    if "min_length" in context or "max_length" in context:
        return _length(begins, context)
    return _KINDS.get(begins, "of another kind")


def _number(field: FieldInfo | None, kind: str, context: dict[str, Any]) -> str:
    """With all of its bounds, whichever was passed."""
    limits = field.metadata if field else ()
    bounds = {key: value for key in _BOUNDS for each in limits if (value := getattr(each, key, None)) is not None}
    bounds = bounds or {key: context[key] for key in _BOUNDS if key in context}
    whole = kind.startswith("int_") or (field is not None and int in (field.annotation, *get_args(field.annotation)))
    name = "a whole number" if whole else "a number"
    if bounds.keys() == {"ge", "le"}:
        return f"{name} from {bounds['ge']} to {bounds['le']}"
    return " ".join((name, " and ".join(f"{_BOUNDS[key]} {value}" for key, value in bounds.items()))).rstrip()


def _length(begins: str, context: dict[str, Any]) -> str:
    unit = "characters" if begins == "string" else "entries"
    least, most = context.get("min_length", 0), context.get("max_length")
    if least == 1 and most is None:
        return "filled in: it is empty"
    return f"{least} {unit} or more" if most is None else f"{most} {unit} at most"
