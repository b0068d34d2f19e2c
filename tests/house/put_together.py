"""The catalogue keys that the code puts together, with everything each place may hold."""

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Final

from bot.dispatch.kinds import all_kinds
from bot.rules.agenda import CauseKind
from bot.rules.arrival import Reach
from bot.rules.audits import FindingState, Origin, Severity, Verdict
from bot.rules.blockers import BlockerKind
from bot.rules.changes import Dimension, Tenure
from bot.rules.coaching import CoachingKind
from bot.rules.coaching_effects import Verdict as Effect
from bot.rules.control import Side
from bot.rules.digests import Cadence
from bot.rules.disputes import By, Ruling
from bot.rules.draws import SkipReason as DrawSkip
from bot.rules.draws import SkipReason as SkippedDraw
from bot.rules.escalations import KEEP_EDGE, KEEP_VERIFIED, OUTSIDE, EscalationState
from bot.rules.explaining import Why as SlotWhy
from bot.rules.forecast import Outlook, Unknown
from bot.rules.guidelines import Trouble
from bot.rules.imports import Sampling
from bot.rules.intake import FileFormat, FileKind, Reason
from bot.rules.occurrences import SkipReason
from bot.rules.oneonones import SETTLED
from bot.rules.outbox import EndReason
from bot.rules.people import IndividualFigures, Role, SquadState, Status
from bot.rules.privacy import Holding
from bot.rules.projects import Field as ProjectField
from bot.rules.projects import ReadyMade
from bot.rules.pulse import READY, PollState, ReadySet, Repeat, Viewer
from bot.rules.pulse_notes import NoteTo
from bot.rules.quality import Direction, Standing
from bot.rules.questions import Excuse, Outcome
from bot.rules.quiet import Field as QuietField
from bot.rules.reports import Breakdown
from bot.rules.retention import DataKind
from bot.rules.reworks import ReworkState
from bot.rules.risk import RiskKind
from bot.rules.schedules import ScheduleKind
from bot.rules.sessions import Audience as SessionAudience
from bot.rules.sessions import SessionKind
from bot.rules.snoozing import Snooze, Topic, Why
from bot.rules.squads import ChannelUse, PauseReason, Skip, Step, SyncKind
from bot.rules.status_cases import KINDS as CASE_KINDS
from bot.rules.status_cases import CaseKind, CaseState
from bot.rules.timeoff import Field as TimeoffField
from bot.services.digests import Planned
from bot.views import squads, taxonomies
from bot.views.schedules import CAUSES
from handlers.features import doors
from tests.house.walk import HOLE, ROOT

Filled = Iterable[tuple[str, ...]]

COMMANDS: Final = tuple(doors().commands)
KINDS: Final = tuple(kind.name for kind in all_kinds())
DAYS: Final = tuple(map(str, range(7)))
MONTHS: Final = tuple(map(str, range(1, 13)))


def _each(*values: Iterable[str]) -> Filled:
    return product(*(tuple(map(str, each)) for each in values))


def _slack_errors() -> frozenset[str]:
    files = (ROOT / "tests" / "fakes" / "slack").glob("*.py")
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return frozenset(re.findall(r'"([a-z]+(?:_[a-z]+)+)"', text))


def _lines(*values: ProjectField) -> Filled:
    return [(value.value,) for value in values]


FORM_HINTS = ("time", "link", "zone_typed", "hours", "quiet", "holidays", "half_days")

# Pattern -> the values of its places. A new pattern in code stands here or a test fails; a value
# without its sentence fails as well.
PUT_TOGETHER: Final[Mapping[str, Filled]] = {
    # What comes later has sentences of its own, which say when.
    "escalations.answering.keep.{}": _each([KEEP_VERIFIED, KEEP_EDGE]),
    "escalations.line.{}": _each(["asked", "half", "overdue", "passed", "passed_late"]),
    "escalations.post.{}": _each([EscalationState.MERGED, EscalationState.WITHDRAWN]),
    "escalations.post.passed.{}": _each(OUTSIDE),
    "home.questions.{}": _each(
        [*(each for each in Outcome if each is not Outcome.WAITING), "escalated", "told"]
    ),
    "privacy.holding.{}": _each(Holding),
    "privacy.keeps.{}": _each(DataKind),
    "questions.answer.{}": _each(each for each in Outcome if each is not Outcome.WAITING),
    "questions.excuse.{}": _each(Excuse),
    "oneonones.form.{}": _each(["every", "minutes"]),
    "oneonones.page.past.{}": _each([*SETTLED, "cancelled", "no_time"]),
    "oneonones.plan.{}.one": _each(["crowded", "without", "twice", "left"]),
    "oneonones.plan.{}.other": _each(["crowded", "without", "twice", "left"]),
    "blockers.case.{}": _each(["next", "late"]),
    "blockers.kind.{}": _each(BlockerKind),
    "blockers.pick.{}": _each(BlockerKind),
    # What comes later has a sentence of its own, which says when.
    "blockers.told.{}": _each(each for each in Reach if each is not Reach.LATER),
    "arrival.{}": _each(each for each in Reach if each is not Reach.LATER),
    "audits.feedback.{}": _each(Verdict),
    # An open one says by when, or that it stands still.
    "reworks.note.{}": _each(each for each in ReworkState if each is not ReworkState.OPEN),
    # A finding's fields, and the two verdicts.
    "audits.form.{}": _each([*Verdict, "category", "severity", "section", "note"]),
    "audits.form.{}.placeholder": _each(["category", "severity"]),
    "audits.line.{}": _each(["feedback", "praise", "taken_back", "reminder"]),
    "audits.saved.{}": _each(Verdict),
    "sittings.saved.{}": _each(Verdict),
    "sittings.bundle.{}": _each(Verdict),
    "sittings.because_{}": _each(SkippedDraw),
    "risk.{}": _each(RiskKind),
    "audits.severity.{}": _each(Severity),
    # An open or acknowledged finding needs no word, a withdrawn one is not shown.
    "audits.state.{}": _each(
        [
            FindingState.DISPUTED,
            FindingState.UPHELD,
            FindingState.OVERTURNED,
            FindingState.LATE,
        ]
    ),
    "charts.month.{}": _each(MONTHS),
    # How the last point stands to the target.
    "charts.trend.alt.{}": _each(Standing),
    "charts.trend.subtitle.{}": _each(["daily", "rolling"]),
    "charts.trend.title.{}": _each(Standing),
    "coaching.kind.{}": _each(CoachingKind),
    "coaching.message.{}": _each(CoachingKind),
    "agenda.added.cause.{}": _each(CauseKind),
    "agenda.kind.{}": _each(SyncKind),
    "agenda.noted.{}": _each(["decisions", "notes"]),
    "agenda.notes.{}": _each(["decisions", "notes"]),
    "agenda.waiting.{}.one": _each(["feedback", "questions", "disputes"]),
    "agenda.waiting.{}.other": _each(["feedback", "questions", "disputes"]),
    "agenda.{}.one": _each(["rulings", "answers"]),
    "agenda.{}.other": _each(["rulings", "answers"]),
    "command.{}.example": _each(COMMANDS),
    "command.{}.usage": _each(COMMANDS),
    "command.{}.what": _each(COMMANDS),
    "date.month.{}": _each(MONTHS),
    "date.weekday.{}": _each(DAYS),
    "digests.before.{}": _each(Cadence),
    "digests.job.{}": _each(Planned),
    "digests.coaching.{}": _each(Effect),
    "digests.move.{}": _each([Direction.UP, Direction.DOWN]),
    "digests.signal.{}.{}": _each(["all", "category"], Side),
    "digests.quality.{}": _each(Standing),
    "forecasts.column.{}": _each(
        ["batch", "done", "size", "pace", "finish", "range", "due", "outlook", "needed"]
    ),
    "forecasts.due.{}": _each([Outlook.HOLDS, Outlook.AT_RISK, Outlook.CANNOT_TELL]),
    "forecasts.outlook.{}": _each(Outlook),
    # Without a due day there is a finish all the same.
    "forecasts.unknown.{}": _each(each for each in Unknown if each is not Unknown.NO_DUE),
    "pulse.chart.of.{}": _each(set().union(*READY.values()) - {"comment"}),
    "pulse.form.{}": _each(["pulse_set", "pulse_days", "pulse_repeat", "pulse_k"]),
    "pulse.note.to.{}": _each(NoteTo),
    "pulse.question.{}": _each(set().union(*READY.values())),
    "pulse.repeat.{}": _each(Repeat),
    "pulse.set.{}": _each(ReadySet),
    "pulse.state.{}": _each(each for each in PollState if each is not PollState.CLOSED),
    "pulse.viewer.{}": _each(Viewer),
    "figures.{}": _each(["seconds", "minutes", "hours", "days"]),
    "home.recent.{}": _each(Verdict),
    "disputes.by.{}": _each(By),
    "disputes.choice.{}": _each(Ruling),
    "disputes.mine.{}": _each(["open", "second", "over", "decided", "closed"]),
    "disputes.noted.{}": _each(Ruling),
    "disputes.receipt.{}": _each(By),
    "disputes.ruling.{}": _each(Ruling),
    # The form of a first appeal, and of a second opinion.
    "disputes.{}.intro": _each(["form", "again"]),
    "disputes.{}.placeholder": _each(["form", "again"]),
    "disputes.{}.reason": _each(["form", "again"]),
    "disputes.{}.title": _each(["form", "again"]),
    "guidelines.change.{}": _each(["added", "changed", "removed"]),
    "guidelines.unread.{}": _each(Trouble),
    "imports.button.{}": _each(Sampling),
    "imports.format.{}": _each(each for each in FileFormat if each is not FileFormat.AUTO),
    "imports.kind.{}.one": _each(FileKind),
    "imports.kind.{}.other": _each(FileKind),
    "imports.reason.{}": _each(Reason),
    "imports.sampling.{}": _each(Sampling),
    "imports.what.{}": _each(FileKind),
    "kind.{}": _each(KINDS),
    "projects.{}.example": _lines(ProjectField.CATEGORIES, ProjectField.BATCHES),
    "projects.{}.label": _lines(*(each for each in ProjectField if each is not ProjectField.SET)),
    "reports.column.{}": _each(
        [
            "key",
            *(f"key.{each.value}" for each in Breakdown),
            *("rate", "rate.category", "interval", "n", "errors", "errors_per_audit"),
            *("submissions", "time_per_item", "turnaround", "project", "squads", "planned"),
        ]
    ),
    # Random audits make the score and are not listed beside it.
    "packs.standing.{}": _each(Standing),
    "packs.change.{}": _each(("up", "down")),
    "packs.n.{}.one": _each(["topics", "disputes", "actions", "unread", "reworks"]),
    "packs.n.{}.other": _each(["topics", "disputes", "actions", "unread", "reworks"]),
    "packs.cases.{}.one": _each(
        ["disputed", "unread", "reworks", "upheld", "overturned", "changed"]
    ),
    "packs.cases.{}.other": _each(
        ["disputed", "unread", "reworks", "upheld", "overturned", "changed"]
    ),
    "notes.{}": _each(("shared", "own", "mine", "theirs")),
    "notes.{}.hint": _each(("shared", "own", "mine", "theirs")),
    "effects.pooled.{}": _each(Effect),
    "effects.own.{}": _each(Effect),
    "reports.origin.{}": _each(each for each in Origin if each is not Origin.RANDOM),
    "reports.skip_{}": _each(DrawSkip),
    "reports.standing.{}": _each(Standing),
    "schedule.changed.{}_{}": _each(["ran", "passed"], ["today", "this_week"]),
    "schedule.name.{}": _each(ScheduleKind),
    "schedule.why.{}": _each([*SlotWhy, "down"]),
    "schedule.cause.{}": _each(CAUSES),
    "schedule.form.kind.{}": _each(SyncKind),
    "schedule.form.label.{}": _each([*FORM_HINTS, "name", "minutes", "lead", "kind", "weekday"]),
    "schedule.form.hint.{}": _each(FORM_HINTS),
    "schedule.changed.{}": _each(["skipped", "twice"]),
    "schedule.sync.{}": _each(["daily", "weekly"]),
    "schedule.skipped.{}.one": _each([*SkipReason, "down"]),
    "schedule.skipped.{}.other": _each([*SkipReason, "down"]),
    "schedule.not_posted.{}": _each([*SkipReason, "down"]),
    "sessions.audience.{}": _each(SessionAudience),
    "sessions.for.{}": _each(SessionAudience),
    "sessions.kind.{}": _each(SessionKind),
    "squad.figures.{}": _each(IndividualFigures),
    "squad.label.{}": _each({*squads.SETTINGS, *squads.TIMES, *ChannelUse}),
    "squad.live.{}": _each(["already", "done"]),
    "squad.paused.{}": _each(PauseReason),
    "squad.rehearsal.{}": _each(["title", "live"]),
    "squad.role.{}": _each(Role),
    "squad.skip.{}": _each(Skip),
    "squad.state.{}": _each(SquadState),
    "squad.status.{}": _each(Status),
    "squad.step.{}": _each(Step),
    "status_cases.figures.{}.one": _each(Standing),
    "status_cases.figures.{}.other": _each(Standing),
    "status_cases.form.{}": _each(CASE_KINDS),
    "status_cases.kind.{}": _each(CaseKind),
    "status_cases.state.{}": _each([CaseState.DECLINED, CaseState.LIFTED]),
    "status_cases.told.{}": _each(CASE_KINDS),
    "status_cases.what.{}": _each(CASE_KINDS),
    "squad.welcome.who.{}": _each(IndividualFigures),
    # What was done to people, and whether it was so before; the verbs of handlers/members.py.
    "squad.{}.{}": _each(
        ["add", "remove", "roles", "status", "tags", "grant", "revoke"], ["done", "same"]
    ),
    "standing.decided.{}.one": _each(["upheld", "overturned", "changed"]),
    "standing.decided.{}.other": _each(["upheld", "overturned", "changed"]),
    "standing.mine.{}": _each(Standing),
    "standing.person.{}": _each(Standing),
    "standing.who.{}": _each(IndividualFigures),
    "taxonomy.{}.title": _each(ReadyMade),
    "taxonomy.{}.{}.name": (
        (which.value, slug) for which in ReadyMade for slug in taxonomies.CATEGORIES[which]
    ),
    "taxonomy.{}.{}.definition": (
        (which.value, slug) for which in ReadyMade for slug in taxonomies.CATEGORIES[which]
    ),
    "why.level.{}": _each(each for each in Dimension if each is not Dimension.TENURE),
    "why.level.tenure.{}": _each(Tenure),
    "why.none.{}": _each(Dimension),
    # Its other fields are named by sentences of their own.
    "quiet.form.{}": _each(QuietField),
    "timeoff.form.{}": _each([TimeoffField.FIRST, TimeoffField.LAST]),
    "today.choice.{}": _each(Snooze),
    "today.held.why.{}": _each(Why),
    "today.topic.{}": _each(Topic),
    "workspace.shell.{}": _each(["added", "removed", "was", "was_not"]),
    "workspace.{}": _each(["admin_added", "admin_was", "admin_removed", "admin_was_not"]),
}

# Asked for with `words.has` first, so that a sentence may be missing; who they may be said of.
OPTIONAL: Final[Mapping[str, Filled]] = {
    "command.{}.help": _each(COMMANDS),
    "projects.{}.hint": _each(ProjectField),
    # Faces beside the numbers of the mood alone.
    "pulse.answer.{}.{}": _each(["mood"], map(str, range(1, 6))),
    # Our own reasons; else an error of Slack's that the fake Slack knows, or does not play.
    "outbox.reason.{}": _each(
        [*EndReason, *_slack_errors(), "other", "restricted_action", "user_not_visible"]
    ),
}

# Held to the code by tests of their own.
ERRORS: Final = "error.{}"
PROBLEMS: Final = "projects.problem.{}"


def _fill(pattern: str, values: tuple[str, ...]) -> str:
    for value in values:
        pattern = pattern.replace(HOLE, value, 1)
    return pattern


def _expand(table: Mapping[str, Filled]) -> dict[str, frozenset[str]]:
    return {
        pattern: frozenset(_fill(pattern, values) for values in filled)
        for pattern, filled in table.items()
    }


REQUIRED_KEYS: Final = _expand(PUT_TOGETHER)
OPTIONAL_KEYS: Final = _expand(OPTIONAL)
