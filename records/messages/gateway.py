"""The port that texts leave by, and what can go wrong there.

RecordsError
└── GatewayError
    ├── GatewayAwayError     nobody took it, or nobody said so: the same text may be sent again under its id
    └── GatewayRefusedError  this text will never be taken
"""

from pathlib import Path
from typing import Protocol

from records.errors import RecordsError, SettingsError
from records.sections import MessageSettings

_MODE_OF_OTHERS = 0o077


class GatewayError(RecordsError):
    """A text did not leave. ``detail``: a kind of failure or a status, nothing of the text."""

    code = "message-gateway"


class GatewayAwayError(GatewayError):
    """Nobody took it, or the answer was lost: whether it left is unknown."""

    code = "message-gateway-away"


class GatewayRefusedError(GatewayError):
    """The gateway will never take this text."""

    code = "message-gateway-refused"


class MessageGateway(Protocol):
    """Where a text leaves. Thread-safe."""

    def send(self, number: str, text: str, text_id: str) -> str:
        """The gateway's own number for what it took. The same ``text_id`` again: taken once. Raises GatewayError."""
        ...


class NoGateway:
    """None is set up: no text can leave."""

    def send(self, number: str, text: str, text_id: str) -> str:
        """Raises GatewayAwayError."""
        del number, text, text_id
        raise GatewayAwayError("none is set up")


def gateway_of(folder: Path, chosen: MessageSettings) -> MessageGateway:
    """The gateway of the settings. SettingsError: the file of its token can't be used."""
    if not chosen.url:
        return NoGateway()
    from records.messages.http_gateway import HttpGateway  # noqa: PLC0415 - most commands start faster without it

    timeouts = (chosen.connect_seconds, chosen.answer_seconds)
    root = folder / chosen.root if chosen.root else None
    return HttpGateway(chosen.url, timeouts, root, _token(folder, chosen.token_file))


def _token(folder: Path, name: str) -> str:
    if not name:
        return ""
    try:
        if (folder / name).stat().st_mode & _MODE_OF_OTHERS:
            raise SettingsError(f"{name} can be read by others: chmod 600")
        return (folder / name).read_text("ascii").strip()
    except (OSError, ValueError):
        raise SettingsError(f"{name} can't be read: it holds the message gateway's token") from None
