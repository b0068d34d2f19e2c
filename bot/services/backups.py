"""Backups that keep the promise of polls: replies and salts of open ones are never in them."""

import asyncio
import sqlite3
from pathlib import Path

from bot.errors import BadInput, Conflict
from bot.services.unit import Service
from bot.store import backups


class Backups(Service):
    """Copies the database for the operator, while everything goes on."""

    async def write(self, target: Path) -> int:
        """Copy the database to a file; return its size in bytes.

        Raises Conflict("backup_postgres", "backup_exists"), BadInput("backup_failed").
        """
        url = self._database.url
        if not self._database.is_sqlite:
            tables = " ".join(f"--exclude-table-data={each}" for each in backups.LEFT_OUT)
            raise Conflict("backup_postgres", tables=tables, file=str(target))
        try:
            return await asyncio.to_thread(backups.copy, Path(str(url.database)), target)
        except FileExistsError as error:
            raise Conflict("backup_exists", file=str(error.filename or target)) from error
        except (OSError, sqlite3.Error) as error:
            raise BadInput("backup_failed", file=str(target), why=str(error)) from error
