"""English sentences of one-on-ones, for the two who hold them and for setting them up."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "command.oneonone.usage": (
        "/oneonone [@someone]   or   /oneonone topic [@someone] TEXT   or   /oneonone setup"
    ),
    "command.oneonone.example": "/oneonone topic my hours in December",
    "command.oneonone.what": "Your one-on-ones: when they are, what to talk about, what to do.",
    "command.oneonone.help": (
        "`/oneonone` your next ones, topics and actions\n"
        "`/oneonone @ana` the page of the two of you\n"
        "`/oneonone topic TEXT` a topic that only you see until you share it\n"
        "`/oneonone setup` for managers: how often, on which days, with whom"
    ),
    "kind.oneonone.eve": "a one-on-one tomorrow",
    "kind.oneonone.soon": "a one-on-one in ten minutes",
    "kind.oneonone.moved": "a one-on-one that moved",
    "kind.oneonone.planned": "the beginning of one-on-ones",
    "kind.oneonone.left": "one-on-ones that ended",
    # What comes: a list of one's own.
    "oneonones.list.title": "Your one-on-ones",
    "oneonones.list.none": (
        "You have no one-on-ones yet. They begin once a manager of your squad has set them up."
    ),
    "oneonones.list.none_manager": (
        "You hold no one-on-ones yet. Set up how often, on which days and at which hours; I plan"
        " them around everybody's working hours and time off."
    ),
    "oneonones.list.with_manager": "*{name}* ({squad}), your manager",
    "oneonones.list.with_person": "*{name}* ({squad})",
    "oneonones.list.next": "{seat}: {when}",
    "oneonones.list.nothing": "{seat}: nothing is planned",
    "oneonones.list.homeless": "{seat}: no hour in common",
    "oneonones.list.topics.one": "{n} topic",
    "oneonones.list.topics.other": "{n} topics",
    "oneonones.list.actions.one": "{n} open action",
    "oneonones.list.actions.other": "{n} open actions",
    "oneonones.list.without.one": "*{n} person has no one-on-one:* {names}",
    "oneonones.list.without.other": "*{n} people have no one-on-one:* {names}",
    "oneonones.list.without.hint": (
        "Nobody has taken them, or no hour is common to both. *Set up* says which."
    ),
    "oneonones.list.cut": "There are more; `/oneonone @someone` shows any of them.",
    "oneonones.open": "Open",
    "oneonones.setup": "Set up",
    "oneonones.setup.squad": "Set up: {squad}",
    # The page of two people.
    "oneonones.page.title": "One-on-one",
    "oneonones.page.head": "*One-on-one with {name}* ({squad})",
    "oneonones.page.how.one": "every week, {minutes} minutes",
    "oneonones.page.how.other": "every {n} weeks, {minutes} minutes",
    "oneonones.page.link": "join",
    "oneonones.page.ended": "You do not meet regularly any more.",
    "oneonones.page.next": "*Next:* {when}",
    "oneonones.page.later": "Then: {when}",
    "oneonones.page.nothing": "Nothing is planned in the next six weeks.",
    "oneonones.page.unplaced": "The one of {when} has no time: no other hour is free for both.",
    "oneonones.page.homeless": (
        "You share no working hour in which {name} holds one-on-ones, so none is planned."
    ),
    "oneonones.page.homeless.manager": (
        "{name} works in none of the hours in which you hold one-on-ones, so none is planned."
        " *Set up* other hours, or agree on a time between the two of you."
    ),
    "oneonones.page.also": (
        "The two of you also meet in {squads}. One of the two may be enough; *Set up* there says"
        " with whom."
    ),
    "oneonones.page.missed": "*You have missed {n} rounds in a row.* Please find a time.",
    "oneonones.page.topics": "*To talk about*",
    "oneonones.page.topics.none": "*To talk about:* nothing yet",
    "oneonones.page.topic.private": "{text}  _(only you see it)_",
    "oneonones.page.topic.mine": "{text}  _(yours, shared)_",
    "oneonones.page.topic.theirs": "{text}  _({name})_",
    "oneonones.page.topics.more.one": "and {n} more topic",
    "oneonones.page.topics.more.other": "and {n} more topics",
    "oneonones.page.actions": "*To do*",
    "oneonones.page.action": "• {text} ({name})",
    "oneonones.page.action.due": "• {text} ({name}, by {due})",
    "oneonones.lists.all": "Show all",
    "oneonones.lists.title": "To talk about, to do",
    "oneonones.lists.earlier": "Earlier ones",
    "oneonones.lists.later": "Later ones",
    "oneonones.lists.page": "{first} to {last} of {total}",
    "oneonones.lists.nothing": "Nothing is open any more.",
    "oneonones.page.past": "*Before*",
    "oneonones.page.past.happened": "{when}: you met",
    "oneonones.page.past.missed": "{when}: missed",
    "oneonones.page.past.unknown": "{when}: nobody said whether you met",
    "oneonones.page.past.cancelled": "{when}: left out",
    "oneonones.page.past.no_time": "{when}: there was no free time in that round",
    "oneonones.topic.add": "Add a topic",
    "oneonones.topic.share": "Share",
    "oneonones.topic.close": "Done",
    "oneonones.topic.form": "Add a topic",
    "oneonones.topic.label": "What would you like to talk about?",
    "oneonones.topic.hint": "Only you see it until you share it.",
    "oneonones.move": "Move",
    "oneonones.again": "Find a time",
    "oneonones.cancel": "Leave it out",
    "oneonones.cancel.sure": "Leave this one out?",
    "oneonones.cancel.text": "The other one is told. The next one stays where it is.",
    "oneonones.cancel.no": "Keep it",
    # Moving one.
    "oneonones.move.title": "Move a one-on-one",
    "oneonones.move.title_again": "Find a time",
    "oneonones.move.which": "With {name} ({squad}), so far {when}.",
    "oneonones.move.again": "With {name} ({squad}); the one of {when} was missed.",
    "oneonones.move.places": "When both of you are free",
    "oneonones.move.choose": "Choose a time",
    "oneonones.move.none": (
        "In the next two weeks I find no hour that is free for both of you. Agree on a time and"
        " choose it below."
    ),
    "oneonones.move.day": "Or another day",
    "oneonones.move.time": "at",
    "oneonones.move.hint": "Your time ({zone}), within the working hours of both.",
    "oneonones.move.submit": "Move it",
    "oneonones.move.plan": "Plan it",
    "oneonones.moved.receipt": "It is now {when}. {name} is told.",
    "oneonones.cancelled.receipt": "It is left out. {name} is told.",
    # Messages.
    "oneonones.eve": "One-on-one with {name} ({squad}): {when}",
    "oneonones.eve.topics.one": "{n} topic so far",
    "oneonones.eve.topics.other": "{n} topics so far",
    "oneonones.soon": "Your one-on-one with {name} begins {when}.",
    "oneonones.soon.link": "Join",
    "oneonones.moved": "Your one-on-one with {name} ({squad}) moved from {was} to {when}.",
    "oneonones.moved.back": "Your one-on-one with {name} ({squad}) is planned again: {when}.",
    "oneonones.moved.again": (
        "Your one-on-one with {name} ({squad}), which was missed, is planned anew: {when}."
    ),
    "oneonones.moved.undone": "Your one-on-one with {name} ({squad}) of {was} is left out.",
    "oneonones.moved.no_time": (
        "Your one-on-one with {name} ({squad}) of {was} cannot be held, and no other hour of that"
        " round is free for both of you."
    ),
    "oneonones.planned.one": (
        "You and {name} ({squad}) meet one-on-one every week, {minutes} minutes. First: {when}"
    ),
    "oneonones.planned.other": (
        "You and {name} ({squad}) meet one-on-one every {n} weeks, {minutes} minutes. First: {when}"
    ),
    "oneonones.planned.homeless": (
        "{name} ({squad}) has no one-on-one: you share no hour in which you hold them."
    ),
    "oneonones.left": "Your one-on-ones with {name} ({squad}) have ended.",
    # Setting up.
    "oneonones.form.title": "One-on-ones",
    "oneonones.form.intro": "*{squad}.* Times are yours ({zone}).",
    "oneonones.form.every": "How often",
    "oneonones.form.every.one": "every week",
    "oneonones.form.every.other": "every {n} weeks",
    "oneonones.form.minutes": "How long",
    "oneonones.form.minutes.option": "{n} minutes",
    "oneonones.form.days": "On these days",
    "oneonones.form.hours": "Between",
    "oneonones.form.hours.hint": "On your clock, as in 10:00-16:00.",
    "oneonones.form.link": "Meeting link",
    "oneonones.form.people": "Only with these people",
    "oneonones.form.people.hint": (
        "Empty: everybody who contributes or audits and meets no other manager of the squad, also"
        " who joins later."
    ),
    "oneonones.form.submit": "Show the plan",
    "oneonones.plan.title": "The plan",
    "oneonones.plan.submit": "Plan it",
    "oneonones.plan.fits.one": (
        "{n} person {every} needs {needed} h a week; your hours hold {held} h."
    ),
    "oneonones.plan.fits.other": (
        "{n} people {every} need {needed} h a week; your hours hold {held} h."
    ),
    "oneonones.plan.nobody": (
        "There is nobody to plan for: all who contribute or audit meet another manager already, or"
        " Slack does not know them. Name people to take them over."
    ),
    "oneonones.plan.crowded.one": "*No place is left for {names}.* Add a day or longer hours.",
    "oneonones.plan.crowded.other": (
        "*No place is left for {n} people:* {names}. Add days or longer hours."
    ),
    "oneonones.plan.without.one": "*{names} works in none of these hours.* Choose others.",
    "oneonones.plan.without.other": "*{n} people work in none of these hours:* {names}.",
    "oneonones.plan.twice.one": "{names} has one-on-ones in another squad as well.",
    "oneonones.plan.twice.other": "{n} people have one-on-ones in another squad as well: {names}.",
    "oneonones.plan.taken": "{manager} meets {names}.",
    "oneonones.plan.left.one": "You would not meet {names} any more.",
    "oneonones.plan.left.other": "You would not meet {n} people any more: {names}.",
    "oneonones.plan.every_week": "*Every week*",
    "oneonones.plan.week": "*Week {n} of {of}*",
    "oneonones.plan.place": "{weekday} {time}  {name}",
    "oneonones.plan.place.first": "{weekday} {time}  {name}, first {first}",
    "oneonones.plan.stays": "Who has a place already keeps it.",
    "oneonones.plan.more.one": "and {n} more",
    "oneonones.plan.more.other": "and {n} more",
    "oneonones.done.one": "{n} person has one-on-ones with you, planned six weeks ahead.",
    "oneonones.done.other": "{n} people have one-on-ones with you, planned six weeks ahead.",
    "oneonones.done.told": "Each of them reads it in their next Today. `/oneonone` shows yours.",
    # Home.
    "oneonones.home.rarely": "*Missed twice in a row or more:* {names}. Please find a time.",
    "oneonones.home.without": "*Without a one-on-one:* {names}",
    # What cannot be done.
    "error.not_allowed_hold_one_on_ones": "One-on-ones are set up by the managers of the squad.",
    "error.oneonone_none": (
        "You have no one-on-ones yet. They begin once a manager of your squad has set them up."
    ),
    "error.oneonone_nobody": "You and {name} have no one-on-ones.",
    "error.oneonone_which": (
        "You have more than one. Please name whom it is for, as in `/oneonone topic @ana TEXT`."
    ),
    "error.oneonone_gone": "This one-on-one is not there, or not yours.",
    "error.oneonone_moved": "It was moved meanwhile. Please open it again to see when it is.",
    "error.oneonone_over": "This one-on-one is over. What comes is in `/oneonone`.",
    "error.oneonone_off": "This one-on-one was called off. What comes is in `/oneonone`.",
    "error.oneonone_not_yet": "It has not begun yet.",
    "error.oneonone_busy": "One of you has another one-on-one then. Please choose another time.",
    "error.oneonone_outside": (
        "That is outside of the working hours of one of you. Please choose another time."
    ),
    "error.oneonone_past": "That time has passed. Please choose a later one.",
    "error.oneonone_far": "Please choose a time within the next six weeks.",
    "error.oneonone_when": "Please choose a time from the list, or a day and a time.",
    "error.oneonone_again": "It has been planned anew already. `/oneonone` shows when.",
    "error.not_your_oneonone": "What became of it says whoever leads it.",
    "error.oneonone_weeks": "Please choose every week, or every two, three or four.",
    "error.oneonone_days": "Please choose at least one day.",
    "error.oneonone_minutes": "Please choose how long they are.",
    "error.oneonone_hours": "The hours end before they begin. Please choose a later end.",
    "error.oneonone_short": "These hours are shorter than one meeting of {minutes} minutes.",
    "error.oneonone_not_member": (
        "{name} cannot be met here: one-on-ones are with contributors, auditors and other managers"
        " of the squad whom Slack can reach."
    ),
    "error.oneonone_people": "Please name at most {limit} people.",
    "error.oneonone_topic_empty": "Please write what you would like to talk about.",
    "error.oneonone_topic_long": "A topic has at most {limit} characters; this one has {n}.",
    "error.oneonone_topic_gone": "This topic is not there any more, or not yours.",
    "error.oneonone_topics_many": (
        "You have {limit} open topics here. Please close some that you have talked about."
    ),
}
