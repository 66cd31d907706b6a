"""Errors that a person can act on.

CodedError                 every condition this product raises on purpose
├── InvalidValueError      a value from outside breaks its own rules        (civic)
├── devices.errors         a device can't do what was asked
├── forms.errors           a paper can't be made or read
├── backend_client.errors  records did not answer, or said no
└── kiosk.config           the configuration can't be used

``code`` is stable: logs, audit and the text catalogue use it, so it is never reworded. The words a resident or a
technician reads stand in the catalogue under ``error.<code>``; the exception's own message is for engineers and must
hold nothing personal.
"""

from typing import ClassVar


class CodedError(Exception):
    """A condition with a stable code. Subclasses set ``code``; a ``detail`` holds nothing personal."""

    code: ClassVar[str] = "unexpected"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail


class InvalidValueError(CodedError):
    """A value breaks the rules of its own standard."""

    code = "invalid-value"
