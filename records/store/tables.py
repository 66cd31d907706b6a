"""Every table. ``community_id`` leads every primary key, so that one database, or one shard, may hold many communities.

Portable SQL only: SQLite and PostgreSQL run the same migrations.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=_CONVENTION)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC: SQLite forgets zones, so it is told and asked in UTC alone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into the database. A naive time is a mistake of ours: it fails here rather than being guessed."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out of the database."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _key(name: str, length: int = 64) -> "Column[str]":
    return Column(name, String(length), primary_key=True)


def _text(name: str, length: int = 200) -> "Column[str]":
    return Column(name, String(length), nullable=False, server_default="")


counters = Table(
    "counters",
    metadata,
    _key("community_id"),
    _key("name"),
    Column("value", Integer, nullable=False),
)

residents = Table(
    "residents",
    metadata,
    _key("community_id"),
    _key("person_id"),
    Column("id_number", String(18), nullable=False),
    Column("name", String(50), nullable=False),
    _text("former_name", 50),
    _text("sex", 8),
    _text("nation", 30),
    Column("birth_date", Date, nullable=False),
    _text("birthplace"),
    _text("native_place"),
    _text("address"),
    _text("household_type", 20),
    _text("household", 64),
    _text("householder", 50),
    _text("relation", 30),
    _text("moved_in"),
    Column("unclear", Boolean, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    _text("latin_name", 100),  # as passports print it; empty: the register has none
    Column("deceased", Boolean, nullable=False, server_default=sa.false()),
    _text("division", 12),  # of the household register (GB/T 2260), wherever the number was once given
    sa.UniqueConstraint("community_id", "id_number"),
)

# who the register has as whose guardian
guardianships = Table(
    "guardianships",
    metadata,
    _key("community_id"),
    _key("child_id"),
    _key("guardian_id"),
    sa.Index(None, "community_id", "guardian_id"),
)

# what else a person is known by: passports, permits to travel, the number of a foreigner's card of 2017
person_documents = Table(
    "person_documents",
    metadata,
    _key("community_id"),
    _key("kind", 24),
    _key("issuing_state", 3),
    _key("number", 32),
    Column("person_id", String(64), nullable=False),
)

portraits = Table(
    "portraits",
    metadata,
    _key("community_id"),
    _key("person_id"),
    Column("jpeg", LargeBinary, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    _key("community_id"),
    _key("device_id"),
    Column("number", Integer, nullable=False),
    _text("kind", 16),
    _text("name"),
    Column("certificate_serial", String(64), nullable=False),
    Column("certificate_until", Instant, nullable=False),
    Column("certificate_pem", Text, nullable=False),
    Column("enrolled_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("last_seen_at", Instant),
    Column(
        "last_state", Text, nullable=False, server_default=""
    ),  # the last heartbeat, as JSON: nothing about residents
    sa.UniqueConstraint("community_id", "certificate_serial"),
)

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    _key("community_id"),
    _key("code_hash"),
    _text("kind", 16),
    _text("name"),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    _text("device_id", 64),  # that it enrolled
)

visits = Table(
    "visits",
    metadata,
    _key("community_id"),
    _key("subject_hash"),
    Column("device_id", String(64), nullable=False),
    Column("visit", String(64), nullable=False),
    _text("person_id", 64),
    Column("clear", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("request_hash", String(64), nullable=False),
    Column("portrait_given_at", Instant),
    _text("portrait_key", 64),  # of the request that was given it, which may ask again
    Column("face_attempts", Integer, nullable=False),
    Column("proven_at", Instant),
    _text("doubt", 24),  # why not clear, for an officer alone
    _text("claim_hash", 64),  # keyed hash of the number that is claimed
    _text("portrait_of", 64),  # whose portrait the kiosk gets; nobody's, for a typed number that nobody has
    _text("proven_by", 16),
    Column("document", String(24), nullable=False, server_default="resident_card"),
    Column("statement", Text, nullable=False, server_default=""),
    sa.Index(None, "community_id", "device_id", "created_at"),
)

# whose own card was read in a visit of somebody of their household; gone with the visit
companions = Table(
    "companions",
    metadata,
    _key("community_id"),
    _key("subject_hash"),
    _key("person_id"),
    Column("at", Instant, nullable=False),
)

# portraits given for a typed number that no proof followed; gone when one does, or after a month
tries = Table(
    "tries",
    metadata,
    _key("community_id"),
    _key("subject_hash"),
    Column("number_hash", String(64), nullable=False),
    Column("device_id", String(64), nullable=False),
    Column("visit", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    _text("told_to", 64),  # the visit in which the number's owner heard of it
    sa.Index(None, "community_id", "number_hash", "at"),
    sa.Index(None, "community_id", "device_id", "at"),
)

# what an officer should know of; ``number_hash`` is the keyed hash, never the number
alerts = Table(
    "alerts",
    metadata,
    _key("community_id"),
    Column("alert_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(24), nullable=False),
    Column("day", Date, nullable=False),
    _text("device_id", 64),
    _text("number_hash", 64),
    Column("count", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("closed_at", Instant),
    _text("closed_by", 64),
    sa.UniqueConstraint("community_id", "kind", "day", "device_id", "number_hash"),
)

_REISSUES = sa.text("replaces <> ''")

# a void paper is reissued by one other, whoever asks at the same time
papers = Table(
    "papers",
    metadata,
    _key("community_id"),
    _key("serial", 32),
    Column("person_id", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("purpose", String(64), nullable=False),
    Column("device_id", String(64), nullable=False),
    Column("visit", String(64), nullable=False),
    _text("replaces", 32),
    Column("valid_until", Date, nullable=False),
    Column("state", String(16), nullable=False),
    _text("digest", 44),
    _text("void_reason", 32),
    Column("reserved_at", Instant, nullable=False),
    Column("sealed_at", Instant),
    Column("delivered_at", Instant),
    Column("voided_at", Instant),
    _text("about_id", 64),  # whom it is about: a child; empty: who asked for it
    Column("members", Text, nullable=False, server_default=""),  # the handles of who else stands on it, by spaces
    _text("dwelling_id", 64),
    _text("application", 32),  # the serial of the application that it is a receipt of; empty: it is no receipt
    sa.Index(None, "community_id", "person_id", "kind"),
    sa.Index(None, "community_id", "state"),
    sa.Index(None, "community_id", "replaces", unique=True, sqlite_where=_REISSUES, postgresql_where=_REISSUES),
)

# what an open reservation says, to answer its kiosk again; gone as soon as the serial is delivered or void
paper_contents = Table(
    "paper_contents",
    metadata,
    _key("community_id"),
    _key("serial", 32),
    Column("content", Text, nullable=False),
    Column("code", Text, nullable=False),
)

# what a receipt stands for: an answer at the window. ``serial``: of its first receipt; ``outcome``: what the source
# said last, for officers alone
applications = Table(
    "applications",
    metadata,
    _key("community_id"),
    _key("serial", 32),
    Column("person_id", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("ready_on", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("settled_at", Instant),
    _text("settled_by", 64),
    _text("seen_by", 32),  # the officer who opened it last, since what was found changed
    sa.Index(None, "community_id", "person_id", "kind"),
    sa.Index(None, "community_id", "state"),
)

# the seeded source of criminal records; who has no row has none
criminal_records = Table(
    "criminal_records",
    metadata,
    _key("community_id"),
    _key("person_id"),
    Column("outcome", String(16), nullable=False),
)

dwellings = Table(
    "dwellings",
    metadata,
    _key("community_id"),
    _key("dwelling_id"),
    Column("building", String(8), nullable=False),
    Column("unit", String(8), nullable=False),
    Column("room", String(8), nullable=False),
    Column("address", String(200), nullable=False),
    sa.UniqueConstraint("community_id", "building", "unit", "room"),
)

# how often a device has asked for a flat since its hour began
dwelling_questions = Table(
    "dwelling_questions",
    metadata,
    _key("community_id"),
    _key("device_id"),
    Column("since", Instant, nullable=False),
    Column("count", Integer, nullable=False),
)

# where people have declared that they live; ``ended_on``: they have declared another place since; ``confirmed_on``: an
# officer has seen that they do
residences = Table(
    "residences",
    metadata,
    _key("community_id"),
    _key("person_id"),
    _key("dwelling_id"),
    Column("declared_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("confirmed_on", Date),
)

# ``serial`` empty for a reservation: the key was voided before it reserved anything
idempotency = Table(
    "idempotency",
    metadata,
    _key("community_id"),
    _key("device_id"),
    _key("operation", 16),
    _key("key"),
    Column("request_hash", String(64), nullable=False),
    _text("serial", 32),
    Column("created_at", Instant, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    _key("community_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("rules_hash", String(64), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("key_id", String(64), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    _key("community_id"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    _text("device_id", 64),
    _text("visit", 64),
    Column("action", String(40), nullable=False),
    _text("subject", 64),  # keyed hash of a person's number here; means nothing elsewhere
    Column("facts", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# --- the officers' console ---

officers = Table(
    "officers",
    metadata,
    _key("community_id"),
    _key("officer_id", 32),  # the name they sign in with
    Column("display_name", String(50), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password", String(200), nullable=False),  # scrypt, with its parameters
    Column("password_is_initial", Boolean, nullable=False),
    Column("totp_sealed", LargeBinary, nullable=False),
    Column("totp_step", Integer, nullable=False),  # the last one accepted, which is not accepted again
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

console_sessions = Table(
    "console_sessions",
    metadata,
    _key("community_id"),
    _key("session_hash"),
    Column("officer_id", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("acted_at", Instant, nullable=False),  # the officer's own last act
    Column("seen_at", Instant, nullable=False),  # the page's last request, made by itself perhaps
    Column("duty_since", Instant),
)

console_failures = Table(
    "console_failures",
    metadata,
    _key("community_id"),
    _key("scope", 16),
    _key("who_hash"),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)

# ``code`` is empty as soon as it opens nothing any more; the whole row is gone a day later
confirmations = Table(
    "confirmations",
    metadata,
    _key("community_id"),
    _key("confirmation_id"),
    Column("subject_hash", String(64), nullable=False),
    Column("device_id", String(64), nullable=False),
    Column("visit", String(64), nullable=False),
    _text("code", 6),
    Column("state", String(16), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("opened_at", Instant),
    Column("decided_at", Instant),
    sa.Index(None, "community_id", "subject_hash"),
    sa.Index(None, "community_id", "code"),
)
