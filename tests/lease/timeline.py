"""What happened when: one line a step, with what was measured."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Step:
    """``at``: seconds since the beginning; ``took``: seconds of what is measured, None: nothing is."""

    at: float
    who: str
    what: str
    took: float | None = None

    def line(self) -> str:
        """For a reader."""
        took = "" if self.took is None else f"  [{self.took:.2f} s]"
        return f"{self.at:8.2f} s  {self.who:<9} {self.what}{took}"


@dataclass(slots=True)
class Timeline:
    """``timeline.txt`` and ``timeline.json`` in ``folder``, complete after each step. Nothing personal is in it."""

    folder: Path
    steps: list[Step] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)

    def note(self, who: str, what: str, took: float | None = None) -> None:
        """One more step, told to whoever watches too."""
        rounded = None if took is None else round(took, 3)
        self.steps.append(Step(round(time.monotonic() - self._began, 2), who, what, rounded))
        print(self.steps[-1].line(), flush=True)
        self.write()

    def took(self, what: str) -> float:
        """What was measured at the step of this name. Raises LookupError."""
        for step in self.steps:
            if step.what == what and step.took is not None:
                return step.took
        raise LookupError(what)

    def write(self) -> None:
        """Both files."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = [step.line() for step in self.steps]
        (self.folder / "timeline.txt").write_text("\n".join(lines) + "\n", "utf-8")
        told = [{"at": each.at, "who": each.who, "what": each.what, "took": each.took} for each in self.steps]
        (self.folder / "timeline.json").write_text(json.dumps(told, indent=1, ensure_ascii=False), "utf-8")
