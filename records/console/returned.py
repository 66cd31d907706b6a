"""A form that comes back with a slip: what of it the page shows again, and what has to be typed again."""

from collections.abc import Collection, Mapping
from typing import Any

from records.rules.reasons import tells_a_number


def returned(typed: Mapping[str, str], personal: Collection[str]) -> dict[str, Any]:
    """``kept``: by field, what is neither ``personal`` nor holds a citizen number by mistake; ``dropped``: the fields
    that were filled with what is not kept."""
    dropped = {name for name, text in typed.items() if text and (name in personal or tells_a_number(text))}
    return {"kept": {name: text for name, text in typed.items() if name not in dropped}, "dropped": dropped}
