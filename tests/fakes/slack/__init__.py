"""A strict Slack at the wire: it refuses what Slack refuses and remembers what it was told.

It speaks the Web API over real HTTP to the real ``AsyncWebClient``, sends signed requests
into a real Bolt ``AsyncApp``, and validates every message and view that passes, acks included.

    from tests.fakes.slack import FakeSlack, Fault, make_session

    async with FakeSlack(manifest=Path("manifest.yml")) as slack:      # optional: now=clock
        ada = slack.add_user("Ada", tz="Europe/London", is_admin=True)  # .id is U…
        lan = slack.add_user("Lan", tz="Asia/Shanghai", email="lan@example.org")
        team = slack.add_channel("team", members=[ada, lan])            # the bot is in it
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
        app = AsyncApp(client=client, signing_secret=slack.signing_secret)

        # A person does something; the answer is measured, validated and applied.
        done = await slack.command("/audit", "T-1", user=ada, channel=team).deliver(app)
        form = slack.views(ada)[-1]                       # the open modal, top of the stack
        values = {"verdict": "reject", "note": "too loose"}           # by action_id
        done = await slack.submit(form, ada, values).deliver(app)
        assert done.errors == {} and slack.views(ada) == []
        message = slack.dm(lan)[-1]                       # what reached Lan's DM
        await slack.click(message, "finding_ack", lan).deliver(app)
        await slack.select(message, "menu", lan, "later").deliver(app)
        await slack.close(form, ada).deliver(app)         # view_closed, if it was asked for
        await slack.open_home(lan).deliver(app)           # app_home_opened
        await slack.mention("audit T-1", user=ada, channel=team).deliver(app)
        await slack.say("hello", user=lan).deliver(app)   # a message in the DM with the bot
        await slack.drop_file("rows.csv", b"task,…", user=ada).deliver(app)
        await slack.event("team_join", user=lan.to_slack()).deliver(app)
        found = await slack.options(form, "section", ada, query="4.").deliver(app)  # .options
        await slack.message_shortcut("ask_about", message, lan).deliver(app)
        await slack.global_shortcut("ask", lan).deliver(app)

        # The same thing again is the same object delivered again (same event_id, trigger_id).
        ping = slack.mention("help", user=ada, channel=team)
        await ping.deliver(app)
        await ping.deliver(app, retry=1)                  # adds Slack's retry headers
        body, headers = ping.signed()                     # for signed HTTP: POST body as it is

        # Bad days are switches.
        slack.faults.add(method="chat.postMessage", kind=Fault.DROP_AFTER, times=1)
        slack.faults.add(method="chat.*", kind=Fault.RATE_LIMITED, retry_after=7)
        slack.faults.add(method="views.open", error="internal_error")
        slack.faults.add(method="*", kind=Fault.LATENCY, seconds=0.1, times=None)
        slack.faults.down(seconds=600)                    # by the clock given as ``now``
        slack.history_delay = 20                          # history hides the newest 20 s

        # The record.
        slack.messages(team), slack.dm(lan), slack.ephemerals(team, ada)   # lists of Message
        slack.home(lan), slack.views(ada)                 # View or None; list of View
        slack.files, slack.calls, slack.failures          # FileRecord, Call, str
        slack.scopes_used, slack.features_used            # sets; give your own to gather a suite
        slack.allowed_links.append("https://tool/")       # links that text may carry
        slack.forbid_bare_links = True                    # also https://… that Slack links itself
        slack.expect_failure("missing_scope")             # must happen, and is then no failure

What a bot must never do (a broken limit, an unknown method, a missing scope, a link or broadcast
in text, a post without ``unfurl_links=False`` and ``unfurl_media=False`` or without ``text``, an
answer after 3 s or other than 200) stands in ``slack.failures``; leaving the context with any
left raises AssertionError. What may happen to a good bot (429, ``not_in_channel``,
``expired_trigger_id``, ``hash_conflict``, …) is an answer and no failure.

``make_session(guard)`` gives an ``aiohttp.ClientSession`` that calls ``guard`` in the caller's
task before each request, so a test can prove that none is made inside a transaction;
``slack.make_session(guard)`` also writes a failure down when the guard raises.
"""

from tests.fakes.slack.fake import FakeSlack, make_session
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.inbound import Delivery, Inbound
from tests.fakes.slack.manifest import Manifest
from tests.fakes.slack.rates import Rates
from tests.fakes.slack.records import Call, Channel, FileRecord, Message, User, View

__all__ = [
    "Call",
    "Channel",
    "Delivery",
    "FakeSlack",
    "Fault",
    "FileRecord",
    "Inbound",
    "Manifest",
    "Message",
    "Rates",
    "User",
    "View",
    "make_session",
]
