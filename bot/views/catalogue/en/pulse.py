"""Words of polls: the questions, the promise, the form, and results."""

from collections.abc import Mapping
from typing import Final

# As characters: names of emoji stand as they are in a button of plain text.
_MOODS = (
    "\N{DISAPPOINTED FACE} 1",
    "\N{WORRIED FACE} 2",
    "\N{NEUTRAL FACE} 3",
    "\N{SLIGHTLY SMILING FACE} 4",
    "\N{GRINNING FACE} 5",
)

SENTENCES: Final[Mapping[str, str]] = {
    "command.pulse.usage": "/pulse [new | results | close | pause | resume | note | privacy]",
    "command.pulse.example": "/pulse results",
    "command.pulse.what": "Anonymous polls: answer what is open, and read results.",
    "command.pulse.help": (
        "`/pulse` what is open for you, and results that you may see\n"
        "`/pulse privacy` what is promised about your answers, and how far it goes\n"
        "`/pulse note` an anonymous note to the managers; they read `/pulse notes`\n"
        "`/pulse new` ask a squad (managers), `/pulse close [in SQUAD]` end the poll now,"
        " `/pulse pause` and `/pulse resume` polls that come again\n"
        "`/pulse contact @someone` who reads the notes that managers never see (admins)"
    ),
    "kind.pulse.poll": "A poll",
    "kind.pulse.reminder": "A reminder of a poll",
    "kind.pulse.closed": "A poll that is closed",
    "kind.pulse.results": "Results of a poll",
    "kind.pulse.chart": "A picture of a poll's trend",
    "kind.pulse.results_line": "Results of a poll",
    "pulse.poll.title": "A few questions to {squads}",
    "pulse.poll.until": "Anonymous, and up to you. You can change an answer until {closes}.",
    "pulse.poll.promise": (
        "Nothing is shown before the poll is closed and {k} people replied, then only sums, to:"
        " {readers}. No row in the database links an answer to you; `/pulse privacy` says how far"
        " that goes."
    ),
    "pulse.poll.wording": (
        "While the poll is open, whoever holds the server's key and its database could find out"
        " who said what. Your wording may be recognised."
    ),
    "pulse.poll.no_model": "Comments are not given to a language model.",
    "pulse.poll.model": (
        "If enough people write comments, those are given to the operator's language model, without"
        " names, to be sorted by theme."
    ),
    "pulse.ends.scale": "1 is worst, 5 is best",
    "pulse.ends.enps": "0 is not at all likely, 10 is extremely likely",
    "pulse.question.mood": "How was your work these days?",
    "pulse.question.workload": "Is your workload one that you can keep up? (5: yes, easily)",
    "pulse.question.clarity": "Are the guidelines clear enough to work by?",
    "pulse.question.support": "Do you get help when you need it?",
    "pulse.question.growth": "Do you learn something in this work?",
    "pulse.question.enps": "How likely are you to recommend working in this squad to a friend?",
    "pulse.question.comment": "Anything you would like to add? (optional)",
    **{f"pulse.answer.mood.{n}": mood for n, mood in enumerate(_MOODS, 1)},
    "pulse.answer": "Answer",
    "pulse.write": "Write",
    "pulse.kept": "Kept, anonymously. You can change it until the poll closes.",
    "pulse.comment.title": "Your comment",
    "pulse.comment.label": "Your words",
    "pulse.comment.send": "Send",
    "pulse.comment.wording": (
        "Shown in random order, a day after the close, and only if enough people wrote one. Your"
        " wording may be recognised."
    ),
    "pulse.reminder": "The poll is open until {closes}. This goes to everybody alike.",
    "pulse.reminder.link": "To the questions",
    "pulse.closed": "This poll is closed. Thank you to everybody who answered.",
    "pulse.privacy.title": "What is promised about your answers",
    "pulse.privacy.shown": (
        "Nobody is shown anything before a poll is closed and enough people replied (the poll says"
        " how many, never fewer than 3), and nobody is ever shown who did or did not answer."
    ),
    "pulse.privacy.open": (
        "While a poll is open, a copy of the database and all logs tell nothing about who said"
        " what: answers are sealed with a key that is not in the database."
    ),
    "pulse.privacy.closed": (
        "Once it is closed only sums and shuffled comments are left. Not even the database, the"
        " logs, Slack's record of every message and the order of clicks together tell more."
    ),
    "pulse.privacy.not_promised": (
        "Not promised: while a poll is open, against somebody who has the database *and* the"
        " server's key, Slack's own record or the order of clicks; and several copies of the"
        " database over time, backups taken meanwhile among them."
    ),
    "pulse.privacy.wording": "What you write in your own words may be recognised by its wording.",
    "pulse.privacy.model": (
        "Comments are given to a language model only if the poll said so from the start, and then"
        " only once it is closed and enough people wrote one."
    ),
    "pulse.viewer.squad": "the squad",
    "pulse.viewer.managers": "its managers",
    "pulse.viewer.delivery": "the delivery team",
    "pulse.set.mood": "Mood (1 to 5)",
    "pulse.set.weekly": "Weekly pulse of five questions",
    "pulse.set.enps": "eNPS (0 to 10)",
    "pulse.set.workload": "Workload",
    "pulse.set.clarity": "Clarity of the guidelines",
    "pulse.set.own": "My own questions",
    "pulse.repeat.once": "Once",
    "pulse.repeat.weekly": "Every week",
    "pulse.repeat.two_weeks": "Every two weeks",
    "pulse.repeat.three_weeks": "Every three weeks",
    "pulse.repeat.six_weeks": "Every six weeks",
    "pulse.repeat.four_weeks": "Every four weeks",
    "pulse.repeat.monthly": "Every month",
    "pulse.days.one": "{n} day",
    "pulse.days.other": "{n} days",
    "pulse.form.title": "A new poll",
    "pulse.form.send": "Ask",
    "pulse.form.pulse_set": "Questions",
    "pulse.form.own": "My own questions",
    "pulse.form.own.hint": (
        "One a line, answered from 1 to 5; begin a line with enps: or text: for another kind."
    ),
    "pulse.form.squads": "Ask together",
    "pulse.form.opens": "Opens",
    "pulse.form.opens.hint": "As in 2026-12-01 09:00, in the first squad's zone; empty is now.",
    "pulse.form.pulse_days": "Open for",
    "pulse.form.pulse_repeat": "Again",
    "pulse.form.viewers": "Who sees the results",
    "pulse.form.pulse_k": "Nothing is shown below so many replies",
    "pulse.form.model": "Comments",
    "pulse.form.model.yes": "Give them to the language model to be sorted by theme",
    "pulse.form.model.hint": "Otherwise themes are words that comments share.",
    "pulse.form.frozen": "All of this is said in the poll, and cannot be changed afterwards.",
    "pulse.made.now": "The poll goes out in each person's working hours and closes {closes}.",
    "pulse.made.later": "The poll opens {opens} and closes {closes}.",
    "pulse.overview.title": "*Polls*",
    "pulse.overview.open": "A few questions to {squads}, until {closes}",
    "pulse.overview.nothing": "No poll is open, and there are no results yet.",
    "pulse.state.planned": "A poll of yours is planned.",
    "pulse.state.open": "A poll of yours is open; nothing is shown before it closes.",
    "pulse.state.closing": "A poll of yours is being closed.",
    "pulse.state.wiping": "A poll of yours is being closed.",
    "pulse.show": "Results",
    "pulse.more": "There is more than fits in here.",
    "pulse.comments": "Comments",
    "pulse.comments.theme.one": "*{title}* · {n} comment",
    "pulse.comments.theme.other": "*{title}* · {n} comments",
    "pulse.comments.rest": "Other",
    "pulse.comments.on": "{n} more",
    "pulse.comments.back": "Back",
    "pulse.comments.by_words": "Sorted by words that comments share, in random order.",
    "pulse.comments.by_model": "Sorted by a language model, as the poll declared; in random order.",
    "pulse.trend": "Trend as a picture",
    "pulse.trend.coming": "The picture is on its way to you as a direct message.",
    "pulse.chart.drawn": "Polls over time",
    "pulse.chart.subtitle": "Mean of each poll with its 95% interval; none where too few answered",
    "pulse.chart.own": "Question {number}",
    "pulse.chart.of.mood": "Mood",
    "pulse.chart.of.workload": "Workload (5 is easy)",
    "pulse.chart.of.clarity": "Clear guidelines",
    "pulse.chart.of.support": "Help when needed",
    "pulse.chart.of.growth": "Learning",
    "pulse.chart.of.enps": "eNPS",
    "pulse.chart.alt": "Line charts of the means of polls over time, with 95% intervals.",
    "pulse.chart.alt.question": "{title}: {points}.",
    "pulse.chart.alt.point": "{day} {mean} ({low} to {high}, n = {n})",
    "pulse.chart.filename": "polls.png",
    "pulse.chart.title": "Polls over time",
    "pulse.chart.comment": "Polls of {squads} over time",
    "pulse.chart.comment.own": "{number}: {question}",
    "pulse.results.title": "Poll of {squads}, {day}",
    "pulse.results.share": "About {share} % of those who were asked replied.",
    "pulse.results.few": "Fewer than {k} people replied, too few to show. The replies are deleted.",
    "pulse.results.alike": "All answers were between {low} and {high}.",
    "pulse.results.mean": "{mean} (95 %: {low} to {high}, n = {n})",
    "pulse.results.enps": "eNPS {mean} (95 %: {low} to {high}, n = {n})",
    "pulse.results.before": "before: {before}",
    "pulse.results.comments.one": "{n} comment, from {when} on",
    "pulse.results.comments.other": "{n} comments, from {when} on",
    "pulse.close.done": "The poll is closed, and its results are on their way.",
    "pulse.close.under_way": (
        "No more votes count. Closing takes a moment longer and goes on by itself; if it does not,"
        " `muster check` tells the operator why."
    ),
    "pulse.paused.one": "{n} poll that comes again is paused. `/pulse resume` lets it go on.",
    "pulse.paused.other": "{n} polls that come again are paused. `/pulse resume` lets them go on.",
    "pulse.resumed.one": "{n} poll comes again.",
    "pulse.resumed.other": "{n} polls come again.",
    "kind.pulse.notes": "Anonymous notes",
    "pulse.note.title": "An anonymous note",
    "pulse.note.about": "About {squad}. It arrives without your name.",
    "pulse.note.to": "To",
    "pulse.note.to.managers": "the managers of the squad",
    "pulse.note.to.contact": "the contact person; managers never see it",
    "pulse.note.text": "Your words",
    "pulse.note.promise": (
        "Muster's database does not tell who wrote it; Slack knows who opened this form, and your"
        " wording may be recognised. It arrives on the second working day and is deleted after 90"
        " days."
    ),
    "pulse.note.kept": (
        "Your note arrives on {day}. Only this button fetches the reply: nobody can send it to you."
    ),
    "pulse.note.fetch": "See replies",
    "pulse.note.done": "Kept.",
    "pulse.note.replied": "The reply",
    "pulse.note.no_reply": "There is no reply yet.",
    "pulse.note.arrived": "There are anonymous notes to read.",
    "pulse.note.read": "Read",
    "pulse.note.inbox": "Anonymous notes",
    "pulse.note.reply": "Reply",
    "pulse.note.again": "Change the reply",
    "pulse.note.fetched": "The author fetches it, if they look; nobody can send it to them.",
    "pulse.note.contact": "They now read the notes that managers never see.",
    "pulse.note.no_contact": "Nobody reads such notes any more; notes go to managers.",
    "pulse.shell.contact": "{name} reads the notes that managers never see.",
    "pulse.shell.nobody": "Nobody is named; anonymous notes go to managers only.",
    "backup.written": (
        "{file}: {size} MB. Replies to open polls are not in it. Keep it apart from .env."
    ),
    "error.contact_not_in_slack": "{name} is not in Slack, so no note could reach them.",
    "error.backup_exists": "{file} is there already. Choose another name.",
    "error.backup_failed": "{file} could not be written: {why}.",
    "error.backup_postgres": (
        "This database is PostgreSQL. Back it up with pg_dump, without replies to open polls:\n"
        "pg_dump --format=custom {tables} --file={file} DATABASE"
    ),
    "error.no_note": "This note is no longer there.",
    "error.no_notes": "There are no notes for you to read.",
    "error.no_contact": "There is no contact person; the note can go to the managers.",
    "error.pulse_long_note": "At most {limit} characters, please.",
    "error.not_allowed_run_pulse": "Polls are made by the managers of all the squads they ask.",
    "error.no_poll": "This poll is not there, or not for you.",
    "error.poll_closed": "This poll is closed; answers no longer count.",
    "error.poll_open": "This poll is not closed yet, and nothing is shown before.",
    "error.no_results": "There are no results that you may see yet.",
    "error.no_trend": "A trend needs two polls of the same question and squads. Ask again later.",
    "error.no_comments": "There are no comments to show.",
    "error.comments_later": "Comments can be read from a day after the close on.",
    "error.pulse_which": "Several polls are open. Name a squad: `/pulse close in` {squads}.",
    "error.pulse_none_open": "No poll of your squads is open.",
    "error.pulse_no_series": "No poll of your squads comes again, or it is so already.",
    "error.pulse_no_key": (
        "Polls need a key that only the operator can set: `MUSTER_PULSE_KEY`. Without it no poll"
        " can be anonymous, so none is made."
    ),
    "error.pulse_key_changed": (
        "The server's key for this poll is missing or was changed, so your answer was not kept."
        " Please tell your manager."
    ),
    "error.pulse_too_often": (
        "One of these squads has a poll that is open, or within the same week. Once a week is"
        " enough."
    ),
    "error.pulse_few_people": (
        "Only {n} people would be asked, and nothing is shown below {k}. Tick more squads to ask"
        " them together."
    ),
    "error.pulse_past": "That is in the past.",
    "error.pulse_no_model": (
        "No language model is set up, so comments cannot be given to one. Untick this, or ask the"
        " operator to set `MUSTER_MODEL`."
    ),
    "error.pulse_overlaps": "It would still be open when it comes again. Choose fewer days.",
    "error.pulse_no_questions": "Write at least one question, or choose a ready-made set.",
    "error.pulse_many_questions": "At most {limit} questions, please.",
    "error.pulse_long_question": "A question has between 1 and {limit} characters.",
    "error.pulse_long_comment": "At most {limit} characters, please.",
    "error.pulse_nobody": "Tick at least one squad.",
    "error.pulse_no_viewer": "Tick at least one group who sees the results.",
}
