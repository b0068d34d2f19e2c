"""`muster outbox`: what waits, and what was dropped, refused or parked; ids and kinds, no text."""

import asyncio
import json
from typing import Annotated

import typer
from rich.table import Table

from bot.cli import tables
from bot.cli.program import Program
from bot.rules.outbox import DeliveryState, Listed

# Sent is the rule; a person asks for what is not.
SHOWN = tuple(state for state in DeliveryState if state is not DeliveryState.SENT)


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command."""

    @cli.command()
    def outbox(
        state: Annotated[
            list[DeliveryState] | None, typer.Option(help="Only these states; may be repeated.")
        ] = None,
        limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """Show what waits to be sent and what did not arrive, newest first."""
        asyncio.run(_show(program, state or list(SHOWN), limit, as_json=as_json))


async def _show(
    program: Program, states: list[DeliveryState], limit: int, *, as_json: bool
) -> None:
    async with program.open_house() as container:
        workspace_id = await container.services.installations.local()
        counts = await container.services.outbox.counts(workspace_id)
        listed = await container.services.outbox.listing(workspace_id, states, limit)
    if as_json:
        deliveries = [_row(each) for each in listed]
        typer.echo(json.dumps({"counts": dict(counts), "deliveries": deliveries}, indent=2))
        return
    typer.echo(", ".join(f"{counts[name]} {name}" for name in sorted(counts)) or "Nothing yet.")
    if listed:
        tables.show(_table(listed))


def _row(each: Listed) -> dict[str, object]:
    delivery = each.delivery
    return {
        "id": delivery.id,
        "state": delivery.state.value,
        "reason": delivery.reason,
        "kind": delivery.kind,
        "class": delivery.delivery_class.value,
        "recipient": each.recipient,
        "created": delivery.created_at.isoformat(),
        "due": delivery.due_at.isoformat(),
        "attempts": delivery.attempts,
    }


def _table(listed: list[Listed]) -> Table:
    table = tables.table(("id", "state", "why", "kind", "class", "to", "due (UTC)", "tries"))
    for each in listed:
        row = _row(each)
        table.add_row(
            str(row["id"]),
            str(row["state"]),
            str(row["reason"] or ""),
            str(row["kind"]),
            str(row["class"]),
            each.recipient,
            each.delivery.due_at.strftime("%Y-%m-%d %H:%M"),
            str(row["attempts"]),
        )
    return table
