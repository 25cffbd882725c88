"""The kit's tables as SQLAlchemy sees them. Their DDL is `shared.migrations.KIT_TABLES`; a test keeps the two equal."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

# Apart from SQLModel's metadata: these tables belong to every service, and no service's models may redefine them.
METADATA = MetaData()

_NOW = text("now()")

outbox = Table(
    "outbox",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("tenant", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", LargeBinary),  # Null is a tombstone: on a compacted topic it erases the key.
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("sent_at", DateTime(timezone=True)),
    Index("outbox_unsent", "id", postgresql_where=text("sent_at is null")),
)

inbox = Table(
    "inbox",
    METADATA,
    Column("consumer", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
)

dead_letters = Table(
    "dead_letters",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("consumer", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("key", Text),
    Column("event_id", Text),
    Column("type", Text),
    Column("tenant", Text),
    Column("class", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("1")),
    Column("payload", LargeBinary),
    Column("headers", JSONB, nullable=False, server_default=text("'[]'")),
    Column("first_seen", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("last_seen", DateTime(timezone=True), nullable=False, server_default=_NOW),
    UniqueConstraint("consumer", "topic", "partition", "offset"),
)

idempotency_keys = Table(
    "idempotency_keys",
    METADATA,
    Column("tenant", Text, primary_key=True),
    Column("caller", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("status", Integer),
    Column("headers", JSONB),
    Column("body", LargeBinary),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Index("idempotency_keys_age", "created_at"),
)
