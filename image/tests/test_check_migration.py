"""What is said about a migration before it meets a chat that is in use, held against PostgreSQL's own locks."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conftest import World, connect
from services import STANDIN

MODEL = """
    migrations.CreateModel("Item", [
        ("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=20)),
        ("note", models.CharField(max_length=20, null=True)), ("price", models.IntegerField(default=0)),
    ])"""
NAME = "'item', 'name'"
# Operation, what is said of it, and the strongest lock that PostgreSQL takes on the table for it.
LOCKING = {
    "index": ("AddIndex('item', models.Index(fields=['name'], name='by_name'))", "SHARE lock", "ShareLock"),
    "db_index": (f"AlterField({NAME}, models.CharField(max_length=20, db_index=True))", "SHARE lock", "ShareLock"),
    "check": (
        "AddConstraint('item', models.CheckConstraint(check=models.Q(price__gte=0), name='dear'))",
        "ACCESS EXCLUSIVE lock: nobody reads or writes while all rows are checked",
        "AccessExclusiveLock",
    ),
    "unique": (
        "AddConstraint('item', models.UniqueConstraint(fields=['name'], name='one'))",
        "ACCESS EXCLUSIVE lock",
        "AccessExclusiveLock",
    ),
    "type": (
        "AlterField('item', 'price', models.BigIntegerField(default=0))",
        "integer becomes bigint, ACCESS EXCLUSIVE lock: nobody reads or writes while the table is written anew",
        "AccessExclusiveLock",
    ),
    "not null": (
        "AlterField('item', 'note', models.CharField(max_length=20, default=''))",
        "ACCESS EXCLUSIVE lock",
        "AccessExclusiveLock",
    ),
}
BREAKING = {
    "removed field": ("RemoveField('item', 'note')", "tasks of the former release still use it"),
    "renamed field": ("RenameField('item', 'note', 'remark')", "tasks of the former release still use it"),
    "removed model": ("DeleteModel('Item')", "tasks of the former release still use it"),
    "renamed model": ("RenameModel('Item', 'Thing')", "tasks of the former release still use it"),
    "required field": (
        "AddField('item', 'stock', models.IntegerField(default=0))",
        "the former release's INSERT leaves it out, and fails",
    ),
    "code": ("RunPython(migrations.RunPython.noop)", "code that is not looked into"),
}
HARMLESS = {
    "nullable field": "AddField('item', 'stock', models.IntegerField(null=True))",
    "field with a default in the database": "AddField('item', 'stock', models.IntegerField(db_default=0))",
    "longer text": f"AlterField({NAME}, models.CharField(max_length=40))",
    "new model": "CreateModel('Book', [('isbn', models.TextField(primary_key=True))])",
    "state alone": "SeparateDatabaseAndState(state_operations=[migrations.RemoveField('item', 'note')])",
}


class Shop:
    """An application with a model and one more migration."""

    def __init__(self, world: World, folder: Path) -> None:
        """Writes the first migration."""
        self.environment = world.environment(DJANGO_SETTINGS_MODULE="check_settings")
        self.environment["PYTHONPATH"] += f":{folder}"
        self.migrations = folder / "checked" / "migrations"
        self.migrations.mkdir(parents=True)
        for package in (self.migrations.parent, self.migrations):
            (package / "__init__.py").touch()
        settings = "from chatpop_aws.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'checked']\n"
        (folder / "check_settings.py").write_text(settings)
        self.write("0001", MODEL, [])

    def write(self, name: str, operation: str, dependencies: list[tuple[str, str]]) -> None:
        """Adds a migration of one operation."""
        text = (
            "from django.contrib.postgres.operations import AddIndexConcurrently\n"
            "from django.db import migrations, models\n"
            f"class Migration(migrations.Migration):\n    atomic = {'Concurrently' not in operation}\n"
            f"    dependencies = {dependencies}\n    operations = [{operation}]\n"
        )
        (self.migrations / f"{name}.py").write_text(text)

    def add(self, operation: str) -> None:
        """The migration that is pending."""
        self.write("0002", operation, [("checked", "0001")])

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Runs manage.py."""
        line = [sys.executable, "manage.py", *arguments]
        return subprocess.run(line, cwd=STANDIN, env=self.environment, capture_output=True, text=True)

    def check(self, *arguments: str) -> str:
        """What is said of the pending migration by its file."""
        process = self.manage("check_migration", "backend/checked/migrations/0002.py", *arguments)
        assert process.returncode == 0, process.stderr
        return process.stdout


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Iterator[Shop]:
    yield Shop(world, tmp_path)
    with closing(connect()) as connection, connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS checked_item; DELETE FROM django_migrations WHERE app = 'checked'")


@pytest.mark.parametrize("case", LOCKING)
def test_what_is_said_of_a_lock_is_what_postgresql_takes(shop: Shop, case: str) -> None:
    operation, effect, lock = LOCKING[case]
    shop.add(f"migrations.{operation}")
    said = shop.check()
    assert f"checked.0002: {operation_of(said)} (checked_item): " in said
    assert effect in said
    assert shop.manage("migrate", "checked", "0001").returncode == 0
    statements = shop.manage("sqlmigrate", "checked", "0002").stdout.replace("COMMIT;", "")
    held = "SELECT DISTINCT mode FROM pg_locks WHERE relation = 'checked_item'::regclass AND pid = pg_backend_pid()"
    with closing(connect()) as connection, connection.cursor() as cursor:
        cursor.execute(statements)
        cursor.execute(held)
        assert lock in {mode for (mode,) in cursor.fetchall()}


def operation_of(said: str) -> str:
    """The operation in Django's words."""
    return said.removeprefix("checked.0002: ").partition(" (checked_item)")[0]


@pytest.mark.parametrize("case", BREAKING)
def test_what_the_former_release_does_not_survive_is_named(shop: Shop, case: str) -> None:
    operation, effect = BREAKING[case]
    shop.add(f"migrations.{operation}")
    said = shop.check()
    assert effect in said
    assert said.endswith("1 pending migration: 1 operation to look at\n")


@pytest.mark.parametrize("case", HARMLESS)
def test_nothing_is_said_of_what_holds_nobody_up(shop: Shop, case: str) -> None:
    shop.add(f"migrations.{HARMLESS[case]}")
    assert shop.check("--strict") == "1 pending migration: no operations to look at\n"


def test_the_remedy_for_an_index_has_nothing_to_be_said_of(shop: Shop) -> None:
    shop.add("AddIndexConcurrently('item', models.Index(fields=['name'], name='by_name'))")
    assert shop.check("--strict") == "1 pending migration: no operations to look at\n"


def test_without_files_it_looks_at_what_the_database_lacks(shop: Shop) -> None:
    assert shop.manage("migrate", "checked").returncode == 0
    assert shop.manage("check_migration").stdout == "0 pending migrations: no operations to look at\n"
    shop.add("migrations.RemoveField('item', 'note')")
    strict = shop.manage("check_migration", "--strict")
    assert strict.returncode == 1
    assert strict.stdout.startswith("checked.0002: Remove field note from item (checked_item): ")
    assert "Traceback" not in strict.stderr


def test_a_file_that_is_no_migration_is_named(shop: Shop) -> None:
    process = shop.manage("check_migration", "checked/migrations/0009.py")
    assert process.returncode == 1
    assert "checked/migrations/0009.py is no migration of an installed application" in process.stderr
