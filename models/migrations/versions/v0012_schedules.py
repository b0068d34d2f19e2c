"""Plans of syncs, half days, and when nothing kept watch."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LATENESS_S = 600
LEAD_S = 1800


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "downtimes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_downtimes")),
    )
    with op.batch_alter_table("downtimes", schema=None) as batch_op:
        batch_op.create_index("ix_downtimes_ended", ["ended_at"], unique=False)

    op.create_table(
        "heartbeats",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeats")),
    )
    op.add_column("squads", sa.Column("half_days", sa.JSON(), nullable=True))
    _add("schedules", sa.Column("lead_s", sa.Integer(), nullable=False, server_default="0"))
    _add(
        "syncs",
        sa.Column("kind", sa.String(length=16), nullable=False, server_default="sync"),
        sa.Column("minutes", sa.Integer(), nullable=False, server_default="30"),
        sa.Column("lead_minutes", sa.Integer(), nullable=False, server_default="30"),
    )
    with op.batch_alter_table("syncs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weekday", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column(
            "audience",
            existing_type=sa.String(length=16),
            type_=sa.String(length=64),
            existing_nullable=False,
        )
    _plan_syncs()


def _add(table: str, *columns: "sa.Column[Any]") -> None:
    """Add columns that rows of now are given a value for, and later ones bring their own."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.add_column(column)
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.alter_column(column.name, existing_type=column.type, server_default=None)


def _plan_syncs() -> None:
    """Give each sync a schedule that waits for tomorrow; the ticker finds the day it falls on."""
    now = datetime.now(UTC)
    connection = op.get_bind()
    syncs, squads, schedules = (
        sa.table(
            "syncs", *map(sa.column, ("id", "workspace_id", "squad_id")), sa.column("local_time")
        ),
        sa.table("squads", sa.column("id"), sa.column("zone"), sa.column("archived_at")),
        sa.table(
            "schedules",
            *map(
                sa.column,
                (
                    "workspace_id", "squad_id", "target", "kind", "zone", "lateness_s", "lead_s",
                    "revision", "next_slot",
                ),
            ),
            sa.column("enabled", sa.Boolean()),
            sa.column("local_time", sa.Time()),
            sa.column("next_due_at", sa.DateTime(timezone=True)),
        ),
    )  # fmt: skip
    found = connection.execute(
        sa.select(
            syncs.c.id,
            syncs.c.workspace_id,
            syncs.c.squad_id,
            sa.type_coerce(syncs.c.local_time, sa.Time()).label("local_time"),
            squads.c.zone,
        )
        .join_from(syncs, squads, squads.c.id == syncs.c.squad_id)
        .where(squads.c.archived_at.is_(None))
    ).all()
    if found:
        connection.execute(
            sa.insert(schedules),
            [
                {
                    "workspace_id": row.workspace_id,
                    "squad_id": row.squad_id,
                    "target": f"sync:{row.id}",
                    "kind": "sync",
                    "local_time": row.local_time,
                    "zone": row.zone,
                    "lateness_s": LATENESS_S,
                    "lead_s": LEAD_S,
                    "revision": 1,
                    "enabled": True,
                    "next_slot": (now + timedelta(days=2)).date().isoformat(),
                    "next_due_at": now,
                }
                for row in found
            ],
        )


def downgrade() -> None:
    """Remove them."""
    syncs_planned = "SELECT id FROM schedules WHERE kind = 'sync'"
    op.execute(f"DELETE FROM occurrences WHERE schedule_id IN ({syncs_planned})")  # noqa: S608 - no input
    op.execute("DELETE FROM schedules WHERE kind = 'sync'")
    op.execute("DELETE FROM syncs WHERE removed_at IS NOT NULL")
    op.execute("UPDATE syncs SET audience = 'squad'")
    with op.batch_alter_table("syncs", schema=None) as batch_op:
        batch_op.alter_column(
            "audience",
            existing_type=sa.String(length=64),
            type_=sa.String(length=16),
            existing_nullable=False,
        )
        for name in ("removed_at", "lead_minutes", "minutes", "weekday", "kind"):
            batch_op.drop_column(name)
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.drop_column("lead_s")
    with op.batch_alter_table("squads", schema=None) as batch_op:
        batch_op.drop_column("half_days")
    op.drop_table("heartbeats")
    with op.batch_alter_table("downtimes", schema=None) as batch_op:
        batch_op.drop_index("ix_downtimes_ended")

    op.drop_table("downtimes")
