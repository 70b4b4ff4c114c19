"""The read replica's router and alias (G-112, G-113)."""

import subprocess
import sys

from django.contrib.auth.models import User

from chatpop_aws.db_router import ChatReadReplicaRouter
from chats.models import Message
from conftest import World

router = ChatReadReplicaRouter()


def test_g112_only_read_only_reads_of_chats_go_to_the_replica() -> None:
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
