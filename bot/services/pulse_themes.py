"""Comments of a closed poll by theme: from words that they share, or from a model if declared.

A model is asked once, by the clock, when the comments may be read: a day after the close. Nothing
waits for it, and where it fails the words that comments share make the themes.
"""

import asyncio
from collections.abc import Sequence

from bot.clock import Clock
from bot.errors import Conflict, NotFound
from bot.knowledge.pulse_themes import grouped
from bot.rules import pulse_themes as rules
from bot.rules.composing import Composition
from bot.rules.people import Caller
from bot.rules.pulse import Poll, Question, QuestionKind
from bot.rules.pulse_themes import Group, Grouper, Theme, Themes, merged
from bot.services.pulse_results import PollResults
from bot.services.unit import Service
from bot.store import pulse, pulse_themes
from bot.store.database import Database


class PollThemes(Service):
    """Reads comments for those whom the poll declared, and has a model group them once."""

    def __init__(
        self, database: Database, clock: Clock, polls: PollResults, grouper: Grouper | None
    ) -> None:
        super().__init__(database, clock)
        self._polls = polls
        self._grouper = grouper

    async def read(self, caller: Caller, poll_id: int) -> list[Themes]:
        """Return a poll's comments by question and theme, a day after it was closed.

        Raises as `PollResults.results`, NotFound("no_comments"), Conflict("comments_later").
        """
        results = await self._polls.results(caller, poll_id)
        if results.comments_at is None:
            raise NotFound("no_comments")
        if self._clock.now() < results.comments_at:
            raise Conflict("comments_later")
        texts = [
            each.question for each in results.questions if each.question.kind is QuestionKind.TEXT
        ]
        async with self._database.read() as connection:
            titles = await pulse_themes.titles(connection, poll_id)
            rows = {each.id: await pulse_themes.comments(connection, each.id) for each in texts}
        k = results.poll.k
        found = []
        for question in texts:
            said, told = rows[question.id], titles.get(question.id)
            if not said:
                continue
            comments = [text for _, text, _ in said]
            if told is None:
                groups: Sequence[Group] = await asyncio.to_thread(grouped, comments, k)
            else:
                groups = _groups(told, [theme for _, _, theme in said])
            found.append(_themes(question, comments, groups, k, by_model=told is not None))
        return found

    async def step(self) -> bool:
        """Have a model group the comments of one poll; True if one waited. For the clock."""
        now = self._clock.now()
        async with self._database.read() as connection:
            waiting = await pulse_themes.due(connection, now)
            poll = await pulse.get(connection, *waiting[0]) if waiting else None
        if poll is None or poll.closed_at is None:
            return False
        again = now + rules.MODEL_AGAIN
        last = self._grouper is None or again > poll.closed_at + rules.MODEL_GIVEN_UP
        async with self._database.write() as tx:
            if not await pulse_themes.claim(tx, poll.id, now, None if last else again):
                return True
        if self._grouper is not None and poll.to_model:
            await self._group(poll, self._grouper)
        return True

    async def _group(self, poll: Poll, grouper: Grouper) -> None:
        async with self._database.read() as connection:
            titles = await pulse_themes.titles(connection, poll.id)
            questions = [
                each
                for each in await pulse.questions(connection, poll.id)
                if each.kind is QuestionKind.TEXT and titles.get(each.id) is None
            ]
            rows = {each.id: await pulse_themes.comments(connection, each.id) for each in questions}
        passing = False
        for question in questions:
            said = rows[question.id]
            if not 2 * poll.k <= len(said) <= rules.MODEL_COMMENTS:
                continue  # one theme, or none that could be told apart
            answer = await grouper.group([text for _, text, _ in said])
            passing |= answer.outcome in rules.PASSING
            async with self._database.write() as tx:
                await pulse_themes.note_use(tx, poll.workspace_id, answer, self._clock.now())
                if answer.outcome is Composition.ANSWERED:
                    keys = [key for key, _, _ in said]
                    await pulse_themes.keep(tx, question, keys, answer.groups)
        if not passing:
            async with self._database.write() as tx:
                await pulse_themes.settle(tx, poll.id)


def _groups(titles: Sequence[str], themes: Sequence[int | None]) -> list[Group]:
    return [
        Group(title, tuple(place for place, theme in enumerate(themes) if theme == number))
        for number, title in enumerate(titles)
    ]


def _themes(
    question: Question, comments: Sequence[str], groups: Sequence[Group], k: int, *, by_model: bool
) -> Themes:
    shown = merged(groups, len(comments), k)
    return Themes(
        key=question.key,
        text=question.text,
        by_model=by_model,
        themes=tuple(
            Theme(each.title, tuple(comments[place] for place in each.places)) for each in shown
        ),
    )
