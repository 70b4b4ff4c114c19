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
from django.db import connections, router
print(router.db_for_read(Message, readonly=True), router.db_for_read(Message))
list(Message.objects.using("read_replica").all()[:1])
print(connections["read_replica"].settings_dict["HOST"], connections["default"].connection)
"""


def test_g113_queries_reach_the_replica_host(world: World) -> None:
    environment = world.environment(POSTGRES_HOST="primary.invalid", POSTGRES_REPLICA_HOST="127.0.0.1")
    output = subprocess.run(
        [sys.executable, "-c", QUERY], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert output.split() == ["read_replica", "default", "127.0.0.1", "None"]
