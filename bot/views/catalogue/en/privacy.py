"""Words of privacy: what is stored about a person, who looked, how long it is kept, erasing."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "privacy.term.one": "1 day",
    "privacy.term.other": "{n} days",
    "privacy.term.always": "until it is erased",
    "privacy.keeps.questions": "what was asked goes; that it was asked stays",
    "privacy.keeps.messages": "the record that a message was sent goes",
    "privacy.keeps.ledger": "who did and saw what goes",
    "privacy.keeps.time_off": "reasons go; the days stay",
    "privacy.keeps.coaching": "the words go; that there was feedback stays",
    "privacy.keeps.statuses": "reasons, figures and answers of what no longer holds go",
    "privacy.keeps.blockers": "notes go; the lost time stays",
    "privacy.keeps.announcements": "texts and replies go; who has got one stays",
    "privacy.keeps.sessions": "who said yes and answers in a quiz go; how many came stays",
    "privacy.keeps.meetings": "closed topics, notes and done actions go; open ones stay",
    "privacy.keeps.disputes": "reasons of decided disputes go; rulings stay",
    "privacy.keeps.work": "labels, links and notes of findings go; counts stay",
    "privacy.retention.set": (
        "{kind}: kept {term} from now on. What is past its time goes the next night."
    ),
    "privacy.holding.identity": "Name, address, time zone, hours, and what tools call you",
    "privacy.holding.squads": "Squads, roles, status and tags",
    "privacy.holding.time_off": "Time off",
    "privacy.holding.work": "Finished tasks",
    "privacy.holding.audits": "Audits of your work, with findings",
    "privacy.holding.disputes": "Disputes",
    "privacy.holding.reworks": "Tasks that came back",
    "privacy.holding.coaching": "Feedback, praise and coaching",
    "privacy.holding.questions": "Questions and votes on answers",
    "privacy.holding.blockers": "Times you could not work",
    "privacy.holding.statuses": "Changes of status",
    "privacy.holding.snippets": "Notes kept for reuse",
    "privacy.holding.announcements": "Announcements you have got, and your replies",
    "privacy.holding.sessions": "Sessions: whether you come, and your answers in a quiz",
    "privacy.holding.meetings": "Topics for a meeting, and what you said you would do",
    "privacy.holding.acts": "What you did for others: audits, answers, rulings",
    "privacy.holding.ledger": "Who did and saw what",
    "privacy.holding.messages": "Records of messages to you, without their text",
    "privacy.me.title": "What is stored about you",
    "privacy.me.held": "• {what}: {n} · kept {term}",
    "privacy.me.looks": "Who looked, latest first",
    "privacy.me.nobody": "Nobody but you.",
    "privacy.me.operator": "the operator, or somebody who is erased",
    "privacy.me.look": "• {moment} · {by} · {squad}",
    "privacy.me.small": (
        "Answers to pulses are not here: nothing links them to you. After the time that is named,"
        " words go and counts stay. Whoever runs Muster can erase you; Slack's own copies of"
        " messages stay with Slack."
    ),
    "privacy.me.cut": "There is more than fits here; the export has all of it.",
    "privacy.me.export": "Export",
    "privacy.export.asked": "Your file comes as a direct message in a moment.",
    "privacy.export.filename": "muster-about-me.json",
    "privacy.export.title": "What is stored about you",
    "privacy.export.alt": "A JSON file with everything that is stored about you",
    "privacy.export.comment": (
        "Everything that is stored about you, as JSON. Other people appear as “somebody else”. It"
        " is yours to keep; delete it here if others use this account."
    ),
    "kind.privacy.export": "export of what is stored about somebody",
    "privacy.erase.former": "Former member {n}",
    "privacy.erase.dry": "{name} would become “{pseudonym}”. Stored about them:",
    "privacy.erase.done": "{name} is “{pseudonym}” now. Stored about them until now:",
    "privacy.erase.held": "  {what}: {n}",
    "privacy.erase.goes": (
        "Gone for good: name, address, Slack and tool identities, tags, hours, the words of their"
        " questions, disputes, blockers, reasons and feedback, and what waited to be sent. Open"
        " reservations, disputes, reworks and blockers are closed."
    ),
    "privacy.erase.stays": (
        "It stays: counts, audits and notes to their work, under the pseudonym. Slack keeps its own"
        " copies of messages, and backups and earlier exports keep theirs: see to those yourself."
    ),
    "privacy.erase.sure": "Erase {name} for good?",
    "privacy.erase.left": "Nothing was erased.",
    "privacy.export.written": "Written to {file}. It holds personal data: hand it over safely.",
    "error.person_unknown": (
        "I know nobody called “{who}”. Use the name as it stands in Muster, an e-mail address, a"
        " Slack user id or a tool's name of them."
    ),
    "error.person_several": (
        "“{who}” means {n} people. Use an e-mail address or a Slack user id instead."
    ),
    "error.erase_last_admin": (
        "{name} is the last admin. Add another one first: `muster admin add`."
    ),
    "error.erase_only_manager": (
        "{name} is the only manager of {squads}. Make somebody else manager first:"
        " `/muster grant @someone manager`."
    ),
    "error.retention_kind": "There is no kind of data called “{kind}”. Known: {known}.",
    "error.retention_days": "“{text}” is neither a number of days nor `never`.",
    "error.retention_short": (
        "{kind} cannot be kept for less than {least} days: what still goes on needs it."
    ),
}
