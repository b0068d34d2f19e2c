"""Words of sessions: the form, the message in the channel, lines of Today, and the quiz."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "sessions.modal": "Session",
    "sessions.kind.training": "Training",
    "sessions.kind.working": "Working session",
    "sessions.audience.squad": "The squad",
    "sessions.audience.contributors": "Contributors",
    "sessions.audience.auditors": "Auditors",
    "sessions.audience.chosen": "People chosen below",
    "sessions.for.squad": "for {squad}",
    "sessions.for.contributors": "for the contributors of {squad}",
    "sessions.for.auditors": "for the auditors of {squad}",
    "sessions.for.chosen": "for people of {squad} chosen by name",
    "sessions.title": "{kind}: {title}",
    "sessions.when": "{start} to {end}",
    "sessions.link": "Join here",
    "sessions.counts": "{yes} coming, {no} not",
    "sessions.coming": "Coming: {names}",
    "sessions.yes": "I'm coming",
    "sessions.no": "I can't",
    "sessions.details": "Details",
    "sessions.take": "Take the quiz",
    "sessions.running": "under way",
    "sessions.over": "over",
    "sessions.cancelled": "cancelled",
    "sessions.moved": "moved to another time",
    "sessions.cancelled.post": "~{title}~\n{when}\nThis session is cancelled.",
    "sessions.attended.one": "one person came",
    "sessions.attended.other": "{n} people came",
    "sessions.line.yes": "You said that you come: {title}",
    "sessions.line.open": "Do you come? {title}",
    "sessions.line.moved": "Moved to this time: {title}",
    "sessions.line.cancelled": "Cancelled: {title}",
    "sessions.line.soon": "In a few minutes: {title}",
    "sessions.line.quiz": "The quiz waits for you: {title}",
    "sessions.line.count": "How many came? {yes} said that they would: {title}",
    "sessions.soon": "{title} begins in a few minutes.",
    "sessions.kept.yes": "Good: you come to {title}.",
    "sessions.kept.no": "Noted: you cannot come to {title}.",
    "sessions.own.yes": "You said that you come.",
    "sessions.own.no": "You said that you cannot come.",
    "sessions.form.title": "Session",
    "sessions.form.squad": "Squad",
    "sessions.form.kind": "What for",
    "sessions.form.name": "Title",
    "sessions.form.starts": "Begins",
    "sessions.form.starts.hint": "A day and time of the squad's zone, as in 2026-03-12 14:00.",
    "sessions.form.ends": "Ends",
    "sessions.form.ends.hint": "A time as in 15:00, or a day and time.",
    "sessions.form.link": "Link to join",
    "sessions.form.audience": "For whom",
    "sessions.form.people": "People",
    "sessions.form.people.hint": "Only if you chose “People chosen below” above.",
    "sessions.form.quiz": "Quiz",
    "sessions.form.quiz.placeholder": (
        "Which boxes are skipped? [3.2]\n* those under 10 pixels\n- those of parked cars"
    ),
    "sessions.form.quiz.hint": (
        "At most five questions, each with its guideline section in [brackets]. Below it 2 to 4"
        " choices: * before the right one, - before the others."
    ),
    "sessions.form.plan": "Plan it",
    "sessions.form.change_hint": (
        "The post changes. Whoever said that they come is told of another time; whoever is newly"
        " asked finds it in Today, and whoever is asked no more hears nothing further. What you"
        " leave empty stays; `none` removes the link or the quiz."
    ),
    "sessions.form.quiz_hint": (
        "It can be changed until somebody takes it. What you leave empty stays; `none` removes it."
    ),
    "sessions.made": "Planned: *{title}*, {when}.",
    "sessions.made.rehearsal": (
        "{squad} is in rehearsal: nothing is posted. Home shows what would have been sent."
    ),
    "sessions.made.no_channel": (
        "{squad} has no team channel: whoever it is for finds it in Today and on Home."
    ),
    "sessions.saved": "Saved.",
    "sessions.called_off": "The session is cancelled. Whoever said that they come is told.",
    "sessions.change": "Change",
    "sessions.change.quiz": "Change the quiz",
    "sessions.add.quiz": "Add a quiz",
    "sessions.cancel": "Cancel the session",
    "sessions.cancel.title": "Cancel it?",
    "sessions.cancel.text": "The post says so, and whoever said that they come is told.",
    "sessions.cancel.keep": "Keep it",
    "sessions.count": "How many came",
    "sessions.count.label": "How many came?",
    "sessions.count.hint": "A number is all that is kept of it.",
    "sessions.taken.one": "*Quiz:* one person took it",
    "sessions.taken.other": "*Quiz:* {n} people took it",
    "sessions.few": (
        "Too few took it for totals: they would tell how one of them did. From three on they are"
        " here."
    ),
    "sessions.question_total": "{question}\n_{right} of {taken} right · {section}_",
    "sessions.person": "• {name}: {right} of {of}",
    "sessions.person.who": "By name, for each person and their managers alone.",
    "sessions.quiz.title": "Quiz",
    "sessions.quiz.intro": (
        "You can take it once. You read your results; your manager reads totals, and single"
        " results only where the squad shows these to managers."
    ),
    "sessions.quiz.submit": "Send",
    "sessions.quiz.total": "{right} of {of} right",
    "sessions.quiz.right": ":white_check_mark: {question}\n{choice}",
    "sessions.quiz.wrong": ":x: {question}\nYou chose: {choice}\nRight: *{correct}*",
    "sessions.quiz.section": "See {section}",
    "sessions.quiz.who": "No other contributor sees this.",
    "kind.session.post": "session",
    "kind.session.day": "session today",
    "kind.session.moved": "session at another time",
    "kind.session.cancelled": "cancelled session",
    "kind.session.soon": "session in ten minutes",
    "kind.session.quiz": "quiz of a session",
    "kind.session.count": "how many came to a session",
    "error.not_allowed_run_session": (
        "Sessions are planned, changed, cancelled and counted by the managers of the squad."
    ),
    "error.session_gone": "This session is not for you, or not there any more.",
    "error.session_over": "This session is over.",
    "error.session_not_over": "This session is not over yet. Please count when it is.",
    "error.session_cancelled": "This session was cancelled.",
    "error.session_not_asked": "This session is for others of your squad.",
    "error.session_nobody": "Please choose the people it is for, or another audience above.",
    "error.session_strangers": (
        "{n} of these people are not in {squad}. Please choose people of the squad, or add them"
        " first: `/squad add`."
    ),
    "error.session_past": "This is over already. Please give a time that is still to come.",
    "error.session_backwards": "It would end before it begins. Please give a later end.",
    "error.session_long": "A session lasts 24 hours at most.",
    "error.session_attended": "Please give a whole number, as in `14`.",
    "error.quiz_not_open": (
        "There is no quiz to take: it opens when the session is over, for two weeks."
    ),
    "error.quiz_answered": (
        "Somebody has taken this quiz already, so it stays as it is: everybody is asked the same."
    ),
    "error.quiz_changed": (
        "This quiz was changed while you had it open. Please open it again; nothing was kept."
    ),
    "error.quiz_choose_one": "Please choose one answer for each question, and send it again.",
    "error.quiz_unknown_section": (
        "Question {number} cites “{section}”, which I cannot find in the guidelines of one project"
        " together with the others. Write its number or heading."
    ),
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
