"""One validated file of settings, ``records.toml`` in the data folder, written once with its defaults."""

import tomllib
from functools import lru_cache
from pathlib import Path

import tomli_w
from pydantic import Field, ValidationError

from civic.complaints import complaints
from records.errors import SettingsError
from records.sections import (
    BackupSettings,
    ConsoleSettings,
    DatabaseSettings,
    GuessingSettings,
    IdentitySettings,
    IntakeSettings,
    KeySettings,
    LimitSettings,
    MessageSettings,
    MetricsSettings,
    PolicySettings,
    PopulationSettings,
    ReadingSettings,
    Section,
    ServerSettings,
    TimestampSettings,
)

FILE_NAME = "records.toml"
_NAME = "2 to 32 of the characters a-z, 0-9 and -"


class Settings(Section):
    """All that an installation may choose."""

    community: str = Field(default="pingandeng", pattern=r"^[a-z0-9-]{2,32}$", description=_NAME)
    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    identity: IdentitySettings = IdentitySettings()
    guessing: GuessingSettings = GuessingSettings()
    messages: MessageSettings = MessageSettings()
    console: ConsoleSettings = ConsoleSettings()
    policy: PolicySettings = PolicySettings()
    limits: LimitSettings = LimitSettings()
    intakes: IntakeSettings = IntakeSettings()
    population: PopulationSettings = PopulationSettings()
    reading: ReadingSettings = ReadingSettings()
    timestamps: TimestampSettings = TimestampSettings()
    keys: KeySettings = KeySettings()
    backup: BackupSettings = BackupSettings()
    metrics: MetricsSettings = MetricsSettings()


def write_default(folder: Path) -> bool:
    """Write the defaults if the file is missing. True: written now."""
    path = folder / FILE_NAME
    if path.exists():
        return False
    path.write_text(tomli_w.dumps(Settings().model_dump(mode="json")), "utf-8")
    return True


def load(folder: Path) -> Settings:
    """Read and check ``records.toml``. SettingsError names each setting that won't do, and what it must be."""
    try:
        return _read((folder / FILE_NAME).read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{FILE_NAME} can't be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{FILE_NAME} is no TOML: {error}") from None
    except ValidationError as error:
        raise SettingsError(f"{FILE_NAME}: {'; '.join(complaints(Settings, error))}") from None


@lru_cache(maxsize=4)
def _read(text: str) -> Settings:
    """Whoever opens a data folder asks several times; what was read is frozen."""
    return Settings.model_validate(tomllib.loads(text))
