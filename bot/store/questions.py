"""Questions, votes on their answers and what a model was used for, in SQL."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.budget import DeliveryClass
from bot.rules.composing import Composed, Composition
from bot.rules.escalations import EscalationState
from bot.rules.people import Caller
from bot.rules.questions import (
    ANSWER,
    Asked,
    AskedVia,
    Mine,
    NewQuestion,
    Outcome,
    Scope,
)
from bot.store.database import insert_or_ignore
from models import (
    AnswerVote,
    Escalation,
    ModelUse,
    OutboxRow,
    Project,
    Question,
    SlackIdentity,
    Squad,
    SquadProject,
    Workspace,
)

CONTEXT: Final = 8
"""Questions of a conversation that are looked at; what is older was about something else."""

MODEL_NAME: Final = 120
"""Characters of a model's name that are kept."""

_ASKED = (
    Question.id.label("question_id"),
    *(
        getattr(Question, name)
        for name in Asked.__dataclass_fields__  # the record's own names
        if name != "question_id"
    ),
)


def _asked(row: Row[Any]) -> Asked:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    composed = values["composed"]
    return Asked(
        **values
        | {
            "via": AskedVia(values["via"]),
            "outcome": Outcome(values["outcome"]),
            "passages": tuple((int(where), float(score)) for where, score in values["passages"]),
            "composed": None
            if composed is None
            else tuple((str(text), tuple(cites)) for text, cites in composed),
        }
    )


async def scopes(connection: AsyncConnection, workspace_id: int) -> list[Scope]:
    """Return every pair of a squad and a project it works on, by their names."""
    statement = (
        select(Squad.id, Squad.name, Project.id, Project.name)
        .select_from(SquadProject)
        .join(Squad, Squad.id == SquadProject.squad_id)
        .join(Project, Project.id == SquadProject.project_id)
        .where(SquadProject.workspace_id == workspace_id, Squad.archived_at.is_(None))
        .order_by(Project.name, Squad.name)
    )
    return [Scope(*row) for row in await connection.execute(statement)]


async def add(tx: AsyncConnection, workspace_id: int, new: NewQuestion, now: datetime) -> int:
    """Store a question and return its key."""
    statement = (
        insert(Question)
        .values(
            workspace_id=workspace_id,
            squad_id=new.squad_id,
            project_id=new.project_id,
            asker_id=new.asker_id,
            text=new.text,
            via=new.via.value,
            private=new.private,
            asked_at=now,
            channel=new.place.channel,
            message_ts=new.place.message_ts,
            thread_ts=new.place.thread_ts,
            context_id=new.context_id,
            **_found(new),
        )
        .returning(Question.id)
    )
    return (await tx.execute(statement)).scalar_one()


def _found(new: NewQuestion) -> dict[str, object]:
    return {
        "version_id": new.version_id,
        "outcome": new.outcome.value,
        "confidence": new.confidence,
        "passages": [list(each) for each in new.passages],
        "verified_id": new.verified_id,
        "edge_id": new.edge_id,
    }


async def place(
    tx: AsyncConnection, workspace_id: int, question_id: int, found: NewQuestion
) -> bool:
    """Say which project a waiting question is about and what was found; False if it waits not."""
    statement = (
        update(Question)
        .where(
            Question.workspace_id == workspace_id,
            Question.id == question_id,
            Question.outcome == Outcome.WAITING.value,
        )
        .values(squad_id=found.squad_id, project_id=found.project_id, **_found(found))
    )
    return bool((await tx.execute(statement)).rowcount)


async def get(connection: AsyncConnection, workspace_id: int, question_id: int) -> Asked | None:
    """Return a question."""
    statement = select(*_ASKED).where(
        Question.workspace_id == workspace_id, Question.id == question_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _asked(row)


async def asked_of(
    connection: AsyncConnection, workspace_id: int, escalation_id: int
) -> list[Asked]:
    """Return the questions that wait for one answer of a person, the first one first."""
    statement = (
        select(*_ASKED)
        .where(Question.workspace_id == workspace_id, Question.escalation_id == escalation_id)
        .order_by(Question.id)
    )
    return [_asked(row) for row in await connection.execute(statement)]


async def in_thread(
    connection: AsyncConnection, workspace_id: int, channel: str, thread_ts: str
) -> list[Asked]:
    """Return the questions of a thread, newest first."""
    statement = (
        select(*_ASKED)
        .where(
            Question.workspace_id == workspace_id,
            Question.channel == channel,
            Question.thread_ts == thread_ts,
        )
        .order_by(Question.id.desc())
        .limit(CONTEXT)
    )
    return [_asked(row) for row in await connection.execute(statement)]


async def answered_at(
    connection: AsyncConnection, workspace_id: int, person_id: int, ts: str, since: datetime
) -> list[Asked]:
    """Return the question that our direct message of a timestamp answered, as a list."""
    statement = select(OutboxRow.ids).where(
        OutboxRow.workspace_id == workspace_id,
        OutboxRow.person_id == person_id,
        OutboxRow.delivery_class == DeliveryClass.ANSWER.value,
        OutboxRow.settled_at >= since,
        OutboxRow.kind == ANSWER,
        OutboxRow.sent_ts == ts,
    )
    keys = [int(ids["question_id"]) for ids in (await connection.scalars(statement)).all()]
    found = [await get(connection, workspace_id, key) for key in keys]
    return [each for each in found if each is not None]


async def latest_directly(
    connection: AsyncConnection, workspace_id: int, asker_id: int, since: datetime
) -> list[Asked]:
    """Return what a person asked in direct messages since an instant, newest first."""
    statement = (
        select(*_ASKED)
        .where(
            Question.workspace_id == workspace_id,
            Question.asker_id == asker_id,
            Question.asked_at >= since,
            Question.via == AskedVia.DIRECT.value,
        )
        .order_by(Question.id.desc())
        .limit(CONTEXT)
    )
    return [_asked(row) for row in await connection.execute(statement)]


async def began_thread(
    connection: AsyncConnection, caller: Caller, channel: str, thread_ts: str, since: datetime
) -> bool:
    """Tell whether a Slack user asked something in a thread since an instant; one index look-up."""
    statement = select(
        exists()
        .where(
            Question.workspace_id == Workspace.id,
            Workspace.team_id == caller.team_id,
            Question.channel == channel,
            Question.thread_ts == thread_ts,
            Question.asked_at >= since,
        )
        .where(
            and_(
                SlackIdentity.workspace_id == Question.workspace_id,
                SlackIdentity.person_id == Question.asker_id,
                SlackIdentity.user_id == caller.user_id,
            )
        )
    )
    return bool(await connection.scalar(statement))


async def mine(
    connection: AsyncConnection, workspace_id: int, asker_id: int, limit: int
) -> list[Mine]:
    """Return a person's own questions, newest first."""
    statement = (
        select(
            Question.id.label("question_id"),
            Question.text,
            Question.outcome,
            Question.asked_at,
            Escalation.state,
        )
        .join(Escalation, Escalation.id == Question.escalation_id, isouter=True)
        .where(
            Question.workspace_id == workspace_id,
            Question.asker_id == asker_id,
            Question.outcome != Outcome.WAITING.value,
        )
        .order_by(Question.id.desc())
        .limit(limit)
    )
    return [
        Mine(
            question_id=row.question_id,
            text=row.text,
            outcome=Outcome(row.outcome),
            asked_at=row.asked_at,
            person=None if row.state is None else EscalationState(row.state),
        )
        for row in await connection.execute(statement)
    ]


async def vote(
    tx: AsyncConnection,
    workspace_id: int,
    question_id: int,
    person_id: int,
    *,
    helpful: bool,
    missing: str | None,
    now: datetime,
) -> None:
    """Store whether an answer helped somebody; the last word counts."""
    values = {"helpful": helpful, "missing": missing, "voted_at": now}
    statement = insert_or_ignore(tx, AnswerVote).values(
        workspace_id=workspace_id, question_id=question_id, person_id=person_id, **values
    )
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "question_id", "person_id"], set_=values
        )
    )


async def vote_of(
    connection: AsyncConnection, workspace_id: int, question_id: int, person_id: int
) -> bool | None:
    """Return somebody's vote on an answer."""
    found: bool | None = await connection.scalar(
        select(AnswerVote.helpful).where(
            AnswerVote.workspace_id == workspace_id,
            AnswerVote.question_id == question_id,
            AnswerVote.person_id == person_id,
        )
    )
    return found


async def keep_composed(
    tx: AsyncConnection, workspace_id: int, question_id: int, composed: Composed, now: datetime
) -> None:
    """Store what a model made of the passages, [] if nothing could be used, and what it cost."""
    await tx.execute(
        update(Question)
        .where(Question.workspace_id == workspace_id, Question.id == question_id)
        .values(composed=[[each.text, list(each.cites)] for each in composed.sentences])
    )
    await tx.execute(
        insert(ModelUse).values(
            workspace_id=workspace_id,
            question_id=question_id,
            model=composed.model[:MODEL_NAME],
            outcome=composed.outcome.value,
            tokens_in=composed.tokens_in,
            tokens_out=composed.tokens_out,
            cost=composed.cost,
            used_at=now,
        )
    )


async def composition(
    connection: AsyncConnection, workspace_id: int, question_id: int
) -> Composition | None:
    """Return what became of the last attempt to put an answer into words."""
    found = await connection.scalar(
        select(ModelUse.outcome)
        .where(ModelUse.workspace_id == workspace_id, ModelUse.question_id == question_id)
        .order_by(ModelUse.id.desc())
        .limit(1)
    )
    return None if found is None else Composition(found)
