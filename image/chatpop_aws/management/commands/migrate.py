"""`python manage.py migrate`, which stops no chat: Django's own, with bounded waits for locks (`bounded_locks.py`).

Django prefers an application's command to its own, so the guide's command line (G-46) means this one.
"""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.migrations import Migration

from chatpop_aws.bounded_locks import BoundedLocks, GaveUpError


class Command(migrate.Command):
    """Migrates; repeats a statement after a lock timeout, and names the blockers when it gives up."""

    _current: Migration | None = None
    _locks: BoundedLocks

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds Django's arguments, and the time limit for a lock."""
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-patience",
            type=float,
            default=600,
            metavar="SECONDS",
            help="for which one lock is tried for (600); a single wait ends after the session's lock_timeout "
            '(PGOPTIONS="-c lock_timeout=5s"), or 2 s where it has none',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrates until all is applied, patience is over, or something else fails."""
        connection = connections[options["database"]]
        try:
            with BoundedLocks(connection, options["lock_patience"], self.stdout.write) as self._locks:
                while not self._migrated(*args, **options):
                    pass
        except GaveUpError as error:
            raise CommandError(str(error)) from error

    def migration_progress_callback(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:
        """Keeps in mind which migration is being applied."""
        if action.endswith("apply_start"):
            self._current = migration
        elif action.endswith("apply_success"):
            self._current = None
            self._locks.succeeded()
        super().migration_progress_callback(action, migration, fake)

    def _migrated(self, *args: Any, **options: Any) -> bool:
        """Whether all is applied; otherwise the next try may follow."""
        self._current = None
        try:
            super().handle(*args, **options)
        except OperationalError as error:
            if self._current and not self._current.atomic:
                # A second run would apply again what it has committed already.
                self._locks.give_up(error, f"{self._current} is not atomic: what it had done before stays.")
            self._locks.pause(error, f"{self._current} is rolled back." if self._current else "")
            return False
        return True
