"""Lines of the log that CloudWatch makes metrics of: what is really logged, against the patterns of the filters."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models.functions import Now

from chatpop_aws.models import OutboxEvent
from chatpop_aws.relay import MAX_ATTEMPTS, Relay
from conftest import World
from metrics import METRICS, counted
from room import Room
from services import eventually, running


@contextmanager
def relay(world: World, log: Path) -> Iterator[None]:
    command = [sys.executable, "manage.py", "relay_outbox", "--poll-interval=0.02"]
    with running(command, environment=world.environment(), log=log):
        yield


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
