"""Migrations that wait for a lock: users wait briefly, the log names who is in the way."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from conftest import World, connect
from services import PATIENCE, STANDIN, eventually

LOCK_TIMEOUT = "0.3s"
# Longer than a test takes: only the lock timeout of the migration ends a wait before.
STATEMENT_TIMEOUT = "20s"

Connection = psycopg2.extensions.connection

TABLE = "migrations.RunSQL('CREATE TABLE shop_item (id int); INSERT INTO shop_item VALUES (1)')"
ALTER = "migrations.RunSQL('ALTER TABLE shop_item ADD COLUMN {column} int')"
INDEX = "migrations.RunSQL('CREATE INDEX CONCURRENTLY shop_item_id ON shop_item (id)')"


@dataclass
class Shop:
    """An application with migrations of a test's own, in a database that others use."""

    world: World
    folder: Path

    def write(self, number: int, *operations: str, atomic: bool = True) -> None:
        """Adds a migration, after the one before."""
        before = [("shop", f"{number - 1:04}")] if number > 1 else []
        body = f"    atomic = {atomic}\n    dependencies = {before}\n    operations = [{', '.join(operations)}]\n"
        imports = "import time\nfrom django.db import migrations, transaction\n"
        text = f"{imports}class Migration(migrations.Migration):\n{body}"
        (self.folder / "shop" / "migrations" / f"{number:04}.py").write_text(text)

    def start(self, *arguments: str, options: str = f"-c lock_timeout={LOCK_TIMEOUT}") -> "subprocess.Popen[str]":
        """Starts `manage.py migrate shop`."""
        environment = self.world.environment(DJANGO_SETTINGS_MODULE="shop_settings", PGOPTIONS=options)
        environment["PYTHONPATH"] += f":{self.folder}"
        line = [sys.executable, "manage.py", "migrate", "shop", "--noinput", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(line, cwd=STANDIN, env=environment, stdout=pipe, stderr=pipe, text=True)

    def migrate(self, *arguments: str) -> None:
        """Migrates to the end."""
        process = self.start(*arguments)
        output, errors = finish(process)
        assert process.returncode == 0, output + errors

    def columns(self) -> list[str]:
        """Of the table, besides its id."""
        query = "SELECT attname FROM pg_attribute WHERE attrelid = 'shop_item'::regclass AND attnum > 1 ORDER BY attnum"
        return [name for (name,) in ask(query)]


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Iterator[Shop]:
    """An application whose table is there."""
    migrations = tmp_path / "shop" / "migrations"
    migrations.mkdir(parents=True)
    for package in (migrations.parent, migrations):
        (package / "__init__.py").touch()
    settings = "from chatpop_aws.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'shop']\n"
    (tmp_path / "shop_settings.py").write_text(settings)
    shop = Shop(world, tmp_path)
    shop.write(1, TABLE)
    shop.migrate()
    yield shop
    ask("DROP TABLE shop_item; DELETE FROM django_migrations WHERE app = 'shop' RETURNING 1")


def finish(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Output and errors."""
    return process.communicate(timeout=PATIENCE)


def ask(query: str) -> list[tuple[str]]:
    """The answer to a query of its own connection."""
    with closing(connect()) as connection, connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@contextmanager
def open_transaction() -> Iterator[Connection]:
    """Somebody who has read the table and gone for lunch."""
    with closing(connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM shop_item")
        yield connection


def waits_for_table(process: "subprocess.Popen[str]") -> bool:
    """Whether the migration stands in the table's queue."""
    waiting = "SELECT 1 FROM pg_locks WHERE relation = 'shop_item'::regclass AND NOT granted"
    assert process.poll() is None, finish(process)
    return ask(waiting) != []


def test_gap43_readers_wait_behind_a_blocked_migration_for_no_longer_than_its_lock_timeout(shop: Shop) -> None:
    shop.write(2, ALTER.format(column="price"))
    with open_transaction() as blocker, closing(connect()) as reader, reader.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
        reader.commit()
        process = shop.start()
        for _ in range(3):
            eventually(lambda: waits_for_table(process), "the migration's turn")
            # It stands behind the migration, which stands behind the blocker, who stays.
            cursor.execute("SELECT * FROM shop_item")
            assert len(cursor.fetchall()) == 1
            reader.commit()
        assert process.poll() is None
        blocker.rollback()
        output, errors = finish(process)
    assert (process.returncode, errors) == (0, "")
    assert "Waiting for a lock, behind backend" in output
    assert shop.columns() == ["price"]


def test_whoever_is_in_the_way_is_named_when_patience_is_over(shop: Shop) -> None:
    shop.write(2, ALTER.format(column="price"))
    with open_transaction() as blocker:
        process = shop.start("--lock-patience", "3")
        _, errors = finish(process)
        pid = blocker.info.backend_pid
    assert process.returncode == 1
    assert f"In the way: backend {pid} (user chatpop_admin, idle in transaction for" in errors
    assert "its transaction open for" in errors
    assert f"SELECT pg_terminate_backend({pid})" in errors
    assert "shop.0002 is rolled back" in errors
    assert "Traceback" not in errors
    assert shop.columns() == []
    shop.migrate()
    assert shop.columns() == ["price"]


def test_the_remedy_it_names_lets_it_go_on(shop: Shop) -> None:
    shop.write(2, ALTER.format(column="price"))
    with open_transaction() as blocker:
        process = shop.start()
        eventually(lambda: waits_for_table(process), "the migration's turn")
        ask(f"SELECT pg_terminate_backend({blocker.info.backend_pid})")
        _, errors = finish(process)
    assert (process.returncode, errors) == (0, "")


def test_a_migration_that_is_not_atomic_repeats_the_statement_and_not_itself(shop: Shop) -> None:
    # Run twice, the first statement would fail: there is such a column.
    shop.write(2, ALTER.format(column="price"), ALTER.format(column="stock"), atomic=False)
    with open_transaction() as blocker:
        process = shop.start()
        eventually(lambda: waits_for_table(process), "the first statement's turn")
        holder = threading.Thread(target=hold_after_first_column, args=[blocker])
        holder.start()
        output, errors = finish(process)
        holder.join()
    assert (process.returncode, errors) == (0, ""), output
    assert shop.columns() == ["price", "stock"]


def test_a_transaction_within_a_migration_that_is_not_atomic_is_not_repeated(shop: Shop) -> None:
    inner = (
        "migrations.RunPython(lambda apps, editor: [exec('with transaction.atomic(): "
        'editor.execute("ALTER TABLE shop_item ADD COLUMN stock int")\', {**globals(), **locals()})])'
    )
    shop.write(2, "migrations.RunSQL('CREATE TABLE shop_book (id int)')", inner, atomic=False)
    with open_transaction():
        process = shop.start()
        _, errors = finish(process)
    try:
        assert process.returncode == 1
        assert "shop.0002 is not atomic: what it had done before stays" in errors
        assert ask("SELECT to_regclass('shop_book')::text") == [("shop_book",)]
    finally:
        ask("DROP TABLE shop_book; SELECT 1")


def test_an_index_that_is_built_concurrently_waits_past_the_lock_timeout(shop: Shop) -> None:
    shop.write(2, INDEX, atomic=False)
    with closing(connect()) as writer, writer.cursor() as cursor:
        cursor.execute("INSERT INTO shop_item VALUES (2)")
        process = shop.start()
        building = (
            "SELECT 1 FROM pg_stat_progress_create_index WHERE relid = 'shop_item'::regclass AND phase ~ 'waiting'"
        )
        eventually(lambda: ask(building) != [], "the build's wait")
        # Longer than the lock timeout, and it still waits.
        ask("SELECT pg_sleep(0.6)::text")
        assert ask(building) != []
        writer.commit()
        _, errors = finish(process)
    assert (process.returncode, errors) == (0, "")
    assert ask("SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'shop_item_id'::regclass") == [("true",)]


def test_an_index_that_is_left_invalid_is_named_with_its_remedy(shop: Shop) -> None:
    shop.write(2, INDEX, atomic=False)
    with closing(connect()) as writer, writer.cursor() as cursor:
        cursor.execute("INSERT INTO shop_item VALUES (2)")
        process = shop.start("--lock-patience", "0.5")
        _, errors = finish(process)
        assert process.returncode == 1
        assert f"In the way: backend {writer.info.backend_pid} (" in errors
        writer.commit()
    [remedy] = [line for line in errors.splitlines() if line.startswith("Drop what it left INVALID")]
    with closing(connect()) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(remedy.partition(": ")[2].removesuffix("."))
    shop.migrate()


def test_a_data_migration_may_compute_for_longer_than_the_server_lets_others(shop: Shop) -> None:
    think = "migrations.RunPython(lambda apps, editor: [editor.execute('SELECT 1'), time.sleep(0.6)])"
    shop.write(2, think, ALTER.format(column="price"))
    process = shop.start(options="-c idle_in_transaction_session_timeout=0.2s")
    assert finish(process)[1] == ""
    assert shop.columns() == ["price"]


def test_without_a_lock_timeout_of_its_own_the_session_gets_one(shop: Shop) -> None:
    show = "migrations.RunSQL('CREATE TABLE shop_seen AS SELECT current_setting($$lock_timeout$$) AS value')"
    shop.write(2, show)
    process = shop.start(options="")
    assert finish(process)[1] == ""
    try:
        assert ask("SELECT value FROM shop_seen") == [("2s",)]
    finally:
        ask("DROP TABLE shop_seen; SELECT 1")


def test_another_error_is_djangos_own(shop: Shop) -> None:
    shop.write(2, "migrations.RunSQL('ALTER TABLE nowhere ADD COLUMN price int')")
    process = shop.start()
    output, errors = finish(process)
    assert process.returncode == 1
    assert errors.rstrip().endswith('django.db.utils.ProgrammingError: relation "nowhere" does not exist')
    assert "Waiting" not in output


def hold_after_first_column(blocker: Connection) -> None:
    """Lets the first statement through, and holds the second one up for a while."""
    column = "SELECT 1 FROM pg_attribute WHERE attrelid = 'shop_item'::regclass AND attname = 'price'"
    with closing(connect()) as second:
        blocker.rollback()
        eventually(lambda: ask(column) != [], "the first statement")
        with second.cursor() as cursor:
            cursor.execute("SELECT * FROM shop_item")
            ask("SELECT pg_sleep(0.5)::text")
