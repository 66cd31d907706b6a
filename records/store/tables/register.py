"""Who lives here, as the register has it: residents, what they are known by, and their flats."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, String, Table

from records.store.tables.columns import Instant, key, metadata, text

residents = Table(
    "residents",
    metadata,
    key("community_id"),
    key("person_id"),
    Column("id_number", String(18), nullable=False),
    Column("name", String(50), nullable=False),
    text("former_name", 50),
    text("sex", 8),
    text("nation", 30),
    Column("birth_date", Date, nullable=False),
    text("birthplace"),
    text("native_place"),
    text("address"),
    text("household_type", 20),
    text("household", 64),
    text("householder", 50),
    text("relation", 30),
    text("moved_in"),
    Column("unclear", Boolean, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    text("latin_name", 100),  # as passports print it; empty: the register has none
    Column("deceased", Boolean, nullable=False, server_default=sa.false()),
    text("division", 12),  # of the household register (GB/T 2260), wherever the number was once given
    sa.UniqueConstraint("community_id", "id_number"),
)

# who the register has as whose guardian
guardianships = Table(
    "guardianships",
    metadata,
    key("community_id"),
    key("child_id"),
    key("guardian_id"),
    sa.Index(None, "community_id", "guardian_id"),
)

# what else a person is known by: passports, permits to travel, the number of a foreigner's card of 2017
person_documents = Table(
    "person_documents",
    metadata,
    key("community_id"),
    key("kind", 24),
    key("issuing_state", 3),
    key("number", 32),
    Column("person_id", String(64), nullable=False),
)

portraits = Table(
    "portraits",
    metadata,
    key("community_id"),
    key("person_id"),
    Column("jpeg", LargeBinary, nullable=False),
)

# the seeded source of criminal records; who has no row has none
criminal_records = Table(
    "criminal_records",
    metadata,
    key("community_id"),
    key("person_id"),
    Column("outcome", String(16), nullable=False),
)

dwellings = Table(
    "dwellings",
    metadata,
    key("community_id"),
    key("dwelling_id"),
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
    key("community_id"),
    key("device_id"),
    Column("since", Instant, nullable=False),
    Column("count", Integer, nullable=False),
)

# where people have declared that they live; ``ended_on``: they have declared another place since; ``confirmed_on``: an
# officer has seen that they do
residences = Table(
    "residences",
    metadata,
    key("community_id"),
    key("person_id"),
    key("dwelling_id"),
    Column("declared_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("confirmed_on", Date),
)
