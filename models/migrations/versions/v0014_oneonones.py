"""One-on-ones: on what terms, whom, when, what became of them, and what is to be talked about."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "one_on_one_pairs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("squad_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(length=3000), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("home_week", sa.Integer(), nullable=True),
        sa.Column("home_day", sa.Integer(), nullable=True),
        sa.Column("home_time", sa.Time(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["people.id"], name=op.f("fk_one_on_one_pairs_manager_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_one_on_one_pairs_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["squad_id"], ["squads.id"], name=op.f("fk_one_on_one_pairs_squad_id_squads")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_one_on_one_pairs_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_on_one_pairs")),
        sa.UniqueConstraint(
            "workspace_id",
            "squad_id",
            "manager_id",
            "person_id",
            name=op.f("uq_one_on_one_pairs_workspace_id_squad_id_manager_id_person_id"),
        ),
    )
    with op.batch_alter_table("one_on_one_pairs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_one_on_one_pairs_manager", ["workspace_id", "manager_id", "ended_at"], unique=False
        )
        batch_op.create_index(
            "ix_one_on_one_pairs_person", ["workspace_id", "person_id", "ended_at"], unique=False
        )

    op.create_table(
        "one_on_one_setups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("squad_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("hours_start", sa.Time(), nullable=False),
        sa.Column("hours_end", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(length=3000), nullable=True),
        sa.Column("takes", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["people.id"], name=op.f("fk_one_on_one_setups_manager_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["squad_id"], ["squads.id"], name=op.f("fk_one_on_one_setups_squad_id_squads")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_one_on_one_setups_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_on_one_setups")),
        sa.UniqueConstraint(
            "workspace_id",
            "squad_id",
            "manager_id",
            name=op.f("uq_one_on_one_setups_workspace_id_squad_id_manager_id"),
        ),
    )

    op.create_table(
        "one_on_one_topics",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("pair_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_one_on_one_topics_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["people.id"], name=op.f("fk_one_on_one_topics_closed_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["one_on_one_pairs.id"],
            name=op.f("fk_one_on_one_topics_pair_id_one_on_one_pairs"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_one_on_one_topics_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_on_one_topics")),
    )
    with op.batch_alter_table("one_on_one_topics", schema=None) as batch_op:
        batch_op.create_index(
            "ix_one_on_one_topics_pair", ["workspace_id", "pair_id", "closed_at"], unique=False
        )

    op.create_table(
        "one_on_ones",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("pair_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("squad_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("slot", sa.String(length=16), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column(
            "instead_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "settled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["instead_of"], ["one_on_ones.id"], name=op.f("fk_one_on_ones_instead_of_one_on_ones")
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["people.id"], name=op.f("fk_one_on_ones_manager_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["one_on_one_pairs.id"],
            name=op.f("fk_one_on_ones_pair_id_one_on_one_pairs"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_one_on_ones_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["people.id"], name=op.f("fk_one_on_ones_settled_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["squad_id"], ["squads.id"], name=op.f("fk_one_on_ones_squad_id_squads")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_one_on_ones_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_on_ones")),
        sa.UniqueConstraint(
            "workspace_id", "pair_id", "slot", name=op.f("uq_one_on_ones_workspace_id_pair_id_slot")
        ),
    )
    with op.batch_alter_table("one_on_ones", schema=None) as batch_op:
        batch_op.create_index(
            "ix_one_on_ones_manager", ["workspace_id", "manager_id", "starts_at"], unique=False
        )
        batch_op.create_index(
            "ix_one_on_ones_person", ["workspace_id", "person_id", "starts_at"], unique=False
        )
        batch_op.create_index(
            "ix_one_on_ones_state", ["workspace_id", "state", "starts_at"], unique=False
        )


def downgrade() -> None:
    """Remove them."""
    with op.batch_alter_table("one_on_ones", schema=None) as batch_op:
        batch_op.drop_index("ix_one_on_ones_state")
        batch_op.drop_index("ix_one_on_ones_person")
        batch_op.drop_index("ix_one_on_ones_manager")

    op.drop_table("one_on_ones")
    with op.batch_alter_table("one_on_one_topics", schema=None) as batch_op:
        batch_op.drop_index("ix_one_on_one_topics_pair")

    op.drop_table("one_on_one_topics")
    op.drop_table("one_on_one_setups")
    with op.batch_alter_table("one_on_one_pairs", schema=None) as batch_op:
        batch_op.drop_index("ix_one_on_one_pairs_person")
        batch_op.drop_index("ix_one_on_one_pairs_manager")

    op.drop_table("one_on_one_pairs")
