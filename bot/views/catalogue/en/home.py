"""Words of the Home tab."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "home.hello": "Hello {name}",
    "home.set_up": "Muster is not set up here yet. As a Slack admin you can start: it makes you"
    " Muster's first admin.",
    "home.set_up.button": "Set up",
    "home.no_squad": "You are in no squad yet. A manager adds you with `/squad add @you`; then"
    " your day shows up here.",
    "home.today": "Today",
    "home.nothing_today": "Nothing waits for you.",
    "home.more_squads.one": "One more squad: `/squad list` shows it.",
    "home.more_squads.other": "{n} more squads: `/squad list` shows each of them.",
    "home.people": "People",
    "home.project": "Project",
    "home.settings": "Settings",
    "home.rehearsed.button": "Would have been sent: {n}",
    "home.rehearsed.title": "In rehearsal",
    "home.unread.none": "Everybody has read their feedback.",
    "home.unread.title.one": "*Feedback on one audit is not acknowledged yet*",
    "home.unread.title.other": "*Feedback on {n} audits is not acknowledged yet*",
    "home.unread.item.one": "• {name}: one, of {oldest}",
    "home.unread.item.other": "• {name}: {n}, the oldest of {oldest}",
    "home.refused.none": "Every message of the last seven days arrived.",
    "home.refused.title.one": "*One message of the last seven days did not arrive*",
    "home.refused.title.other": "*{n} messages of the last seven days did not arrive*",
    "home.coming": "Next {name}: {moment}",
    "home.admin": "For admins",
    "home.no_squads": "There is no squad yet.",
    "home.create_squad": "Create a squad",
    "home.recent": "Your feedback of the last two weeks",
    "home.recent.accepted": "{at} · task {task} accepted, {findings}",
    "home.recent.rejected": "{at} · task {task} rejected, {findings}",
    "home.recent.praise": "{at} · praise for task {task}",
    "home.recent.findings.one": "one finding",
    "home.recent.findings.other": "{n} findings",
    "home.figures": "Your last four weeks",
    "home.figures.rate.one": "• {project} ({squad}): {rate} accepted, from one random audit; too"
    " few to say more",
    "home.figures.rate.other": "• {project} ({squad}): {rate} accepted ({interval}), from {n}"
    " random audits",
    "home.figures.none": "• {project} ({squad}): no random audits yet",
    "home.figures.who": "The range is where the true rate lies with 95% confidence. Nobody is"
    " ranked.",
    "home.away": "Your coming time off",
    "home.away.none": "You have no time off planned.",
    "home.help": "`/muster` lists what I can do for you; you can also write to me here.",
    "home.help.button": "Help",
    "home.cut": "There is more than fits here.",
}
