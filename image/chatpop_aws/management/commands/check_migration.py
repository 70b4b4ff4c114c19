"""`python manage.py check_migration`: the effects of pending migrations on the users of a running chat."""

from pathlib import PurePath
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from chatpop_aws.migration_check import findings


class Command(BaseCommand):
    """Names the operations that lock tables for long, or that tasks of the former release do not survive."""

    help = "Names operations of pending migrations that hold users up. Changes nothing."
    # Neither a database nor Redis is needed where files are named.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds the migrations, and the strictness."""
        parser.add_argument(
            "files",
            nargs="*",
            help="migrations as files (chats/migrations/0022_x.py); without: those that the database lacks",
        )
        parser.add_argument("--strict", action="store_true", help="exit code 1 where there is something to name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints one line for each operation."""
        loader = MigrationLoader(None)
        pending = _named(loader, options["files"]) if options["files"] else _unapplied()
        found = [str(finding) for finding in findings(loader, pending)]
        for line in found:
            self.stdout.write(line)
        migrations = f"{len(pending)} pending migration{'' if len(pending) == 1 else 's'}"
        self.stdout.write(f"{migrations}: {len(found) or 'no'} operation{'' if len(found) == 1 else 's'} to look at")
        if found and options["strict"]:
            raise CommandError("not for a chat that is in use; see docs/release.md, Expand and contract")


def _named(loader: MigrationLoader, files: list[str]) -> list[Migration]:
    modules = {type(migration).__module__: key for key, migration in loader.disk_migrations.items()}
    keys = set()
    for file in files:
        path = PurePath(file)
        if path.stem == "__init__":
            continue
        module = ".".join(path.with_suffix("").parts)
        found = [key for name, key in modules.items() if module == name or module.endswith(f".{name}")]
        if not found:
            raise CommandError(f"{file} is no migration of an installed application")
        keys.update(found)
    plan = [key for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf)]
    return [loader.disk_migrations[key] for key in dict.fromkeys(plan) if key in keys]


def _unapplied() -> list[Migration]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [migration for migration, _ in plan]
