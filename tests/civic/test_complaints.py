"""What is wrong with a file of settings, in words: the section, the name, and what must stand there."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civic.complaints import complaints


class Lamp(BaseModel):
    model_config = ConfigDict(extra="forbid")

    watts: int | None = Field(None, gt=0)
    colours: tuple[str, ...] = Field(("white",), min_length=1, max_length=2)
    name: str = Field("", max_length=3)
    code: str = Field("a1", pattern=r"^[a-z]\d$")
    folder: Path = Path()


class Street(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lamps: tuple[Lamp, ...] = ()
    gate: Lamp | int | None = None
    length: float


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "length: is missing"),
        ({"length": "a"}, "length: must be a number"),
        ({"length": 1, "lamps": [{}, {"watts": 0}]}, "[lamps(2)] watts: must be a whole number above 0"),
        ({"length": 1, "lamps": [{"colours": []}]}, "[lamps(1)] colours: must be filled in: it is empty"),
        ({"length": 1, "lamps": [{"colours": [1]}]}, "[lamps(1)] colours(1): must be text in quotes"),
        ({"length": 1, "lamps": [{"colours": ["a"] * 3}]}, "[lamps(1)] colours: must be 2 entries at most"),
        ({"length": 1, "lamps": [{"name": "long"}]}, "[lamps(1)] name: must be 3 characters at most"),
        ({"length": 1, "lamps": [{"code": "?"}]}, r"[lamps(1)] code: must be text of the form ^[a-z]\d$"),
        ({"length": 1, "lamps": [{"folder": 3}]}, "[lamps(1)] folder: must be a path in quotes"),
        ({"length": 1, "gate": {"wats": 3}}, "[gate] wats: there is no such setting (near: watts)"),
        ({"length": 1, "lmps": {}}, "[lmps]: there is no such section (near: [lamps])"),
        ({"length": 1, "lamps": 3}, "[lamps]: must be a list in square brackets"),
    ],
)
def test_each_slip_is_said_by_its_place_and_what_must_stand_there(values: dict[str, Any], said: str) -> None:
    """Of a list, which of them; of a union, once and without pydantic's own names for its ways."""
    with pytest.raises(ValidationError) as caught:
        Street.model_validate(values)
    assert said in complaints(Street, caught.value)
