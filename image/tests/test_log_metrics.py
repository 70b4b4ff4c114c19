"""Lines of the log that CloudWatch makes metrics of: what is really logged, against the patterns of the filters."""

import json
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client
from django.db.models.functions import Now
from websockets.sync.client import connect

from chatpop_aws.models import OutboxEvent
from chatpop_aws.relay import MAX_ATTEMPTS, Relay
from conftest import ENVIRONMENT, World
from room import CODE, Room, unprocessed
from services import REPOSITORY, eventually, free_port, running
from test_container import container

METRICS = json.loads((REPOSITORY / "stacks" / "plan" / "monitoring" / "logMetrics.json").read_text())


def matches(pattern: str, line: str) -> bool:
    """CloudWatch's filter syntax, as far as it is used: `"every" "phrase"`, `?"one" ?"phrase"`, `{ $.number >= 0 }`."""
    if re.fullmatch(r'\?"[^"]+"( \?"[^"]+")*', pattern):
        return any(phrase in line for phrase in re.findall('"([^"]+)"', pattern))
    if re.fullmatch('"[^"]+"( "[^"]+")*', pattern):
        return all(phrase in line for phrase in re.findall('"([^"]+)"', pattern))
    field = re.fullmatch(r"\{ \$\.(\w+) >= 0 \}", pattern)
    assert field, f"the test does not know patterns like {pattern}"
    try:
        value = json.loads(line)[field[1]]
    except (ValueError, KeyError, TypeError):
        return False
    return isinstance(value, int | float) and value >= 0


def counted(log: Path, key: str) -> list[str]:
    """The lines of a log that a metric filter would count."""
    return [line for line in log.read_text().splitlines() if matches(METRICS[key]["pattern"], line)]


@contextmanager
def relay(world: World, log: Path) -> Iterator[None]:
    command = [sys.executable, "manage.py", "relay_outbox", "--poll-interval=0.02"]
    with running(command, environment=world.environment(), log=log):
        yield


FULL = """
import asyncio, django; django.setup()
from channels.layers import get_channel_layer

async def main():
    layer = get_channel_layer()
    await layer.group_add("chat_lobby", await layer.new_channel())
    for _ in range(getattr(layer, "capacity") + 7):
        await layer.group_send("chat_lobby", {"type": "message_reaction"})
    await asyncio.sleep(1)

asyncio.run(main())
"""


@pytest.mark.parametrize("layer", ["core", "pubsub"])
def test_gap49_each_message_that_a_full_channel_drops_is_counted(world: World, folder: Path, layer: str) -> None:
    log = folder / f"full-{layer}.log"
    with running([sys.executable, "-c", FULL], environment=world.environment(CHANNEL_LAYER=layer), log=log) as process:
        assert process.wait(60) == 0
    assert counted(log, "lost-messages") == ["1 of 1 channels over capacity in group chat_lobby"] * 7


def in_room(layer: str) -> int:
    """How many times a message to the room is written: for each channel, or for each process."""
    with closing(redis_client.Redis(port=int(ENVIRONMENT["REDIS_PORT"]))) as store:
        members: Any = store.zcard(f"asgi:group:chat_{CODE}")
        processes: Any = store.pubsub_numsub(f"asgi:group:chat_{CODE}")[0][1]
    return int(members if layer == "core" else processes)


@pytest.mark.parametrize(
    ("layer", "stop", "there", "left"),
    [
        ("core", signal.SIGTERM, 20, 0),
        ("core", signal.SIGKILL, 20, 20),
        ("pubsub", signal.SIGTERM, 1, 0),
        ("pubsub", signal.SIGKILL, 1, 0),
    ],
)
def test_gap49_only_the_core_layer_keeps_a_killed_task_in_its_rooms(
    room: Room, world: World, layer: str, stop: signal.Signals, there: int, left: int
) -> None:
    port = free_port()
    before = in_room(layer)
    with container(world, port, CHANNEL_LAYER=layer) as process, ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(connect(f"ws://127.0.0.1:{port}/ws/chat/{CODE}/"))
        assert in_room(layer) == before + there
        process.send_signal(stop)
        process.wait(30)
        assert in_room(layer) == before + left


def test_the_relay_says_how_late_it_is(room: Room, world: World, folder: Path) -> None:
    log = folder / "lag.log"
    with relay(world, log):
        eventually(lambda: len(counted(log, "outbox-backlog")) == 1, "the first report")
    [line] = counted(log, "outbox-backlog")
    assert METRICS["outbox-backlog"]["value"] == "$.outboxLag"
    assert json.loads(line) == {"outboxLag": 0}


def age(key: str, seconds: float, **changes: Any) -> None:
    created = Now() - timedelta(seconds=seconds)
    OutboxEvent.objects.filter(deduplication_key=key).update(created_at=created, **changes)


def test_the_lag_is_that_of_the_oldest_event_that_nobody_has_tried(room: Room) -> None:
    assert Relay().lag() == timedelta()
    failing, sent, oldest, _ = room.write(4)
    age(failing, 900, attempts=1)
    age(sent, 900, processed=True)
    age(oldest, 90)
    assert timedelta(seconds=90) <= Relay().lag() < timedelta(seconds=900)
    OutboxEvent.objects.update(attempts=MAX_ATTEMPTS)
    assert Relay().lag() == timedelta()


def test_the_relay_says_which_event_it_gives_up_and_the_lag_leaves_it_out(
    room: Room, world: World, folder: Path
) -> None:
    log = folder / "given-up.log"
    [key] = room.write(1, "cannot be rendered")
    age(key, 900, attempts=MAX_ATTEMPTS - 1)
    with relay(world, log):
        eventually(lambda: log.exists() and len(counted(log, "outbox-given-up")) == 1, "the last attempt")
    assert f"(message {key})" in counted(log, "outbox-given-up")[0]
    assert Relay().lag() == timedelta()
