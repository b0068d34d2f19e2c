"""The digest as a message, without any name: every rate with n and interval, no arrow by chance."""

from html import unescape

from bot.rules.digests import (
    WINDOW,
    Cadence,
    Coaching,
    Digest,
    ProjectDigest,
    QuestionCounts,
    Risks,
    TopCategory,
    Trend,
)
from bot.rules.forecasts import is_open
from bot.rules.quality import Direction
from bot.rules.signals import Signal
from bot.views import (
    blockers,
    blocks,
    coaching_effects,
    dates,
    figure_lists,
    figures,
    forecasts,
    pulse_results,
    standing,
    why,
)
from bot.views.blocks import Block, Message
from bot.views.charts import ChartSpec, TrendPoint, quality_trend
from bot.views.words import Words

_BATCH = 60
_BATCHES = 5
"""Batches at risk that are named; how many there are is said in any case."""
_SECTION = 200
"""Characters of a guideline section's name; its text is the guideline's."""


def posting(words: Words, squad: str, channel: str) -> Message:
    """Say that a digest was asked for and where it will appear."""
    place = f"<#{channel}>"
    return blocks.message(words("digests.posting", squad=blocks.escape(squad), channel=place))


def digest(words: Words, found: Digest) -> Message:
    """Return the message; one line if there is nothing to report."""
    if found.is_quiet:
        return _quiet(words, found)
    weekly = found.edition.cadence is Cadence.WEEKLY
    title = words("digests.title.weekly" if weekly else "digests.title", squad=found.squad)
    parts: list[Block] = [blocks.header(title), blocks.context(_span(words, found))]
    for project in found.projects:
        parts.extend(_project(words, project, found))
    if found.lost is not None:
        parts += [blocks.divider(), blocks.section(blockers.lost(words, found.lost))]
    if found.polls:
        parts += [blocks.divider(), _polls(words, found)]
    if found.rarely_met:
        said = words.plural("digests.rarely_met", found.rarely_met)
        parts += [blocks.divider(), blocks.section(said)]
    if found.projects:
        row = [standing.people_button(words, found.edition.squad_id)]
        if any(project.coaching for project in found.projects):
            row.append(coaching_effects.effect_button(words, found.edition.squad_id))
        parts.append(blocks.actions(*row))
    return blocks.message(_fallback(words, found), blocks.fit(parts, words("digests.more")))


def text(words: Words, found: Digest) -> str:
    """Return what the message says as plain text, for a terminal."""
    lines = []
    for block in digest(words, found)["blocks"]:
        if block["type"] == "actions":
            continue  # nobody presses a button in a terminal
        pieces = [block["text"]] if "text" in block else block.get("elements", [])
        lines.append(" ".join(piece["text"] for piece in pieces))
    # What people typed is escaped, and its stars with ours are only for looks.
    return unescape("\n".join(lines).replace("*", ""))


def chart(words: Words, trend: Trend) -> ChartSpec | None:
    """Return what to draw of a trend, None if fewer than two days have a score."""
    points = [TrendPoint(one.day, one.score, one.audits) for one in trend.days]
    return quality_trend(words, points, trend.target, window=trend.window)


def chart_comment(words: Words, trend: Trend) -> str:
    """Return what stands above the chart; the picture itself holds no name."""
    return words("digests.chart.comment", project=blocks.escape(trend.project), n=len(trend.days))


def _quiet(words: Words, found: Digest) -> Message:
    news = found.period.news
    weekly = found.edition.cadence is Cadence.WEEKLY
    text = words(
        "digests.quiet.weekly" if weekly else "digests.quiet",
        squad=blocks.escape(found.squad),
        day=dates.day(words, news.first),
        span=dates.span(words, news.first, news.last),
    )
    parts = [blocks.section(text), _polls(words, found)] if found.polls else None
    return blocks.message(text, parts)


def _polls(words: Words, found: Digest) -> Block:
    return blocks.section("\n".join(pulse_results.digest_lines(words, found.polls)))


def _span(words: Words, found: Digest) -> str:
    span = dates.span(words, found.period.now.first, found.period.now.last)
    if found.edition.cadence is Cadence.WEEKLY:
        return words("digests.span.weekly", span=span)
    key = "digests.span.so_far" if found.edition.so_far else "digests.span"
    return words(key, span=span, n=WINDOW)


def _fallback(words: Words, found: Digest) -> str:
    projects = [
        words(
            "digests.fallback.unaudited" if score.rate is None else "digests.fallback.project",
            project=blocks.escape(project.project),
            rate=figures.percent(words, score.rate),
            n=figures.number(score.n),
        )
        for project in found.projects
        for score in (project.now.score,)
    ]
    squad = blocks.escape(found.squad)
    return words("digests.fallback", squad=squad, projects="; ".join(projects))


def _project(words: Words, project: ProjectDigest, found: Digest) -> list[Block]:
    lines = [f"*{blocks.escape(project.project)}*", _quality(words, project)]
    if project.now.score.rate is not None and project.movement.before.rate is not None:
        lines.append(_movement(words, project, found.edition.cadence))
    parts = [blocks.divider(), blocks.section("\n".join(lines))]
    if project.signals:
        parts.append(blocks.section("\n".join(_signal(words, one) for one in project.signals)))
    if project.why is not None:
        parts.append(blocks.section("\n".join(why.lines(words, project.why))))
    if project.top:
        top = [words("digests.top"), *(_category(words, one) for one in project.top)]
        parts.append(blocks.section("\n".join(top)))
    parts.append(blocks.section("\n".join(_work(words, project))))
    if project.coaching is not None:
        parts.append(blocks.section(_coaching(words, project.coaching)))
    if project.risks:
        parts.append(blocks.section(_risks(words, project.risks)))
    batches = [one for one in project.dates if is_open(one)]
    if batches:
        told = [words("forecasts.title"), *forecasts.lines(words, batches)]
        parts.append(blocks.section("\n".join(told)))
    about = figure_lists.AboutFigures(
        squad_id=found.edition.squad_id,
        project_id=project.project_id,
        first=found.period.now.first,
        last=found.period.now.last,
    )
    row = figure_lists.buttons(
        words, about, with_dates=bool(project.dates), with_draws=bool(project.drawn.drawn)
    )
    return [*parts, row]


def _coaching(words: Words, coaching: Coaching) -> str:
    """Say what coaching on a category did: a verdict with its figures, or that it is too early."""
    category = blocks.escape(coaching.category)
    known = coaching.told
    if known is None:
        return words("digests.coaching.early", category=category, n=coaching.people)
    return words(
        f"digests.coaching.{known.pooled.verdict.value}",
        category=category,
        change=coaching_effects.points(words, known.pooled),
        n=known.coached,
        others=known.others,
    )


def _risks(words: Words, found: Risks) -> str:
    told = []
    if found.looked:
        told.append(
            words(
                "digests.risks.audits",
                n=figures.number(found.looked),
                faulty=figures.number(found.faulty),
            )
        )
    if found.top:
        named = (
            words("digests.risks.category", category=blocks.escape(name), n=figures.number(n))
            for name, n in found.top
        )
        told.append(words("digests.risks.top", categories=", ".join(named)))
    if found.batches:
        names = ", ".join(
            blocks.escape(blocks.clip(each, _BATCH)) for each in found.batches[:_BATCHES]
        )
        told.append(words.plural("digests.risks.batches", len(found.batches), batches=names))
    return words("digests.risks", told=" ".join(told))


def _signal(words: Words, one: Signal) -> str:
    of_category = one.category is not None
    key = f"digests.signal.{'category' if of_category else 'all'}.{one.side.value}"
    return words(
        key,
        category=blocks.escape(one.category or ""),
        day=dates.day(words, one.day),
        rate=figures.percent(words, one.rate),
        n=figures.number(one.n),
        low=figures.percent(words, one.low),
        high=figures.percent(words, one.high),
        center=figures.percent(words, one.center),
    )


def _quality(words: Words, project: ProjectDigest) -> str:
    score = project.now.score
    if score.rate is None:
        return words("digests.quality.unknown")
    quality = words(
        "digests.quality",
        rate=figures.percent(words, score.rate),
        interval=figures.interval(words, score),
        n=figures.number(score.n),
    )
    if project.target is None:
        return words("digests.quality.no_target", quality=quality)
    key = f"digests.quality.{project.standing.value}"
    return words(key, quality=quality, target=figures.goal(words, project.target))


def _movement(words: Words, project: ProjectDigest, cadence: Cadence) -> str:
    moved = project.movement
    before = words(f"digests.before.{cadence.value}")
    if moved.change is None or moved.direction is Direction.CANNOT_TELL:
        return words(
            "digests.move.cannot_tell",
            before=before,
            rate=figures.percent(words, moved.before.rate),
            n=figures.number(moved.before.n),
        )
    return words(
        f"digests.move.{moved.direction.value}",
        before=before,
        points=figures.points(abs(moved.change.delta)).removeprefix("+"),
        low=figures.points(moved.change.low),
        high=figures.points(moved.change.high),
    )


def _category(words: Words, one: TopCategory) -> str:
    line = words(
        "digests.top.line",
        category=blocks.escape(one.errors.category),
        errors=figures.number(one.errors.errors),
        share=figures.percent(words, one.errors.affected.rate),
        interval=figures.interval(words, one.errors.affected),
    )
    if not one.section:
        return line
    section = blocks.escape(blocks.clip(one.section, _SECTION))
    return words("digests.top.section", line=line, section=section)


def _work(words: Words, project: ProjectDigest) -> list[str]:
    lines = [_volume(words, project)]
    day = dates.day(words, project.until)
    if project.coverage is not None:
        done, planned = project.coverage.done, project.coverage.planned
        lines.append(
            words(
                "digests.coverage",
                done=figures.number(done),
                planned=figures.number(planned),
                day=day,
            )
        )
    for key, of in (
        ("digests.time", project.now.time_per_item),
        ("digests.turnaround", project.now.turnaround),
    ):
        if of.n:
            lines.append(words(key, spread=figures.spread(words, of)))
    if project.questions is not None and project.questions.asked:
        lines.append(_questions(words, project.questions))
    return lines


def _questions(words: Words, counts: QuestionCounts) -> str:
    told = [
        words(key, n=figures.number(n))
        for key, n in (
            ("digests.questions.alone", counts.alone),
            ("digests.questions.in_time", counts.in_time),
            ("digests.questions.late", counts.late),
            ("digests.questions.waiting", counts.waiting),
        )
        if n
    ]
    asked = words("digests.questions", n=figures.number(counts.asked))
    return words("digests.questions.line", told=", ".join([asked, *told]))


def _volume(words: Words, project: ProjectDigest) -> str:
    volume = words("digests.volume", n=figures.number(project.now.submissions or 0))
    if project.volume is None or not project.volume.planned:
        return volume
    shared = project.squads > 1
    return words(
        "digests.volume.plan.shared" if shared else "digests.volume.plan",
        volume=volume,
        squads=project.squads,
        done=figures.number(project.volume.done),
        planned=figures.number(project.volume.planned),
        share=figures.goal(words, round(project.volume.done / project.volume.planned, 2)),
        day=dates.day(words, project.until),
    )
