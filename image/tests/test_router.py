"""The read replica's router and alias, and the view that reads from it (G-112 … G-114, G-166, G-167)."""

import json
import subprocess
import sys
from contextlib import suppress

from django.contrib.auth.models import User

from chatpop_aws.db_router import ChatReadReplicaRouter, reading_history
from chats.models import Message
from conftest import World

router = ChatReadReplicaRouter()


def test_g112_g166_only_read_only_reads_of_chats_go_to_the_replica() -> None:
    assert router.db_for_read(Message, readonly=True) == "read_replica"
    assert router.db_for_read(Message, readonly=False) == "default"
    assert router.db_for_read(Message) == "default"
    assert router.db_for_read(User, readonly=True) == "default"


def test_g112_writes_and_migrations_go_to_the_primary() -> None:
    assert router.db_for_write(Message, readonly=True) == "default"
    assert router.allow_migrate("default", "chats")
    assert not router.allow_migrate("read_replica", "chats")
    assert router.allow_relation(Message(), User())


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


def history(world: World, **changes: str | None) -> list[object]:
    environment = world.environment(ALLOWED_HOSTS="testserver", **changes)
    command = [sys.executable, "-c", HISTORY]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    answer: list[object] = json.loads(found)
    return answer


def test_g114_g167_a_rooms_history_is_read_from_the_replica_and_nothing_else_is(empty: World) -> None:
    found = history(empty, POSTGRES_REPLICA_HOST="127.0.0.1")
    messages = [{"content": "hello", "from": "read_replica"}]
    assert found == [{"room": "default", "messages": messages}, "default", "default"]


def test_g114_without_a_replica_the_view_is_the_applications_own(empty: World) -> None:
    messages = [{"content": "hello", "from": "default"}]
    assert history(empty) == [{"room": "default", "messages": messages}, "default", "default"]


def test_g114_a_failing_read_leaves_no_trace() -> None:
    with suppress(LookupError), reading_history():
        assert router.db_for_read(Message) == "read_replica"
        raise LookupError
    assert router.db_for_read(Message) == "default"
