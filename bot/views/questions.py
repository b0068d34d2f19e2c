"""Answers as people read them: what the guidelines say, how sure that is, and what to do next."""

from collections.abc import Sequence
from typing import Final

from bot.rules.guidelines import Cited
from bot.rules.payloads import Payload
from bot.rules.questions import (
    ANSWERED,
    MISSING_FIELD,
    MISSING_LIMIT,
    Excuse,
    Outcome,
    Told,
    WhichProject,
)
from bot.views import blocks, edge_cases, escalations, verified
from bot.views.blocks import Block, Message, View
from bot.views.words import Words

HELPFUL: Final = "questions.helpful"
UNHELPFUL: Final = "questions.unhelpful"
SHARE: Final = "questions.share"
SHOW: Final = "questions.show"
PROJECT: Final = "questions.project"
MISSING_FORM: Final = "questions.missing"
ABOUT_MESSAGE: Final = "ask_about_message"
"""The shortcut of a message's menu."""

QUESTION_SHOWN: Final = 300


class AboutQuestion(Payload):
    """The question that a button is about."""

    question_id: int


class Chosen(Payload):
    """The project that a question turned out to be about."""

    question_id: int
    squad_id: int
    project_id: int


def answer(words: Words, told: Told, *, quoted: bool = False, shared: bool = False) -> Message:
    """Return an answer: how sure it is, the passages with links, and what can be done with it.

    `quoted` repeats the question, for where it does not stand above. `shared` names the asker, who
    shows it in a channel.
    """
    title = _title(words, told)
    parts: list[Block] = []
    question = blocks.escape(blocks.clip(told.text, QUESTION_SHOWN))
    if shared:
        name = blocks.mention(told.asker.user_id, told.asker.name)
        parts.append(blocks.section(words("questions.shared", name=name, text=question)))
    elif quoted:
        parts.append(blocks.context(words("questions.asked", text=question)))
    parts.append(blocks.section(f"*{title}*"))
    parts += _found(words, told)
    body = blocks.fit(parts, words("questions.more"))
    if not shared:
        body += escalations.standing(words, told)
    body += _what_next(words, told, shared=shared)
    return blocks.message(_fallback(title, told), body)


def _title(words: Words, told: Told) -> str:
    return words(f"questions.answer.{told.outcome.value}", project=blocks.escape(told.project))


def _fallback(title: str, told: Told) -> str:
    """Return what a notification shows: the title and where the answer stands."""
    first = next(iter(told.passages), None)
    if first is None or told.outcome is Outcome.NONE:
        return title
    return f"{title} {blocks.escape(first.section)}"


def _found(words: Words, told: Told) -> list[Block]:
    if told.outcome is Outcome.NONE:
        near = [_name(each) for each in told.passages]
        if not near:
            return []
        return [blocks.context(words("questions.nearest", sections="; ".join(near)))]
    parts: list[Block] = []
    if told.verified is not None:
        parts += verified.answer(words, told.verified)
    if told.edge is not None:
        parts += edge_cases.answer(words, told.edge)
    if told.composed:
        said = " ".join(_sentence(words, text, cites) for text, cites in told.composed)
        parts += [blocks.section(said), blocks.context(words("questions.composed.note"))]
    if told.excuse is not None:
        parts.append(blocks.context(words(f"questions.excuse.{told.excuse.value}")))
    parts += [_passage(words, number, each) for number, each in enumerate(told.passages, 1)]
    if told.version is not None:
        parts.append(
            blocks.context(
                words(
                    "questions.from",
                    project=blocks.escape(told.project),
                    version=blocks.escape(told.version),
                )
            )
        )
    return parts


def in_words(words: Words, told: Told) -> Message:
    """Return what a model made of an answer whose passages stand above, or a word of excuse."""
    if not told.composed:
        why = (told.excuse or Excuse.FAILED).value
        return blocks.message(words(f"questions.excuse.{why}"))
    said = " ".join(_sentence(words, text, cites) for text, cites in told.composed)
    sources = [
        words("questions.passage", n=number, section=_name(each))
        for number, each in enumerate(told.passages, 1)
    ]
    parts = [blocks.section(said), blocks.context(*sources, words("questions.composed.note"))]
    return blocks.message(said, [*parts, *_what_next(words, told, shared=False)])


def _sentence(words: Words, text: str, cites: Sequence[int]) -> str:
    numbers = "".join(words("questions.cite", n=number) for number in cites)
    return f"{blocks.escape(text)} {numbers}"


def _name(cited: Cited) -> str:
    if cited.url is None:
        return blocks.escape(cited.section)
    return blocks.link(cited.url, cited.section)


def _passage(words: Words, number: int, cited: Cited) -> Block:
    name = words("questions.passage", n=number, section=_name(cited))
    return blocks.section(f"{name}\n{blocks.quote(cited.excerpt)}")


def _what_next(words: Words, told: Told, *, shared: bool) -> list[Block]:
    about = AboutQuestion(question_id=told.question_id).encode()
    buttons = []
    if told.outcome in ANSWERED:
        buttons += [
            blocks.button(words("questions.helpful"), HELPFUL, about),
            blocks.button(words("questions.unhelpful"), UNHELPFUL, about),
        ]
    if told.human is None and not shared:
        buttons.append(escalations.ask_person(words, told.question_id))
    if told.shareable and not shared and told.outcome is not Outcome.UNLOADED:
        buttons.append(blocks.button(words("questions.share"), SHARE, about))
    parts = [blocks.actions(*buttons)] if buttons else []
    if told.vote is not None and told.private and not shared:
        said = "questions.voted.up" if told.vote else "questions.voted.down"
        parts.append(blocks.context(words(said)))
    return parts


def which_project(words: Words, which: WhichProject) -> Message:
    """Ask which project a question is about."""
    title = words("questions.which")
    options = [
        blocks.option(
            words("questions.which.scope", project=each.project, squad=each.squad),
            Chosen(
                question_id=which.question_id,
                squad_id=each.squad_id,
                project_id=each.project_id,
            ).encode(),
        )
        for each in which.scopes
    ]
    menu = blocks.menu(PROJECT, options, placeholder=words("questions.which.placeholder"))
    return blocks.message(title, [blocks.section(title), blocks.actions(menu)])


def answered_in_thread(words: Words) -> Message:
    """Say, in place of the choice of a project, where the answer stands."""
    return blocks.message(words("questions.in_thread"))


def missing_form(words: Words, question_id: int) -> View:
    """Return the form that asks what an answer should have said."""
    field = blocks.text_input(MISSING_FIELD, multiline=True, max_length=MISSING_LIMIT)
    return blocks.modal(
        words("questions.missing.title"),
        MISSING_FORM,
        [
            blocks.section(words("questions.missing.intro")),
            blocks.field(words("questions.missing.field"), field, block_id=MISSING_FIELD),
        ],
        submit=words("questions.missing.send"),
        close=words("common.cancel"),
        metadata=AboutQuestion(question_id=question_id).encode(),
    )


def missing_noted(words: Words) -> View:
    """Return what takes the form's place."""
    return blocks.modal(
        words("questions.missing.title"),
        "questions.noted",
        [blocks.section(words("questions.missing.done"))],
        submit=None,
        close=words("common.close"),
    )


def thanks(words: Words) -> Message:
    """Return what whoever found an answer helpful reads."""
    return blocks.message(words("questions.thanks"))


def was_shared(words: Words, channel: str) -> Message:
    """Say where an answer was shared."""
    return blocks.message(words("questions.was_shared", channel=f"<#{channel}>"))


def own(words: Words, told: Told) -> View:
    """Return one's own question with its answer, as a window over the Home tab."""
    shown = answer(words, told, quoted=True)
    return blocks.modal(
        words("questions.own.title"),
        "questions.own",
        shown["blocks"],
        submit=None,
        close=words("common.close"),
    )
