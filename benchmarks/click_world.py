"""What the click measures share: a small squad, and one audit form as Slack sends it."""

import hashlib
import hmac
import json
import time
from datetime import time as local_time
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

from sqlalchemy import Engine, event, insert

import models
from tests.harness import House, open_house

FORM_VALUES = {
    "verdict": "rejected",
    "finding_1_category": "1",
    "finding_1_severity": "error",
    "finding_1_section": "1.2",
    "finding_1_note": "The span misses its last word.",
}


async def seed(house: House, submissions: int) -> tuple[Any, Any]:
    """Make a live squad with an auditor, a contributor and work; return both Slack users."""
    auditor = house.slack.add_user("Ada", tz="Europe/London")
    contributor = house.slack.add_user("Lan", tz="Europe/London")
    by, about = await house.meet(auditor, contributor)
    now, workspace_id = house.hands.time, house.workspace_id
    async with house.database.write() as tx:
        squad = (
            await tx.execute(
                insert(models.Squad)
                .values(
                    workspace_id=workspace_id,
                    name="Kestrel",
                    state="live",
                    individual_figures="self+managers",
                    language="en",
                    zone="Europe/London",
                    working_days="01234",
                    work_start=local_time(8),
                    work_end=local_time(17),
                    created_at=now,
                )
                .returning(models.Squad.id)
            )
        ).scalar_one()
        project = (
            await tx.execute(
                insert(models.Project)
                .values(workspace_id=workspace_id, name="Intents", created_at=now)
                .returning(models.Project.id)
            )
        ).scalar_one()
        keys = {"workspace_id": workspace_id, "project_id": project}
        await tx.execute(
            insert(models.SquadProject).values(
                workspace_id=workspace_id, squad_id=squad, project_id=project
            )
        )
        await tx.execute(
            insert(models.Category).values(**keys, name="Wrong span", severity="error", position=0)
        )
        for person, role in ((by, "auditor"), (about, "contributor")):
            member = (
                await tx.execute(
                    insert(models.Member)
                    .values(
                        workspace_id=workspace_id,
                        squad_id=squad,
                        person_id=person,
                        status="active",
                        joined_at=now,
                    )
                    .returning(models.Member.id)
                )
            ).scalar_one()
            await tx.execute(
                insert(models.MemberRole).values(
                    workspace_id=workspace_id, member_id=member, role=role
                )
            )
        await tx.execute(
            insert(models.Submission),
            [
                {
                    **keys,
                    "squad_id": squad,
                    "contributor_id": about,
                    "task": f"T-{number}",
                    "submitted_at": now - timedelta(hours=1),
                    "content": "x",
                    "imported_at": now,
                    "revision": 1,
                }
                for number in range(1, submissions + 1)
            ],
        )
    return auditor, contributor


async def record_a_click(url: str, submissions: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Seed the database at `url` and submit one form; return its payload and what it ran.

    That is its `statements`, each with its values, the instant `now` and the `submission_id`, the
    last one: a number that stands for nothing else in them.
    """
    statements: list[Any] = []

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_rest: Any) -> None:
        if not sql.startswith("BEGIN"):
            statements.append([sql, parameters])

    async with open_house(url) as house:
        auditor, _ = await seed(house, submissions)
        channel = house.slack.add_channel("team", members=[auditor])
        await house.command(auditor, "/audit", f"T-{submissions}", channel)
        request = house.slack.submit(house.slack.views(auditor)[-1], auditor, FORM_VALUES)
        event.listen(Engine, "before_cursor_execute", note)
        try:
            delivery = await request.deliver(house.app)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        assert delivery.status == 200
        assert not delivery.errors
        return dict(request.payload), {
            "now": house.hands.time.strftime("%Y-%m-%d %H:%M:%S.%f"),
            "submission_id": submissions,
            "statements": statements,
        }


class Clicks:
    """Makes signed requests: the same form for one submission after the other."""

    def __init__(self, payload: dict[str, Any], signing_secret: str) -> None:
        self._payload = payload
        self._secret = signing_secret.encode()

    def request(self, number: int) -> tuple[bytes, dict[str, str]]:
        """Return the body and headers of the `number`-th click."""
        payload = json.loads(json.dumps(self._payload))
        payload["view"]["id"] = f"V{number:09d}"
        state = json.loads(payload["view"]["private_metadata"])
        state["submission_id"] = number
        payload["view"]["private_metadata"] = json.dumps(state)
        body = f"payload={quote_plus(json.dumps(payload))}".encode()
        stamp = str(int(time.time()))
        base = b"v0:" + stamp.encode() + b":" + body
        signature = "v0=" + hmac.new(self._secret, base, hashlib.sha256).hexdigest()
        return body, {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
        }
