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

METRICS = json.loads((REPOSITORY / "stacks" / "monitoring" / "logMetrics.json").read_text())
# channels_redis's default, which ChatPop does not change.
CAPACITY = 100


def matches(pattern: str, line: str) -> bool:
    """CloudWatch's filter syntax, as far as the patterns use it: `"every" "phrase"` or `{ $.number >= 0 }`."""
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


def test_gap49_the_relay_says_of_each_message_that_a_full_channel_drops_it(
    room: Room, world: World, folder: Path
) -> None:
    log = folder / "full-relay.log"
    room.write(CAPACITY + 7)
    with relay(world, log):
        eventually(lambda: unprocessed() == 0, "an empty outbox")
    assert len(counted(log, "lost-messages")) == 7
    assert f"1 of 1 channels over capacity in group chat_{CODE}" in log.read_text()
    assert len(room.received()) == CAPACITY


def test_gap49_a_chat_without_outbox_says_so_and_nothing_else(room: Room, world: World, folder: Path) -> None:
    log, port = folder / "full-daphne.log", free_port()
    # Python's warning that no static files have been collected is the test's own fault.
    with container(world, port, log=log, OUTBOX_ENABLED="False", PYTHONWARNINGS="ignore"):
        with connect(f"ws://127.0.0.1:{port}/ws/chat/{CODE}/") as speaker:
            for _ in range(CAPACITY + 7):
                speaker.send(json.dumps({"message": "hello"}))
            # The speaker hears everything: it is the silent member's channel that is full.
            for _ in range(CAPACITY + 7):
                speaker.recv(timeout=30)
        assert len(counted(log, "lost-messages")) == 7
        assert counted(log, "lost-messages") == log.read_text().splitlines()


def in_room() -> int:
    """Channels that a message to the room is written for."""
    with closing(redis_client.Redis(port=int(ENVIRONMENT["REDIS_PORT"]))) as store:
        members: Any = store.zcard(f"asgi:group:chat_{CODE}")
    return int(members)


@pytest.mark.parametrize(("stop", "left"), [(signal.SIGTERM, 0), (signal.SIGKILL, 20)])
def test_gap49_only_a_killed_task_stays_in_its_rooms(room: Room, world: World, stop: signal.Signals, left: int) -> None:
    port = free_port()
    before = in_room()
    with container(world, port) as process, ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(connect(f"ws://127.0.0.1:{port}/ws/chat/{CODE}/"))
        assert in_room() == before + 20
        process.send_signal(stop)
        process.wait(30)
        assert in_room() == before + left


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
