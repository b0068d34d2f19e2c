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
    "privacy.keeps.disputes": "reasons of decided disputes go; rulings stay",
    "privacy.keeps.work": "labels, links and notes of findings go; counts stay",
    "privacy.retention.set": (
        "{kind}: kept {term} from now on. What is past its time goes the next night."
    ),
    "error.retention_kind": "There is no kind of data called “{kind}”. Known: {known}.",
    "error.retention_days": "“{text}” is neither a number of days nor `never`.",
    "error.retention_short": (
        "{kind} cannot be kept for less than {least} days: what still goes on needs it."
    ),
}
