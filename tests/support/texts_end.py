"""A message gateway in this process: it keeps what it took, and fails as it is told."""

import re
from collections import deque
from dataclasses import dataclass, field

from records.messages.gateway import GatewayError


@dataclass
class TextsEnd:
    """``taken``: number and text, in their order; ``failing``: what the next sends raise; ``ids``: all that came."""

    taken: list[tuple[str, str]] = field(default_factory=list)
    failing: deque[GatewayError | None] = field(default_factory=deque)
    ids: list[str] = field(default_factory=list)

    def send(self, number: str, text: str, text_id: str) -> str:
        """See MessageGateway."""
        first = text_id not in self.ids
        self.ids.append(text_id)
        if self.failing and (error := self.failing.popleft()) is not None:
            raise error
        if first or (number, text) not in self.taken:
            self.taken.append((number, text))
        return f"accepted-{len(self.taken)}"

    @property
    def code(self) -> str:
        """The six digits of the last text."""
        found = re.search(r"\d{6}", self.taken[-1][1])
        assert found is not None
        return found.group()
