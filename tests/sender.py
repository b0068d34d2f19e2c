"""A dispatcher in a process of its own, for tests to kill: URL SLACK TOKEN WORKSPACE."""

import asyncio
import sys
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from bot.clock import Clock
from bot.dispatch.dispatcher import Dispatcher
from bot.services.outbox import Outbox
from bot.slack.client import open_session, web_client
from bot.slack.gateway import Gateway
from bot.slack.gateways import Gateways
from bot.store.database import Database
from bot.views import catalogue
from tests.office import KINDS


async def main(database_url: str, slack_url: str, token: str, workspace_id: int) -> None:
    database = Database(database_url)
    clock = Clock(source=lambda: datetime.now(UTC))
    services: Any = SimpleNamespace(outbox=Outbox(database, clock))
    drawer: Any = SimpleNamespace()
    async with open_session(5.0) as session:
        gateways = Gateways()
        client = web_client(token, slack_url, session)
        gateways.connect(workspace_id, "T", Gateway(client, session))
        await Dispatcher(
            services=services,
            gateways=gateways,
            languages=catalogue.load(),
            drawer=drawer,
            clock=clock,
            posts_per_second=50.0,
            settle_s=0.5,
            lease_s=1.5,
            http_timeout_s=0.5,
            poll_s=0.05,
            kinds=KINDS,
        ).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
