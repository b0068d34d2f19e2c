"""The form of `/pulse new`, the overview, and results as they are shown and exported."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.pulse import (
    DAYS_FIELD,
    DAYS_OPEN,
    DAYS_PRESET,
    K_CHOICES,
    K_DEFAULT,
    K_FIELD,
    MODEL_FIELD,
    OPENS_FIELD,
    OWN_FIELD,
    REPEAT_FIELD,
    SET_FIELD,
    SQUADS_FIELD,
    VIEWERS_FIELD,
    Poll,
    PollState,
    QuestionKind,
    ReadySet,
    Repeat,
    Sheet,
    Viewer,
)
from bot.rules.pulse_results import Mean, QuestionResult, Results, changed, values
from bot.rules.pulse_themes import Theme, Themes
from bot.rules.squads import Squad
from bot.views import arrival, blocks, dates
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.pulse import ANSWER, AboutPoll, promise, question_text
from bot.views.words import Words

NEW: Final = "pulse.new"
SHOW: Final = "pulse.show"
COMMENTS: Final = "pulse.comments"
TREND: Final = "pulse.trend"
PAGE: Final = "pulse.page"

_BAR: Final = 12
_COMMENTS_SHOWN: Final = 40
_BY: Final = {True: "pulse.comments.by_model", False: "pulse.comments.by_words"}


class AboutComments(AboutPoll):
    """Comments of a poll from a place on."""

    first: int = 0


def form(words: Words, squads: Sequence[Squad]) -> View:
    """Return the form of a new poll; all that it says is frozen when it is sent."""
    sets = [blocks.option(words(f"pulse.set.{each.value}"), each.value) for each in ReadySet]
    asked = [blocks.option(each.name, str(each.id)) for each in squads[:100]]
    repeats = [blocks.option(words(f"pulse.repeat.{each.value}"), each.value) for each in Repeat]
    viewers = [blocks.option(words(f"pulse.viewer.{each.value}"), each.value) for each in Viewer]
    days = [blocks.option(words.plural("pulse.days", each), str(each)) for each in DAYS_OPEN]
    ks = [blocks.option(str(each), str(each)) for each in K_CHOICES]
    own = blocks.text_input(OWN_FIELD, multiline=True, max_length=2500)
    fields = [
        _choice(words, SET_FIELD, sets, 0),
        blocks.field(
            words("pulse.form.own"),
            own,
            block_id=OWN_FIELD,
            optional=True,
            hint=words("pulse.form.own.hint"),
        ),
        _boxes(words("pulse.form.squads"), SQUADS_FIELD, asked[:10], range(len(asked) == 1)),
        blocks.field(
            words("pulse.form.opens"),
            blocks.text_input(OPENS_FIELD, max_length=40),
            block_id=OPENS_FIELD,
            optional=True,
            hint=words("pulse.form.opens.hint"),
        ),
        _choice(words, DAYS_FIELD, days, DAYS_OPEN.index(DAYS_PRESET)),
        _choice(words, REPEAT_FIELD, repeats, 0),
        _boxes(words("pulse.form.viewers"), VIEWERS_FIELD, viewers, range(2)),
        _choice(words, K_FIELD, ks, K_CHOICES.index(K_DEFAULT)),
        _model(words),
        blocks.context(words("pulse.form.frozen")),
    ]
    return blocks.modal(
        words("pulse.form.title"),
        NEW,
        fields,
        submit=words("pulse.form.send"),
        close=words("common.cancel"),
    )


def _choice(words: Words, name: str, options: list[Block], preset: int) -> Block:
    label = words(f"pulse.form.{name}")
    element = blocks.menu(name, options, placeholder=label, initial=options[preset])
    return blocks.field(label, element, block_id=name)


def _boxes(label: str, name: str, options: list[Block], ticked: range) -> Block:
    element: Block = {"type": "checkboxes", "action_id": name, "options": options}
    if ticked:
        element["initial_options"] = [options[each] for each in ticked]
    return blocks.field(label, element, block_id=name)


def _model(words: Words) -> Block:
    return blocks.field(
        words("pulse.form.model"),
        {
            "type": "checkboxes",
            "action_id": MODEL_FIELD,
            "options": [blocks.option(words("pulse.form.model.yes"), "yes")],
        },
        block_id=MODEL_FIELD,
        optional=True,
        hint=words("pulse.form.model.hint"),
    )


def made(words: Words, poll: Poll, zone: str, now: datetime) -> View:
    """Return what stands in place of the form."""
    key = "pulse.made.now" if poll.opens_at <= now else "pulse.made.later"
    text = words(
        key,
        opens=arrival.moment(words, poll.opens_at, zone),
        closes=arrival.moment(words, poll.closes_at, zone),
    )
    return blocks.modal(
        words("pulse.form.title"),
        "pulse.made",
        [blocks.section(text), blocks.context(promise(words, poll))],
        submit=None,
        close=words("common.close"),
    )


def overview(
    words: Words, asks: Sequence[Sheet], running: Sequence[Poll], seen: Sequence[Results]
) -> Message:
    """Return what is open for a person, what they run, and results that they may see."""
    parts = [blocks.section(words("pulse.overview.title"))]
    parts += [open_poll(words, each) for each in asks]
    parts += [
        blocks.section(words(f"pulse.state.{each.state.value}"))
        for each in running
        if each.state is not PollState.OPEN or not asks
    ]
    parts += [blocks.section(_heading(words, each), _show(words, each.poll)) for each in seen]
    if len(parts) == 1:
        parts.append(blocks.section(words("pulse.overview.nothing")))
    return blocks.message(words("pulse.overview.title"), parts)


def on_home(words: Words, asks: Sequence[Sheet], seen: Sequence[Results]) -> list[Block]:
    """Return open polls and late results as Home shows them; nothing says who answered."""
    parts = [open_poll(words, each) for each in asks]
    return parts + [blocks.section(_heading(words, each), _show(words, each.poll)) for each in seen]


def open_poll(words: Words, asked: Sheet) -> Block:
    """Return a poll that is open for a person, the same whether they answered or not."""
    names = blocks.escape(", ".join(asked.squads))
    closes = arrival.moment(words, asked.poll.closes_at, asked.zone)
    button = blocks.button(words("pulse.answer"), ANSWER, AboutPoll(poll_id=asked.poll.id).encode())
    return blocks.section(words("pulse.overview.open", squads=names, closes=closes), button)


def _show(words: Words, poll: Poll) -> Block:
    return blocks.button(words("pulse.show"), SHOW, AboutPoll(poll_id=poll.id).encode())


def _heading(words: Words, found: Results) -> str:
    return words(
        "pulse.results.title",
        squads=blocks.escape(", ".join(found.squads)),
        day=dates.day(words, found.poll.opens_at.date()),
    )


def results_line(words: Words, found: Results) -> Line:
    """Return that there are results, as a line of Today."""
    return Line(_heading(words, found), _show(words, found.poll))


def results(words: Words, found: Results) -> Message:
    """Return the results of a poll; comments stand elsewhere, a day later."""
    title = _heading(words, found)
    shown = [each for each in found.questions if each.question.n is not None]
    if not shown:
        text = words("pulse.results.few", k=found.poll.k)
        return blocks.message(title, [blocks.section(f"*{title}*\n{text}")])
    parts = [blocks.section(f"*{title}*")]
    if found.share is not None:
        parts.append(blocks.context(words("pulse.results.share", share=found.share)))
    parts += [
        blocks.section(_result(words, each, found.poll.k))
        for each in found.questions
        if each.question.kind is not QuestionKind.TEXT
    ]
    if found.comments_at is not None:
        when = arrival.moment(words, found.comments_at, found.zone)
        about = AboutPoll(poll_id=found.poll.id).encode()
        button = blocks.button(words("pulse.comments"), COMMENTS, about)
        text = words.plural("pulse.results.comments", found.comments, when=when)
        parts.append(blocks.section(text, button))
    if any(each.earlier and each.mean for each in found.questions):
        about = AboutPoll(poll_id=found.poll.id).encode()
        parts.append(blocks.actions(blocks.button(words("pulse.trend"), TREND, about)))
    return blocks.message(title, blocks.fit(parts, words("pulse.more")))


def chart_coming(words: Words) -> Message:
    """Say where the picture of the trend will be."""
    return blocks.message(words("pulse.trend.coming"))


def chart_comment(words: Words, found: Results) -> str:
    """Return what stands above the picture, which holds no words of anybody's."""
    lines = [words("pulse.chart.comment", squads=blocks.escape(", ".join(found.squads)))]
    lines += [
        words("pulse.chart.comment.own", number=number, question=blocks.escape(each.question.text))
        for number, each in enumerate(found.questions, 1)
        if each.question.text and each.earlier and each.mean
    ]
    return "\n".join(lines)


def _result(words: Words, each: QuestionResult, k: int) -> str:
    question = each.question
    head = f"*{question_text(words, question)}*"
    if question.n is None:
        return f"{head}\n{words('pulse.results.few', k=k)}"
    if not each.counts:
        return f"{head}\n{_figure(words, each)}"
    most = max(each.counts.values())
    bars = "\n".join(
        f"`{value:>2}` {'█' * round(_BAR * n / most)} {n}"
        for value in values(question.kind)
        if (n := each.counts.get(value, 0)) or question.kind is QuestionKind.SCALE
    )
    return f"{head}\n{_figure(words, each)}\n{bars}"


def _figure(words: Words, each: QuestionResult) -> str:
    """Return the mean and what it was before; a range where everybody answered alike."""
    question = each.question
    if question.low is not None or each.mean is None:
        return words("pulse.results.alike", low=question.low, high=question.high)
    return f"{_mean(words, question.kind, each.mean)}{_trend(words, each)}"


def digest_lines(words: Words, polls: Sequence[Results]) -> list[str]:
    """Return polls as lines of a digest, for a channel whose readers all may see them."""
    lines = []
    for found in polls:
        lines.append(f"*{_heading(words, found)}*")
        for each in found.questions:
            if each.question.kind is QuestionKind.TEXT or each.question.n is None:
                continue
            text = blocks.clip(question_text(words, each.question), 150)
            lines.append(f"{text} {_figure(words, each)}")
    return lines


def _mean(words: Words, kind: QuestionKind, mean: Mean) -> str:
    digits = 0 if kind is QuestionKind.ENPS else 1
    return words(
        "pulse.results.enps" if kind is QuestionKind.ENPS else "pulse.results.mean",
        mean=f"{mean.value:.{digits}f}",
        low=f"{mean.interval.low:.{digits}f}",
        high=f"{mean.interval.high:.{digits}f}",
        n=mean.n,
    )


def _trend(words: Words, each: QuestionResult) -> str:
    """Say how it was before; an arrow only where the intervals do not touch."""
    if not each.earlier or each.mean is None:
        return ""
    way = changed(each.earlier[-1][1], each.mean)
    digits = 0 if each.question.kind is QuestionKind.ENPS else 1
    before = ", ".join(f"{point.value:.{digits}f}" for _, point in each.earlier)
    arrow = {1: " ↑", -1: " ↓", 0: ""}[way]
    return f"{arrow} · {words('pulse.results.before', before=before)}"


def comments(words: Words, found: Sequence[Themes], about: AboutComments) -> View:
    """Return a page of comments by question and theme, in random order, apart from any figure."""
    parts: list[Block] = []
    last, place = about.first + _COMMENTS_SHOWN, 0
    for each in found:
        heads = _question_head(words, each) if len(found) > 1 else []
        if len(each.themes) > 1:
            heads.append(blocks.context(words(_BY[each.by_model])))
        for theme in each.themes:
            shown = theme.comments[max(0, about.first - place) : max(0, last - place)]
            place += len(theme.comments)
            if not shown:
                continue
            if len(each.themes) > 1:
                heads.append(blocks.section(_theme(words, theme)))
            parts += [*heads, *(blocks.section(blocks.quote(said)) for said in shown)]
            heads = []
    parts += _pages(words, about, place)
    return blocks.modal(
        words("pulse.comments"),
        "pulse.comments_shown",
        parts,
        submit=None,
        close=words("common.close"),
    )


def _question_head(words: Words, each: Themes) -> list[Block]:
    text = blocks.clean(each.text) or words(f"pulse.question.{each.key}")
    return [blocks.header(blocks.clip(text, 140))]


def _pages(words: Words, about: AboutComments, n: int) -> list[Block]:
    """Return the way to the comments before and after; nothing where all are shown."""
    row = []
    if about.first:
        first = max(0, about.first - _COMMENTS_SHOWN)
        payload = AboutComments(poll_id=about.poll_id, first=first).encode()
        row.append(blocks.button(words("pulse.comments.back"), f"{PAGE}:back", payload))
    left = n - about.first - _COMMENTS_SHOWN
    if left > 0:
        payload = AboutComments(poll_id=about.poll_id, first=about.first + _COMMENTS_SHOWN).encode()
        row.append(blocks.button(words("pulse.comments.on", n=left), f"{PAGE}:on", payload))
    return [blocks.actions(*row)] if row else []


def _theme(words: Words, theme: Theme) -> str:
    title = blocks.escape(theme.title) or words("pulse.comments.rest")
    return words.plural("pulse.comments.theme", len(theme.comments), title=title)


def closed_by_hand(words: Words, poll: Poll) -> Message:
    """Say that a poll is closed, or that its close is under way."""
    done = poll.state is PollState.CLOSED
    return blocks.message(words("pulse.close.done" if done else "pulse.close.under_way"))


def paused(words: Words, n: int, *, now: bool) -> Message:
    """Say how many series were paused, or go on."""
    return blocks.message(words.plural("pulse.paused" if now else "pulse.resumed", n))


def as_csv(words: Words, found: Results) -> str:
    """Return the results as CSV: a row for each answer of each question that may be shown."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["poll", "opened", "question", "kind", "answer", "replies", "n"])
    opened = found.poll.opens_at.date().isoformat()
    for each in found.questions:
        question = each.question
        if question.n is None or question.kind is QuestionKind.TEXT:
            continue
        text = _inert(blocks.clean(question.text) or words(f"pulse.question.{question.key}"))
        base = [found.poll.id, opened, text, question.kind.value]
        if question.low is not None:
            writer.writerow([*base, f"{question.low}-{question.high}", question.n, question.n])
        for value, n in each.counts.items():
            writer.writerow([*base, value, n, question.n])
    return out.getvalue()


def _inert(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
