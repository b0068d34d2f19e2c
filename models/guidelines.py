"""Versions of a project's guidelines and their passages."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, reference


class GuidelineVersion(Base):
    """One import of guidelines; it has a number and a name only once all of it is stored.

    `digest` tells whether two imports say the same. `base_url` is where the documents stand.
    """

    __tablename__ = "guideline_versions"
    __table_args__ = (
        UniqueConstraint("workspace_id", "project_id", "number"),
        UniqueConstraint(
            "workspace_id", "project_id", "version", name="uq_guideline_versions_version"
        ),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    number: Mapped[int | None]
    version: Mapped[str | None] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(32))
    base_url: Mapped[str | None] = mapped_column(String(2000))
    documents: Mapped[int]
    passages: Mapped[int]
    created_at: Mapped[datetime]


class GuidelinePassage(Base):
    """One section, or a part of a long one; `position` is its place in reading order from 0.

    `blocks` is a list of [kind, text], `headings` the path below the title.
    """

    __tablename__ = "guideline_passages"
    __table_args__ = (UniqueConstraint("workspace_id", "version_id", "position"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    version_id: Mapped[int] = reference("guideline_versions.id")
    position: Mapped[int]
    document: Mapped[str] = mapped_column(String(1000))
    title: Mapped[str] = mapped_column(String(300))
    headings: Mapped[list[str]]
    anchor: Mapped[str | None] = mapped_column(String(300))
    tags: Mapped[list[str]]
    mentions: Mapped[list[str]]
    blocks: Mapped[list[Any]] = mapped_column(JSON)


class GuidelineIndex(Base):
    """A search's index over one version; it has a format only once all of its parts are stored.

    Two processes may build one at once; the second finds the format taken and removes its own.
    """

    __tablename__ = "guideline_indexes"
    __table_args__ = (UniqueConstraint("workspace_id", "version_id", "format"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    version_id: Mapped[int] = reference("guideline_versions.id")
    format: Mapped[int | None]
    parts: Mapped[int]
    created_at: Mapped[datetime]


class GuidelineIndexPart(Base):
    """A piece of an index's bytes; `number` counts from 0."""

    __tablename__ = "guideline_index_parts"
    __table_args__ = (UniqueConstraint("workspace_id", "index_id", "number"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    index_id: Mapped[int] = reference("guideline_indexes.id")
    number: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
