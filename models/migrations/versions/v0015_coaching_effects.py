"""Notes of one-on-ones and what coaching did."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _key(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def _workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"],
        ["workspaces.id"],
        name=f"fk_{table}_workspace_id_workspaces",
        ondelete="CASCADE",
    )


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "one_on_one_notes",
        _key("id"),
        _key("workspace_id"),
        _key("one_on_one_id"),
        sa.Column("shared", sa.Text(), nullable=False),
        sa.Column("own", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _key("edited_by"),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        _points("one_on_one_notes", "edited_by", "people"),
        _points("one_on_one_notes", "one_on_one_id", "one_on_ones"),
        _workspace("one_on_one_notes"),
        sa.PrimaryKeyConstraint("id", name="pk_one_on_one_notes"),
        sa.UniqueConstraint(
            "workspace_id", "one_on_one_id", name="uq_one_on_one_notes_workspace_id_one_on_one_id"
        ),
    )
    op.create_table(
        "coached",
        _key("id"),
        _key("workspace_id"),
        _key("one_on_one_id"),
        _key("squad_id"),
        _key("project_id"),
        _key("person_id"),
        _key("category_id"),
        _key("by_id"),
        sa.Column("led_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("coached_at", sa.DateTime(timezone=True), nullable=False),
        _points("coached", "by_id", "people"),
        _points("coached", "category_id", "categories"),
        _points("coached", "one_on_one_id", "one_on_ones"),
        _points("coached", "person_id", "people"),
        _points("coached", "project_id", "projects"),
        _points("coached", "squad_id", "squads"),
        _workspace("coached"),
        sa.PrimaryKeyConstraint("id", name="pk_coached"),
        sa.UniqueConstraint(
            "workspace_id", "one_on_one_id", name="uq_coached_workspace_id_one_on_one_id"
        ),
    )
    with op.batch_alter_table("coached", schema=None) as batch_op:
        batch_op.create_index(
            "ix_coached_category",
            ["workspace_id", "squad_id", "project_id", "category_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_coached_person", ["workspace_id", "person_id", "coached_at"], unique=False
        )


def downgrade() -> None:
    """Remove them."""
    with op.batch_alter_table("coached", schema=None) as batch_op:
        batch_op.drop_index("ix_coached_person")
        batch_op.drop_index("ix_coached_category")

    op.drop_table("coached")
    op.drop_table("one_on_one_notes")
