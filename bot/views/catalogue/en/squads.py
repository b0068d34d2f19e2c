"""Words of squads: their people, settings, rehearsal, going live and the welcome."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "command.squad.usage": (
        "/squad create | add | list | people | settings | rehearsal | live | help"
    ),
    "command.squad.example": "/squad add @ana @ben as auditor",
    "command.squad.what": "Arrange a squad: its people, channels, hours and target.",
    "command.squad.help": (
        "*Start*  `/squad create Kestrel Europe/Berlin` (admins), `/squad rehearsal`,"
        " `/squad live`\n"
        "*People*  `/squad add @ana @ben as auditor` (or a #channel, or a @user-group),"
        " `/squad list`, `/squad remove @ana`\n"
        "*Roles, statuses, tags*  `/squad roles @ana auditor contributor`,"
        " `/squad status @ana paused leave`, `/squad tag @ana spanish`,"
        " `/squad untag @ana spanish`\n"
        "*With a second person*  `/squad probation @ana`, `/squad pause @ana quality`,"
        " `/squad offboard @ana`; and back: `/squad reinstate @ana`\n"
        "*Channels*  `/squad channels team #kestrel digest #kestrel-quality`\n"
        "*Time*  `/squad hours 09:00-18:00`, `/squad days mon-fri`, `/squad zone Europe/Berlin`,"
        " `/squad holidays DE BY`, `/squad quiet 20:00-08:00`,"
        " `/squad half-days 2026-12-24 until 13:00`, `/squad sync Daily 09:30 LINK`,"
        " `/squad schedule`\n"
        "*Quality*  `/squad people`, `/squad project`, `/squad target 95%`,"
        " `/squad figures self+managers`\n"
        "*All settings in one form*  `/squad settings`\n"
        "In several squads? End with the name, as in `/squad list in Kestrel`."
    ),
    # Settings, and how they are shown.
    "squad.state.rehearsal": "in rehearsal",
    "squad.state.live": "live",
    "squad.label.zone": "Time zone",
    "squad.label.days": "Working days",
    "squad.label.hours": "Working hours",
    "squad.label.quiet": "Quiet hours",
    "squad.label.half_days": "Half days",
    "squad.label.holidays": "Public holidays",
    "squad.label.target": "Quality target",
    "squad.label.figures": "Figures about one person",
    "squad.label.team": "Team channel",
    "squad.label.questions": "Questions channel",
    "squad.label.digest": "Digest channel",
    "squad.label.syncs": "Syncs",
    "squad.hours": "{start}–{end}",
    "squad.hours_over_midnight": "{start}–{end} of the next day",
    "squad.not_set": "not set",
    "squad.target": "{percent}%",
    "squad.sync": "{name} at {time}",
    "squad.figures.self+managers": "the person and the managers",
    "squad.figures.self": "the person alone",
    "squad.figures.off": "nobody",
    "squad.role.manager": "manager",
    "squad.role.auditor": "auditor",
    "squad.role.contributor": "contributor",
    "squad.role.delivery": "delivery",
    "squad.role.client": "client",
    "squad.status.onboarding": "onboarding",
    "squad.status.active": "active",
    "squad.status.probation": "on probation",
    "squad.status.paused": "paused",
    "squad.status.offboarded": "offboarded",
    "squad.created": (
        "*{squad}* exists and is in rehearsal: nothing is sent until it goes live.\n"
        "Working {days}, {hours} ({zone})."
    ),
    "squad.created_managed": "{manager} manages it.",
    "squad.created_unmanaged": "It has no manager yet: `/muster grant @someone manager {squad}`.",
    "squad.created_next": "Next: `/squad add @ana @ben in {squad}`, then `/squad settings`.",
    "squad.changed": "*{squad}* has it:",
    "squad.changed_schedules": "Planned digests and reminders follow this from now on.",
    "squad.title": "*{squad}* · {state}",
    "squad.people.one": "*One person*",
    "squad.people.other": "*{n} people*",
    "squad.people.none": "Nobody is in it yet. `/squad add @ana @ben` adds people.",
    "squad.list_cut": "The rest of the list does not fit here.",
    "squad.member_no_role": "no role",
    "squad.member_inactive": "{person} (not active in Slack)",
    # What became of people.
    "squad.add.done": "In *{squad}* now: {people}.",
    "squad.add.same": "Already in it: {people}.",
    "squad.remove.done": "No longer in *{squad}*: {people}.",
    "squad.remove.same": "Nothing to remove for {people}.",
    "squad.roles.done": "Roles changed in *{squad}*: {people}.",
    "squad.roles.same": "Had these roles already: {people}.",
    "squad.status.done": "Now {status} in *{squad}*: {people}.",
    "squad.status.same": "Were {status} already: {people}.",
    "squad.tags.done": "Tags changed in *{squad}*: {people}.",
    "squad.tags.same": "Tags were so already: {people}.",
    "squad.grant.done": "Managing *{squad}* now: {people}.",
    "squad.grant.same": "Managed *{squad}* already: {people}.",
    "squad.revoke.done": "No longer managing *{squad}*: {people}.",
    "squad.revoke.same": "Did not manage *{squad}*: {people}.",
    "squad.skip.bot": "Left out, for bots are not members: {people}.",
    "squad.skip.inactive": "Left out, deactivated in Slack: {people}.",
    "squad.skip.never_manager": (
        "Left out, because guests and people of other workspaces cannot manage: {people}."
    ),
    "squad.skip.not_member": "Not in this squad: {people}. `/squad add` adds them.",
    "squad.skip.has_work": (
        "Kept, because their work, audits or feedback here belong to the squad's record: {people}."
        " `/squad status @someone paused REASON` takes them out of the daily work."
    ),
    "squad.skip.manager": (
        "Left as they are: {people}. Only an admin changes a manager; `/muster` names the admins."
    ),
    "squad.skip.needs_second": (
        "Left as they are: {people}. `/squad reinstate @someone` ends probation, an offboarding or"
        " a pause for quality."
    ),
    "squad.skip.many_tags": "Left as they are, with {limit} tags at most: {people}.",
    "squad.nobody": "Nobody was named that I could change.",
    # Rehearsal and going live.
    "squad.rehearsal.title": "*{squad}* is in rehearsal",
    "squad.rehearsal.live": "*{squad}* is live; these were held back before it was",
    "squad.rehearsal.live_none": (
        "*{squad}* is live, and its messages are sent. Nothing was held back in the last {days}"
        " days."
    ),
    "squad.rehearsal.none": "Nothing would have been sent in the last {days} days.",
    "squad.rehearsal.some.one": "One message would have been sent in the last {days} days:",
    "squad.rehearsal.some.other": "{n} messages would have been sent in the last {days} days:",
    "squad.rehearsal.item": "{when} · {recipient} · {kind}",
    "squad.rehearsal.next": (
        "Going live welcomes everybody in it who has had no welcome yet. From then on messages are"
        " sent."
    ),
    "squad.live.button": "Go live",
    "squad.live.confirm_title": "Go live?",
    "squad.live.confirm_text": (
        "Each member who is active in Slack gets one welcome, in their working hours. From then on"
        " messages are sent."
    ),
    "squad.live.confirm_yes": "Go live",
    "squad.live.confirm_no": "Not yet",
    "squad.live.done": "*{squad}* is live.",
    "squad.live.already": "*{squad}* is live already.",
    "squad.live.welcomed.one": "One person gets a welcome in their working hours.",
    "squad.live.welcomed.other": "{n} people each get one welcome in their working hours.",
    "squad.live.welcomed_nobody": "Everybody I can reach has been welcomed.",
    "squad.live.unreachable": (
        "I cannot reach {people}: deactivated, or not in Slack. Run `/squad live` again once that"
        " has changed."
    ),
    "squad.live.refusals": "If Slack refuses a message, the admins read so the next morning.",
    "squad.step.people": "People: a manager and a contributor (`/squad add @ana @ben`)",
    "squad.step.project": "Project: what the squad works on (`/squad project`)",
    "squad.step.guidelines": (
        "Guidelines: `muster import guidelines DIR --project PROJECT --version V` in the shell"
    ),
    "squad.step.import": "Work: `muster import submissions`, or drop the file in a message to me",
    "squad.step.first_audit": "First audit: `/audit TASK`",
    "squad.step.schedule": "Schedule: a digest channel (`/squad channels digest #channel`)",
    "squad.step.go_live": "Go live: `/squad live`",
    "squad.welcome.title": "Welcome: *{squad}* works with Muster from now on",
    "squad.welcome.what": (
        "*What is recorded*\nYour finished tasks, audits of a sample of them, and feedback you are"
        " given. What you write to others in Slack is not."
    ),
    "squad.welcome.who.self+managers": "*Who sees it*\nYou and the squad's managers ({managers}).",
    "squad.welcome.who.self": (
        "*Who sees it*\nFigures about you: you alone. Auditors see the single tasks they audit."
    ),
    "squad.welcome.who.off": (
        "*Who sees it*\nNo figures about single people are shown. You see what an audit of your"
        " work found, and so does who audited it."
    ),
    "squad.welcome.nobody_ranked": "Nobody is ranked anywhere.",
    "squad.welcome.disagree": (
        "*If you disagree*\nEach finding has a Dispute button; say why, and a manager is told."
    ),
    "squad.welcome.hours": (
        "*When I write*\nOnly in your working hours, {hours} ({zone}), a few messages a day at"
        " most. `/timeoff` says when you are away. `/muster` shows what I can do for you."
    ),
    "squad.welcome.line": (
        "*{squad}* works with Muster now: your tasks, audits of a sample and feedback are recorded,"
        " {managers} can tell you more, and each finding can be disputed."
    ),
    "squad.paused": (
        "You are paused in *{squad}*: {reason}. You get no work reminders of it until a manager"
        " sets you active again; if that is a mistake, tell {whom}."
    ),
    "squad.paused_whom_nobody": "an admin",
    "squad.paused.request": "as you asked for",
    "squad.paused.leave": "for a longer absence",
    "squad.paused.no-work": "there is no work for now",
    "squad.paused.access": "you have no access to the tool",
    # The forms.
    "squad.form.create": "New squad",
    "squad.form.settings": "Squad settings",
    "squad.form.name": "Name",
    "squad.form.manager": "Manager",
    "squad.form.manager_hint": (
        "People I have met are listed. Others: /muster grant @someone manager, afterwards."
    ),
    "squad.form.zone_hint": "As in Europe/Berlin or Asia/Manila.",
    "squad.form.days_hint": "Now: {days}.",
    "squad.form.hours_hint": "As in 09:00-18:00; 22:00-06:00 ends the next day.",
    "squad.form.channel_hint": (
        "The channel's link (open its details, Copy link) or its ID. Invite me to private ones."
    ),
    "squad.form.clear_hint": "Write none to remove it.",
    "squad.form.target_hint": "As in 95%. Write none to remove it.",
    "squad.form.holidays_hint": (
        "Country, and subdivision if you like: DE BY, US NY, KE. Write none to remove it."
    ),
    "squad.form.figures_hint": "Who sees rates and counts about one contributor.",
    "kind.squads.welcome": "welcome",
    "kind.squads.paused": "notice of a pause",
    # What cannot be done.
    "error.not_allowed_manage_squad": (
        "Only this squad's managers and the workspace's admins can do that. `/muster` names the"
        " ones you can ask."
    ),
    "error.not_allowed_see_deliveries": (
        "Only this squad's managers and the workspace's admins see what was and was not delivered."
    ),
    "error.not_allowed_roster": (
        "Only members of {squad} and admins see who is in it. Ask one of its managers."
    ),
    "error.squad_gone": "That squad no longer exists. `/muster` lists yours.",
    "error.squad_exists": "There is a squad called “{squad}” already. Please choose another name.",
    "error.squad_unnamed": "The squad needs a name, as in `/squad create Kestrel`.",
    "error.never_manager": (
        "{name} cannot manage a squad: guests, people of other workspaces, bots and deactivated"
        " accounts cannot. Please choose a member of this workspace."
    ),
    "error.nobody_to_welcome": (
        "Nobody is in {squad} yet. Add its people first: `/squad add @ana @ben`."
    ),
    "error.no_sync": "There is no sync called “{sync}”. Known: {known}.",
    "error.bad_hours": "I cannot read “{text}” as working hours. Please write `09:00-18:00`.",
    "error.bad_days": (
        "I cannot read “{text}” as working days. Please write `mon-fri` or `mon, wed, fri`."
    ),
    "error.bad_target": (
        "I cannot read “{text}” as a target. Please write a share up to 100 %, as in `95%`."
    ),
    "error.no_country": "Which country? Please write its code, as in `DE` or `DE BY`, or `none`.",
    "error.bad_figures": "“{text}” is not one of `self+managers`, `self` and `off`.",
    "error.no_role": (
        "Which role? As in `/squad roles @ana auditor contributor`. Roles are contributor, auditor,"
        " delivery and client; an admin makes managers."
    ),
    "error.no_status": (
        "Which status? As in `/squad status @ana active`, or `/squad status @ana paused leave`."
    ),
    "error.unknown_role": (
        "“{role}” is not a role. Roles are contributor, auditor, delivery, client, and manager"
        " (given by an admin)."
    ),
    "error.unknown_status": (
        "“{status}” is not a status I can set. It is `onboarding`, `active` or `paused REASON`."
    ),
    "error.status_needs_second": (
        "Probation and offboarding take a reason and a second person's confirmation:"
        " `/squad probation @ana`, `/squad offboard @ana`."
    ),
    "error.pause_needs_reason": (
        "A pause needs one of these reasons: `request` (asked for), `leave` (a longer absence),"
        " `no-work`, `access`. As in `/squad status @ana paused leave`."
    ),
    "error.no_tags": "Which tag? As in `/squad tag @ana spanish medical`.",
    "error.not_a_link": "“{link}” is not a link. It starts with https://.",
    "error.not_a_channel": (
        "I cannot tell which channel “{channel}” is. Pick it from the list that Slack offers after"
        " `#`, or paste the channel's link or ID."
    ),
    "error.bad_channels": (
        "Please name uses and channels in turns, as in"
        " `/squad channels team #kestrel questions #kestrel-questions digest none`."
    ),
    "error.channel_unknown": (
        "I cannot see the channel “{channel}”. If it is private, invite me there first:"
        " `/invite @muster`."
    ),
    "error.channel_archived": "#{channel} is archived. Unarchive it, or choose another channel.",
    "error.bot_not_in_channel": (
        "I am not in #{channel}. Type `/invite @muster` there, then try again."
    ),
    "error.nobody_named": (
        "Whom? Please pick people from the list that Slack offers after `@`, as in `{example}`."
    ),
    "error.too_many_people": (
        "That are {n} people; I add at most {limit} at once. Name a smaller channel or group."
    ),
    "error.user_groups_need_plan": (
        "Slack offers user groups on paid plans only. Name the people or a channel instead."
    ),
    "error.unknown_group": "Slack does not show me that user group. Name its people instead.",
    "error.slack_silent": (
        "Slack did not answer me ({reason}). Nothing was changed; please try again in a moment."
    ),
    "error.sync_arguments": (
        "Please write name, time and link, as in"
        " `/squad sync Daily 09:30 LINK`, or `/squad sync Daily off`."
    ),
    "error.unknown_squad_command": (
        "`/squad {command}` is not something I know. `/squad help` lists what there is."
    ),
}
