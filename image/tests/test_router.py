"""The read replica's router and alias, and the view that reads from it (G-112 … G-114, G-166, G-167)."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connections

from chatpop_aws import db_router
from chatpop_aws.db_router import ChatReadReplicaRouter, reading_history
from chats.models import Message
from conftest import ENVIRONMENT, World
from services import STANDIN, cluster, eventually, free_port, make_cluster

router = ChatReadReplicaRouter()


def test_g112_g166_only_read_only_reads_of_chats_go_to_the_replica() -> None:
    with settings_with({"default": {}, "read_replica": {}}):
        assert router.db_for_read(Message, readonly=True) == "read_replica"
        assert router.db_for_read(User, readonly=True) == "default"
    assert router.db_for_read(Message, readonly=True) == "default"
    assert router.db_for_read(Message, readonly=False) == "default"
    assert router.db_for_read(Message) == "default"


def test_g112_writes_and_migrations_go_to_the_primary() -> None:
    assert router.db_for_write(Message, readonly=True) == "default"
    assert router.allow_migrate("default", "chats")
    assert not router.allow_migrate("read_replica", "chats")
    assert router.allow_relation(Message(), User())


@contextmanager
def settings_with(databases: dict[str, Any]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db_router, "settings", SimpleNamespace(DATABASES=databases))
        yield


QUERY = """
import django; django.setup()
from chats.models import Message
from django.db import connections
messages = Message.objects.db_manager(hints={"readonly": True}).filter(is_deleted=False)
list(messages[:1])
used = [alias for alias in connections if connections[alias].connection]
print(used, connections[messages.db].settings_dict["HOST"], Message.objects.all().db)
"""


def query(world: World, **changes: str | None) -> str:
    command = [sys.executable, "-c", QUERY]
    environment = world.environment(**changes)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_g113_read_only_queries_reach_the_replica_host(world: World) -> None:
    found = query(world, POSTGRES_HOST="primary.invalid", POSTGRES_REPLICA_HOST="127.0.0.1")
    assert found == "['read_replica'] 127.0.0.1 default"


def test_g112_the_same_query_needs_no_replica(world: World) -> None:
    assert query(world) == "['default'] 127.0.0.1 default"


HISTORY = """
import django, json; django.setup()
from django.db import connections
from django.test import Client
from chats.models import ChatRoom, Message
room = ChatRoom.objects.create(code="HISTORY")
Message.objects.create(chat_room=room, username="ann", content="hello")
found = Client().get("/api/chats/HISTORY/messages/").json()
room.refresh_from_db()
print(json.dumps([found, room._state.db, Message.objects.get(chat_room=room)._state.db]))
"""


def history(world: World, prelude: str = "", **changes: str | None) -> list[object]:
    environment = world.environment(ALLOWED_HOSTS="testserver", **changes)
    run = subprocess.run([sys.executable, "-c", prelude + HISTORY], env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    answer: list[Any] = json.loads(run.stdout)
    answer[0]["messages"] = [{key: each[key] for key in ("content", "from")} for each in answer[0]["messages"]]
    return [*answer, [json.loads(line) for line in run.stderr.splitlines() if line.startswith("{")]]


def test_g114_g167_a_rooms_history_is_read_from_the_replica_and_nothing_else_is(empty: World) -> None:
    found = history(empty, POSTGRES_REPLICA_HOST="127.0.0.1")
    messages = [{"content": "hello", "from": "read_replica"}]
    assert found == [{"room": "default", "messages": messages}, "default", "default", []]


def test_g114_without_a_replica_the_view_is_the_applications_own(empty: World) -> None:
    messages = [{"content": "hello", "from": "default"}]
    assert history(empty) == [{"room": "default", "messages": messages}, "default", "default", []]


def test_g114_a_failing_read_leaves_no_trace() -> None:
    with suppress(LookupError), reading_history():
        assert router.db_for_read(Message) == "read_replica"
        raise LookupError
    assert router.db_for_read(Message) == "default"


# What a replica says that is away; that cancels a query; that has not got the schema yet.
CANCEL = """
from chatpop_aws import settings
settings.DATABASES["read_replica"]["OPTIONS"]["options"] = "-c statement_timeout=1"
from django.db.models.sql.compiler import SQLCompiler
as_sql = SQLCompiler.as_sql
def slow(self, *args, **kwargs):
    sql, values = as_sql(self, *args, **kwargs)
    return (sql + " OFFSET (SELECT 0 * length(pg_sleep(0.1)::text))" if "read_replica" == self.using else sql), values
SQLCompiler.as_sql = slow
"""
NO_SCHEMA = """
from chatpop_aws import settings
settings.DATABASES["read_replica"]["NAME"] = "template1"
"""


@pytest.mark.parametrize(
    ("host", "prelude"),
    [("127.0.0.2", ""), ("replica.invalid", ""), ("127.0.0.1", NO_SCHEMA), ("127.0.0.1", CANCEL)],
)
def test_when_a_replica_fails_the_primary_answers_and_it_is_counted(empty: World, host: str, prelude: str) -> None:
    found = history(empty, prelude, POSTGRES_REPLICA_HOST=host)
    messages = [{"content": "hello", "from": "default"}]
    assert found == [{"room": "default", "messages": messages}, "default", "default", [{"replicaFallbacks": 1}]]


LASTING = CANCEL.replace("statement_timeout=1", "statement_timeout=0").replace("0.1", "600")


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is an address of this machine on Linux alone")
def test_when_recovery_cancels_a_query_of_a_replica_the_primary_answers(world: World, folder: Path) -> None:
    port, home, copy = free_port(), folder / "primary", folder / "standby"
    home.mkdir()
    user, password = ENVIRONMENT["POSTGRES_USER"], ENVIRONMENT["POSTGRES_PASSWORD"]
    make_cluster(home, user, password, folder / "server.crt", folder / "server.key")
    shutil.copytree(home, copy)
    for path in (copy, *copy.rglob("*")):
        shutil.copystat(home / path.relative_to(copy), path)
        if os.geteuid() == 0:
            shutil.chown(path, "nobody")
    (copy / "data" / "standby.signal").touch()
    follow = {
        "primary_conninfo": f"host=127.0.0.1 port={port} user={user} password='{password}'",
        "listen_addresses": "127.0.0.2",
        "max_standby_streaming_delay": "0",
    }
    with cluster(home, port), cluster(copy, port, **follow), ThreadPoolExecutor(1) as background:
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrate, cwd=STANDIN, env=world.environment(POSTGRES_PORT=str(port)), check=True)
        eventually(lambda: ask("127.0.0.2", port, "SELECT to_regclass('chats_message')") != [], "the replica")
        changes = {"POSTGRES_PORT": str(port), "POSTGRES_REPLICA_HOST": "127.0.0.2"}
        found = background.submit(history, world, LASTING, **changes)
        sleeping = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND wait_event = 'PgSleep'"
        eventually(lambda: ask("127.0.0.2", port, sleeping) != [], "the query at the replica")
        # As VACUUM does at the end of a table, and every ALTER TABLE.
        ask("127.0.0.1", port, "LOCK TABLE chats_message IN ACCESS EXCLUSIVE MODE")
        messages = [{"content": "hello", "from": "default"}]
        counted = [{"replicaFallbacks": 1}]
        assert found.result() == [{"room": "default", "messages": messages}, "default", "default", counted]
        conflicts = "SELECT confl_lock FROM pg_stat_database_conflicts WHERE datname = current_database()"
        eventually(lambda: ask("127.0.0.2", port, conflicts) == [(1,)], "the conflict to be counted")


def ask(host: str, port: int, statement: str) -> list[tuple[Any, ...]]:
    """The rows that a server answers, none as long as it cannot."""
    user, password = ENVIRONMENT["POSTGRES_USER"], ENVIRONMENT["POSTGRES_PASSWORD"]
    try:
        server = closing(psycopg2.connect(host=host, port=port, user=user, password=password, dbname="postgres"))
        with server as other, other, other.cursor() as cursor:
            cursor.execute(statement)
            return [row for row in cursor.fetchall() if row != (None,)] if cursor.description else []
    except psycopg2.OperationalError:
        return []


def test_a_replica_that_fails_is_left_alone_and_the_other_takes_over(empty: World) -> None:
    found = history(empty, POSTGRES_REPLICA_HOST="127.0.0.2, 127.0.0.1")
    messages = [{"content": "hello", "from": "read_replica_2"}]
    assert found == [{"room": "default", "messages": messages}, "default", "default", []]


def test_all_replicas_are_used() -> None:
    with settings_with({"default": {}, "read_replica": {}, "read_replica_2": {}}):
        assert {router.db_for_read(Message, readonly=True) for _ in range(100)} == {"read_replica", "read_replica_2"}


def test_a_failed_replica_is_tried_again_after_its_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(db_router, "monotonic", lambda: now)
    monkeypatch.setattr(db_router, "connections", {"read_replica": connections["default"]})
    with settings_with({"default": {}, "read_replica": {}}):
        replicas = db_router.Replicas()
        replicas.failed("read_replica", OperationalError("away"))
        assert replicas.awake() == []
        now = 6.0
        assert replicas.awake() == ["read_replica"]
