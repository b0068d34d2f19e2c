"""Words of sessions: the form, the message in the channel, and the quiz."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "error.not_allowed_run_session": "Sessions are planned, changed and counted by managers.",
    "error.session_past": "This is over already. Please give a time that is still to come.",
    "error.session_backwards": "It would end before it begins. Please give a later end.",
    "error.session_long": "A session lasts 24 hours at most.",
    "error.session_attended": "Please give a whole number, as in `14`.",
    "error.quiz_no_question": (
        "The quiz begins with a choice. Write the question first, and its choices below it."
    ),
    "error.quiz_too_many": "This has {n} questions; a quiz has at most {limit}.",
    "error.quiz_no_section": (
        "Question {number} names no section. Put it behind the question, as in"
        " `Which boxes are skipped? [3.2]`."
    ),
    "error.quiz_choices": "Question {number} has {n} choices; it needs 2 to 4, each on its line.",
    "error.quiz_right_one": (
        "Question {number} has {n} right choices. Begin exactly one of them with `*`, the others"
        " with `-`."
    ),
    "error.quiz_same_choice": "Question {number} has an empty choice, or one of them twice.",
    "error.quiz_too_long": (
        "Question {number} is too long: 500 characters for the question, 75 for each choice."
    ),
}
