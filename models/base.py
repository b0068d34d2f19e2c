"""The common ground of all tables: naming, integer keys and the one way an instant is stored."""

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Integer, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

# Named constraints, or SQLite's batch migrations cannot find them again.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by itself only for a column declared exactly INTEGER.
BigInt = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored as UTC; a naive one is refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        """Turn an aware instant into UTC. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        """Return the instant as aware UTC; SQLite hands it back naive."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The registry of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class as it is
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


Key = Annotated[int, mapped_column(BigInt, primary_key=True)]
WorkspaceKey = Annotated[
    int, mapped_column(BigInt, ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False)
]


def reference(target: str) -> Any:  # noqa: ANN401 - mapped_column's own return type is generic
    """Return a foreign key column to `table.column`; deleting the parent is refused."""
    return mapped_column(BigInt, ForeignKey(target), nullable=False)


def optional_reference(target: str) -> Any:  # noqa: ANN401 - as above
    """Return a nullable foreign key column to `table.column`."""
    return mapped_column(BigInt, ForeignKey(target), nullable=True)
