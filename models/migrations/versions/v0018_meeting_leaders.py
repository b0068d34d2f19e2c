"""Finding when somebody leads a meeting."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    with op.batch_alter_table("sync_meetings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sync_meetings_leader",
            ["workspace_id", "facilitator_id", "starts_at"],
            unique=False,
        )


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("sync_meetings", schema=None) as batch_op:
        batch_op.drop_index("ix_sync_meetings_leader")
