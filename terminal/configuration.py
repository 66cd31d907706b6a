"""What the configuration files (TOML) of all terminals have in common, and how one is read.

Paths are relative to the file. No message quotes what stands in it: an address may hold a password.
"""

import tomllib
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civic.complaints import complaints
from civic.errors import CodedError

SPECIMEN_MARK = "SPECIMEN"


class ConfigurationError(CodedError):
    """The configuration can't be used. ``detail`` names the file, the line's path and what is wrong."""

    code = "configuration"


class TerminalRefusedError(CodedError):
    """This configuration may not serve residents. ``detail`` lists every reason's code."""

    code = "production-refused"


class Section(BaseModel):
    """A table of the file: closed, and never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


M = TypeVar("M", bound=Section)


class RecordsSettings(Section):
    """``identity``: the folder of the device's key and certificate, made by enrolling."""

    url: str = Field(pattern=r"^https://", description="an address that begins with https://")
    root: Path
    identity: Path

    def root_certificate(self) -> str:
        """The only authority believed, as PEM. Raises ConfigurationError: without it records can't be asked."""
        try:
            pem = self.root.read_bytes()
            x509.load_pem_x509_certificate(pem)
        except OSError as error:
            raise ConfigurationError(f"records.root: {self.root}: {error.strerror}") from None
        except ValueError:
            raise ConfigurationError(f"records.root: {self.root}: no certificate") from None
        return pem.decode("ascii")

    def is_demo(self) -> bool:
        """Whether the root is a demonstration's, which says so in its subject. No root, no key: nothing works then."""
        if not self.root.exists():
            return False
        root = x509.load_pem_x509_certificate(self.root_certificate().encode("ascii"))
        subject = root.subject.rfc4514_string()
        return SPECIMEN_MARK in subject.upper() or "样张" in subject

    def anchored(self, base: Path) -> "RecordsSettings":
        """With its paths below ``base``."""
        return self.model_copy(update={"root": base / self.root, "identity": base / self.identity})


class ScreenSettings(Section):
    """Pixels. ``pixel_pitch_mm`` decides how large a 20 mm target is."""

    width: int = Field(1080, ge=480, le=7680)
    height: int = Field(1920, ge=480, le=7680)
    pixel_pitch_mm: float = Field(0.37, gt=0.05, lt=1.0)
    fullscreen: bool = True


def read(path: Path, kind: type[M]) -> M:
    """Read and validate. Raises ConfigurationError."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {'; '.join(complaints(kind, error))}") from None
