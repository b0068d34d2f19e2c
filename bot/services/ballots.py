"""The door of votes: no person goes in. Nobody is looked up, noted, greeted or logged here.

A vote is one statement on one row. It has no effect key, writes no ledger and queues no message;
whoever sends it twice overwrites their own answer with itself.
"""

from bot.clock import Clock
from bot.errors import BadInput, Conflict, NotFound
from bot.rules import pulse_seals as seals
from bot.rules.pulse import COMMENT_FIELD, COMMENT_LIMIT, PollState, QuestionKind, checked_value
from bot.store import pulse_ballots
from bot.store.database import Database


class Ballots:
    """Keeps answers. It knows the token that a button carried, and not whose it is."""

    def __init__(self, database: Database, clock: Clock, key: bytes) -> None:
        self._database = database
        self._clock = clock
        self._key = key

    async def cast(
        self, team_id: str, poll_id: int, question_id: int, token: str, answer: int | str
    ) -> None:
        """Keep an answer, in place of an earlier one to the same question.

        Raises NotFound("no_poll"), Conflict("poll_closed", "pulse_key_changed"),
        BadInput("old_button", "pulse_long_comment", "empty_text").
        """
        async with self._database.read() as connection:
            found = await pulse_ballots.open_question(connection, team_id, poll_id, question_id)
        if found is None:
            raise NotFound("no_poll")
        kind, state, secret = found
        if state is not PollState.OPEN or secret is None:
            raise Conflict("poll_closed")
        if not seals.fits(self._key, secret):
            raise Conflict("pulse_key_changed")
        checked = _checked(kind, answer)
        marked = seals.mark(token)
        sealed = seals.seal(self._key, secret.salt, marked, checked)
        async with self._database.write() as tx:
            kept = await pulse_ballots.cast(tx, poll_id, question_id, marked, sealed)
        if not kept:
            raise Conflict("poll_closed")


def _checked(kind: QuestionKind, answer: int | str) -> int | str:
    if (kind is QuestionKind.TEXT) is not isinstance(answer, str):
        raise BadInput("old_button")
    if isinstance(answer, int):
        return checked_value(kind, answer)
    text = answer.strip()
    if not text:
        raise BadInput("empty_text", field=COMMENT_FIELD)
    if len(text) > COMMENT_LIMIT:
        raise BadInput("pulse_long_comment", limit=COMMENT_LIMIT, field=COMMENT_FIELD)
    return text
