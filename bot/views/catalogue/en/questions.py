"""English sentences of questions: what was found, how sure it is, and what to do next."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "command.ask.what": "Ask the guidelines, and a person where they are silent.",
    "command.ask.usage": "/ask QUESTION",
    "command.ask.example": "/ask Is a title part of a person's name?",
    "command.ask.help": (
        "`/ask blocked` says that you cannot work: no work, tool down, no access.\n"
        "`/ask gaps` shows those who answer questions where the guidelines fell short.\n"
        "Only you see the answer, unless you share it. In a channel, `@Muster QUESTION` answers in"
        " a thread for everybody. What you asked stays under *My questions* on the Home tab."
    ),
    "kind.questions.answer": "an answer to a question",
    "questions.answer.verified": "An expert answered this before.",
    "questions.answer.edge": "A case like this was ruled before.",
    "questions.answer.sure": "The guidelines answer this.",
    "questions.answer.unsure": "This may answer it. Please check that it fits your case.",
    "questions.answer.none": "The guidelines do not answer this.",
    "questions.answer.unloaded": "No guidelines are loaded for {project} yet.",
    "questions.nearest": "What comes nearest: {sections}",
    "questions.from": "{project}, guidelines {version}",
    "questions.asked": "You asked: {text}",
    "questions.shared": "{name} asked: {text}",
    "questions.passage": "*[{n}]* {section}",
    "questions.cite": "[{n}]",
    "questions.composed.note": (
        "Written by a language model from the passages below; they are what counts."
    ),
    "questions.excuse.failed": "The model gave no usable answer this time; these are the passages.",
    "questions.excuse.not_found": (
        "The model finds no answer in these passages; please read them with care."
    ),
    "questions.helpful": "👍 Helpful",
    "questions.unhelpful": "👎 Not helpful",
    "questions.share": "Share in channel",
    "questions.voted.up": "You found this helpful.",
    "questions.voted.down": "You found this not helpful.",
    "questions.thanks": "Thank you. That tells us which answers to trust.",
    "questions.was_shared": "Shared in {channel}, with your name.",
    "questions.more": "There is more in the guidelines; the links lead there.",
    "questions.which": "Which project is this about?",
    "questions.in_thread": "Thank you. The answer is in the thread.",
    "questions.which.placeholder": "Choose a project",
    "questions.which.scope": "{project} ({squad})",
    "questions.missing.title": "What was missing?",
    "questions.missing.intro": "Noted as not helpful. What should the answer have said?",
    "questions.missing.field": "What was missing",
    "questions.missing.send": "Send",
    "questions.missing.done": (
        "Thank you. Managers see what was missing, not who said it, when they decide which section"
        " to clarify next."
    ),
    "questions.own.title": "Your question",
    "error.question_empty": "There is no question in it yet. For example: `/ask Is a title part?`",
    "error.question_no_words": (
        "I find no words to look for in that. Please put the question into a few words."
    ),
    "error.question_too_long": (
        "That is {length} characters and I read {limit}. Please ask the point of it."
    ),
    "error.question_gone": "That question is no longer stored.",
    "error.not_your_question": "That question is somebody else's, and private.",
    "error.not_shareable": (
        "This was not asked in a channel, so there is none to share it in. You can copy it."
    ),
    "error.ask_no_project": (
        "Your squad has no project yet, so there are no guidelines to ask. A manager adds one with"
        " `/squad project`."
    ),
}
