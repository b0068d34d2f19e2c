"""One-on-ones: on what terms a manager holds them, with whom, when, and what is to be talked about.

What each of the two writes before is theirs alone until they share it.
"""

from datetime import datetime, time

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference, reference


class OneOnOneSetup(Base):
    """A manager's terms in a squad; `days` lists weekdays as digits, hours are of `zone`.

    `takes` is how somebody who joins the squad comes to a manager: "rest" takes whom nobody else
    meets, "chosen" only whom the manager named.
    """

    __tablename__ = "one_on_one_setups"
    __table_args__ = (UniqueConstraint("workspace_id", "squad_id", "manager_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    manager_id: Mapped[int] = reference("people.id")
    every_weeks: Mapped[int]
    days: Mapped[str] = mapped_column(String(7))
    hours_start: Mapped[time]
    hours_end: Mapped[time]
    zone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    link: Mapped[str | None] = mapped_column(String(3000))
    takes: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class OneOnOnePair(Base):
    """Two people who meet regularly; `ended_at` is when they ceased to.

    The home is where a meeting belongs: the week (of all weeks, modulo `every_weeks`), the weekday
    (0 = Monday) and the time of `zone`. Without one the two share no hour.
    """

    __tablename__ = "one_on_one_pairs"
    __table_args__ = (
        UniqueConstraint("workspace_id", "squad_id", "manager_id", "person_id"),
        Index("ix_one_on_one_pairs_manager", "workspace_id", "manager_id", "ended_at"),
        Index("ix_one_on_one_pairs_person", "workspace_id", "person_id", "ended_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    manager_id: Mapped[int] = reference("people.id")
    person_id: Mapped[int] = reference("people.id")
    every_weeks: Mapped[int]
    minutes: Mapped[int]
    link: Mapped[str | None] = mapped_column(String(3000))
    zone: Mapped[str] = mapped_column(String(64))
    home_week: Mapped[int | None]
    home_day: Mapped[int | None]
    home_time: Mapped[time | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OneOnOne(Base):
    """One meeting of a pair; `slot` is the ISO week it belongs to, with a suffix for a second try.

    Manager and person are those of the pair, kept for one look at somebody's day. `revision` counts
    its moves, `reminded` is the one that reminders were planned for. `by_hand` ones were put there
    by a person; `why` says what a meeting without its time is cancelled for.
    """

    __tablename__ = "one_on_ones"
    __table_args__ = (
        UniqueConstraint("workspace_id", "pair_id", "slot"),
        Index("ix_one_on_ones_manager", "workspace_id", "manager_id", "starts_at"),
        Index("ix_one_on_ones_person", "workspace_id", "person_id", "starts_at"),
        Index("ix_one_on_ones_state", "workspace_id", "state", "starts_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    pair_id: Mapped[int] = reference("one_on_one_pairs.id")
    squad_id: Mapped[int] = reference("squads.id")
    manager_id: Mapped[int] = reference("people.id")
    person_id: Mapped[int] = reference("people.id")
    slot: Mapped[str] = mapped_column(String(16))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revision: Mapped[int]
    reminded: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    why: Mapped[str | None] = mapped_column(String(16))
    by_hand: Mapped[bool]
    # The missed meeting that this one makes up for.
    instead_of: Mapped[int | None] = optional_reference("one_on_ones.id")
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = optional_reference("people.id")


class OneOnOneTopic(Base):
    """Something one of a pair wants to talk about; the other sees it once it is shared."""

    __tablename__ = "one_on_one_topics"
    __table_args__ = (Index("ix_one_on_one_topics_pair", "workspace_id", "pair_id", "closed_at"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    pair_id: Mapped[int] = reference("one_on_one_pairs.id")
    author_id: Mapped[int] = reference("people.id")
    text: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = optional_reference("people.id")
