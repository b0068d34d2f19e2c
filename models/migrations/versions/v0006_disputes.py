"""Rulings on disputes, what they put up for review, and rework."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "reworks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("squad_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contributor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("chain_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_s", sa.Integer(), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("took_s", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_reworks_audit_id_audits")
        ),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["audit_chains.id"], name=op.f("fk_reworks_chain_id_audit_chains")
        ),
        sa.ForeignKeyConstraint(
            ["contributor_id"], ["people.id"], name=op.f("fk_reworks_contributor_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_reworks_project_id_projects")
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["audits.id"], name=op.f("fk_reworks_result_id_audits")
        ),
        sa.ForeignKeyConstraint(
            ["squad_id"], ["squads.id"], name=op.f("fk_reworks_squad_id_squads")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_reworks_submission_id_submissions")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_reworks_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reworks")),
    )
    with op.batch_alter_table("reworks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reworks_audit_id"), ["audit_id"], unique=False)
        batch_op.create_index(
            "ix_reworks_contributor", ["workspace_id", "contributor_id", "state"], unique=False
        )
        batch_op.create_index(
            "ix_reworks_squad",
            ["workspace_id", "squad_id", "project_id", "opened_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_reworks_submission_id"), ["submission_id"], unique=False
        )

    op.create_table(
        "finding_reviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "dispute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "finding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "reviewed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["disputes.id"], name=op.f("fk_finding_reviews_dispute_id_disputes")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["findings.id"], name=op.f("fk_finding_reviews_finding_id_findings")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["people.id"], name=op.f("fk_finding_reviews_reviewed_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_finding_reviews_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_reviews")),
        sa.UniqueConstraint(
            "workspace_id",
            "finding_id",
            "dispute_id",
            name=op.f("uq_finding_reviews_workspace_id_finding_id_dispute_id"),
        ),
    )
    with op.batch_alter_table("finding_reviews", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_reviews_dispute_id"), ["dispute_id"], unique=False
        )

    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("case_key", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column(
                "second_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column(
                "question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ruling", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("severity", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("before", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("ruling_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("ruling_section", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("ruled_s", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_disputes_case_key"), ["case_key"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_disputes_question_id_questions"), "questions", ["question_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_disputes_decided_by_people"), "people", ["decided_by"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_disputes_second_of_disputes"), "disputes", ["second_of"], ["id"]
        )
    op.add_column(
        "audits",
        sa.Column("stands_on", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_column("audits", "stands_on")
    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_disputes_second_of_disputes"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_disputes_decided_by_people"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_disputes_question_id_questions"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_disputes_case_key"))
        batch_op.drop_column("ruled_s")
        batch_op.drop_column("ruling_section")
        batch_op.drop_column("ruling_reason")
        batch_op.drop_column("before")
        batch_op.drop_column("severity")
        batch_op.drop_column("ruling")
        batch_op.drop_column("decided_at")
        batch_op.drop_column("decided_by")
        batch_op.drop_column("due_at")
        batch_op.drop_column("question_id")
        batch_op.drop_column("second_of")
        batch_op.drop_column("case_key")

    with op.batch_alter_table("finding_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_reviews_dispute_id"))

    op.drop_table("finding_reviews")
    with op.batch_alter_table("reworks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reworks_submission_id"))
        batch_op.drop_index("ix_reworks_squad")
        batch_op.drop_index("ix_reworks_contributor")
        batch_op.drop_index(batch_op.f("ix_reworks_audit_id"))

    op.drop_table("reworks")
