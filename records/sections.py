"""The sections of ``records.toml``: what an installation may choose, each with its default and its bounds."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, IPvAnyAddress, model_validator

_POSTGRESQL = "an address that begins with postgresql://, or empty"
_HTTPS = "an address that begins with https://, or empty"
_SITE = "https:// and a name, without a path, or empty"
_HTTP = "an address that begins with https:// or http://, or empty"


class Section(BaseModel):
    """Unknown names are errors: a mistyped setting must not be a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ServerSettings(Section):
    """Where the service listens, and the names its certificate holds besides localhost and 127.0.0.1.

    ``check_proxy``: address of the one proxy that is believed, on the public pages, whom it forwards for; empty: none.
    ``pages``: where telephones reach these pages, as that proxy is called; empty: here, by ``public_name``.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8443, ge=1, le=65535)
    public_name: str = "localhost"
    other_names: tuple[str, ...] = ()
    check_proxy: IPvAnyAddress | Literal[""] = Field(default="", description="one IP address, or empty")
    pages: str = Field(default="", pattern=r"^(https://[^\s/?#]+)?$", description=_SITE)


class DatabaseSettings(Section):
    """``url``: of a PostgreSQL database, as ``postgresql://user@host/name``; empty: SQLite in the data folder.

    ``password_file``: holds its password, relative to the data folder, readable by its owner only; empty: none is
    needed. ``connections``: at most so many at once. ``shared``: other communities have their records there too.
    """

    url: str = Field(default="", pattern=r"^(postgresql://\S+)?$", description=_POSTGRESQL)
    password_file: str = ""
    connections: int = Field(default=20, ge=4, le=200)
    shared: bool = False


class IdentitySettings(Section):
    """Rules of one visit.

    ``minimum_threshold``: the lowest cosine similarity that records accept as a kiosk's own threshold; for SFace 0.383
    is the measured point of one false match in a thousand. ``maximum_false_match_rate``: the highest that a kiosk may
    state for its threshold. ``passive_required``: a statement must say that the kiosk's
    anti-spoofing model found nothing. ``clock_slack``: by how many seconds a kiosk's clock may differ.
    """

    visit_minutes: int = Field(default=15, ge=2, le=60)
    minimum_threshold: float = Field(default=0.38, ge=0, le=1)
    maximum_false_match_rate: float = Field(default=0.001, gt=0, le=1)
    face_attempts: int = Field(default=5, ge=1, le=20)
    identifications_per_hour: int = Field(default=120, ge=1, le=100_000)
    passive_required: bool = False
    clock_slack: int = Field(default=600, ge=0, le=3600)


class GuessingSettings(Section):
    """Tries at typed numbers: how they are slowed and reported, never locked. Times in seconds.

    After ``free_tries`` of a day the next one waits ``first_wait``, doubled each time up to the cap: ``number_cap`` for
    one number, ``kiosk_cap`` for one kiosk. From ``alert_after`` tries of a day on, officers see an alert.
    """

    free_tries: int = Field(default=3, ge=1, le=100)
    first_wait: int = Field(default=15, ge=1, le=600)
    number_cap: int = Field(default=60, ge=1, le=600)
    kiosk_cap: int = Field(default=120, ge=1, le=600)
    alert_after: int = Field(default=10, ge=1, le=10_000)
    kept_days: int = Field(default=30, ge=1, le=366)
    alerts_kept_days: int = Field(default=90, ge=1, le=366)


class MessageSettings(Section):
    """Texts to residents' phones. ``url``: of a message gateway, https alone; empty: none, and no number is verified.

    ``root``: the authority that the gateway's certificate is believed by (a PEM file), empty: the system's;
    ``token_file``: holds a bearer token, readable by its owner only; both relative to the data folder. Seconds: how
    long the gateway is waited for. Codes: at most so many a day for each person, number and kiosk. ``kept_days``: of
    messages.
    """

    url: str = Field(default="", pattern=r"^(https://\S+)?$", description=_HTTPS)
    root: str = ""
    token_file: str = ""
    connect_seconds: float = Field(default=2.0, ge=0.5, le=2)
    answer_seconds: float = Field(default=4.0, ge=0.5, le=4)  # a kiosk waits ten, and a text is tried twice
    codes_each_person: int = Field(default=5, ge=1, le=50)
    codes_each_number: int = Field(default=5, ge=1, le=50)
    codes_each_kiosk: int = Field(default=100, ge=1, le=10_000)
    kept_days: int = Field(default=180, ge=1, le=366)
    texts_kept_days: int = Field(default=7, ge=2, le=30)


class ConsoleSettings(Section):
    """The officers' console. ``visit_code_minutes``: how long a visit code opens a case."""

    visit_code_minutes: int = Field(default=5, ge=1, le=15)


class PolicySettings(Section):
    """``file``: rules in TOML, relative to the data folder; empty: the rules that come with the service."""

    file: str = ""
    valid_days: int = Field(default=90, ge=2, le=400)


class LimitSettings(Section):
    """How much one device may ask for: ``requests_per_second`` in the long run, ``burst`` at once."""

    requests_per_second: int = Field(default=50, ge=1, le=100_000)
    burst: int = Field(default=500, ge=1, le=1_000_000)


class IntakeSettings(Section):
    """What residents hand in at kiosks. ``kept_days``: how long a decided intake is kept, by the bureau's archive rule,
    and longer than a kiosk may go on sending it.

    ``waiting``: how many of one device may wait for a decision, the others being held there; officers are told of those
    that wait for ``late_days``, and after ``open_days`` they are closed undecided. ``files_mib``: of one device, of
    which no decided intake has any, one intake's at least; ``files_mib_in_all``: of all; ``files_kept_days``: how long
    one may wait for the intake that names it.
    """

    kept_days: int = Field(default=1095, ge=90, le=36_500)
    waiting: int = Field(default=10_000, ge=1, le=10_000_000)
    late_days: int = Field(default=30, ge=1, le=365)
    open_days: int = Field(default=180, ge=30, le=3650)
    files_mib: int = Field(default=256, ge=160, le=100_000)
    files_mib_in_all: int = Field(default=2048, ge=160, le=1_000_000)
    files_kept_days: int = Field(default=7, ge=1, le=90)


class PopulationSettings(Section):
    """The seeded store. ``assets``: the folder with demo/ and third_party/; empty: the checkout's own. ``let_flats``:
    so many flats have made-up owners and tenants.

    ``url``: of a bureau's own register (docs/population-source.md); empty: the seeded store. ``root``: whom its
    certificate is believed by; ``certificate``, ``key``: with which records come; all relative to the data folder.
    ``answer_seconds``: for all of an answer; ``connections``: so many questions at once.
    """

    synthetic_residents: int = Field(default=300, ge=0, le=5000)
    let_flats: int = Field(default=24, ge=0, le=100)
    seed: int = 20160901
    assets: str = ""
    url: str = Field(default="", pattern=r"^(https://\S+)?$", description=_HTTPS)
    root: str = ""
    certificate: str = ""
    key: str = ""
    connect_seconds: float = Field(default=2.0, ge=0.1, le=10)
    answer_seconds: float = Field(default=4.0, ge=0.1, le=15)
    connections: int = Field(default=8, ge=1, le=64)

    @model_validator(mode="after")
    def _certificates_at_both_ends(self) -> "PopulationSettings":
        if self.url and not (self.root and self.certificate and self.key):
            raise ValueError("url needs root, certificate and key")
        return self


class TimestampSettings(Section):
    """Time stamps over signatures (RFC 3161). ``url``: of an authority outside; empty: records' own."""

    url: str = Field(default="", pattern=r"^(https?://\S+)?$", description=_HTTP)


class KeySettings(Section):
    """Where new keys of documents, codes and time stamps are made.

    ``module``: the PKCS#11 library of a token; empty: in files. ``token``: the token's label. ``pin_file``: holds its
    PIN, relative to the data folder, readable by its owner only; empty: the PIN stands in $LAMPLIGHT_TOKEN_PIN.
    """

    module: str = ""
    token: str = ""
    pin_file: str = ""

    @model_validator(mode="after")
    def _both_or_neither(self) -> "KeySettings":
        if bool(self.module) != bool(self.token):
            raise ValueError("module and token go together")
        return self


class BackupSettings(Section):
    """``key_file``: the public half of the key that backups are sealed to, relative to the data folder; empty: none.

    ``full_hours``: how old the last full backup may be; between them a backup holds what changed since. ``keep_days``:
    then a backup is deleted. ``alert_hours``: how old the last one may be before ``records check`` fails.
    """

    key_file: str = ""
    full_hours: int = Field(default=24, ge=1, le=24 * 31)
    keep_days: int = Field(default=35, ge=1, le=366)
    alert_hours: int = Field(default=26, ge=1, le=24 * 31)


class MetricsSettings(Section):
    """``port``: where Prometheus asks, on 127.0.0.1 alone; 0: nowhere."""

    port: int = Field(default=0, ge=0, le=65535)


class ReadingSettings(Section):
    """Looks at named persons at the console. ``per_hour``: by one account; ``alert_after``: so many refused by that
    limit on one day are an alert."""

    per_hour: int = Field(default=20, ge=1, le=1000)
    alert_after: int = Field(default=3, ge=1, le=100)
