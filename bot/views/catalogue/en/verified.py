"""English sentences of verified answers: how they are shown, and looked at again."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "kind.verified.expiring": "a verified answer to look at again",
    "verified.by": "Verified by {name} on {day}{version}.",
    "verified.by.nobody": "Verified on {day}{version}.",
    "verified.version": ", guidelines {version}",
    "verified.review": "Its guideline section changed since; its verifier was asked to look.",
    "verified.line.expiring": "Does your verified answer still hold? {question}",
    "verified.line.review": "The section under your verified answer changed: {question}",
    "verified.line.look": "Look",
    "verified.form.title": "Verified answer",
    "verified.form.expires": "Given until {day} unless you confirm it.",
    "verified.form.section": "It rests on: {section}",
    "verified.form.text": "The answer",
    "verified.form.what": "What becomes of it",
    "verified.form.what.keep": "It holds, with these words, for 90 days",
    "verified.form.what.drop": "It no longer holds; give it to nobody",
    "verified.form.send": "Save",
    "verified.saved.keep": "Thank you. It is given until {day}.",
    "verified.saved.drop": "Dropped. Nobody is given it any more.",
    "edge.title": "An edge case like this: {title}",
    "edge.ruling": "Ruled by {name} on {day}{version}.",
    "error.verified_gone": "That answer is no longer stored.",
    "error.verified_dropped": "That answer was dropped already.",
}
