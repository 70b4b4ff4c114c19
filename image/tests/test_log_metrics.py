"""Lines of the log that CloudWatch makes metrics of: what is really logged, against the patterns of the filters."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models.functions import Now

from chatpop_aws.db_router import Replicas
from chatpop_aws.events import MAX_ATTEMPTS, lag
from chatpop_aws.log_settings import METRICS as METRICS_LOGGER
from chatpop_aws.models import OutboxEvent
from conftest import World
from metrics import METRICS, counted
from room import Room
from services import eventually, running


@contextmanager
def relay(world: World, log: Path) -> Iterator[None]:
    command = [sys.executable, "manage.py", "relay_outbox", "--poll-interval=0.02"]
    with running(command, environment=world.environment(), log=log):
        yield


def test_the_relay_says_how_late_it_is_and_what_it_has_set_aside(room: Room, world: World, folder: Path) -> None:
    log = folder / "lag.log"
    stuck, waiting = room.write(2)
    # An event that was tried has a time from which it may be tried again.
    age(stuck, 900, attempts=MAX_ATTEMPTS, available_at=Now())
    with relay(world, log):
        eventually(lambda: len(counted(log, "outbox-backlog")) == 1, "the first report")
        eventually(lambda: not OutboxEvent.objects.filter(deduplication_key=waiting).exists(), "the other event")
    [line] = counted(log, "outbox-backlog")
    assert counted(log, "outbox-stuck") == [line]
    assert (METRICS["outbox-backlog"]["value"], METRICS["outbox-stuck"]["value"]) == ("$.outboxLag", "$.outboxStuck")
    report = json.loads(line)
    assert report["outboxStuck"] == 1
    assert report["outboxLag"] < 900


def age(key: str, seconds: float, **changes: Any) -> None:
    created = Now() - timedelta(seconds=seconds)
    OutboxEvent.objects.filter(deduplication_key=key).update(created_at=created, **changes)


def test_the_lag_is_that_of_the_oldest_event_that_nobody_has_tried(room: Room) -> None:
    assert lag() == timedelta()
    failing, sent, oldest, _ = room.write(4)
    age(failing, 900, attempts=1)
    age(sent, 900, processed=True)
    age(oldest, 90)
    assert timedelta(seconds=90) <= lag() < timedelta(seconds=900)
    OutboxEvent.objects.update(attempts=MAX_ATTEMPTS)
    assert lag() == timedelta()


def test_a_history_that_the_primary_answers_is_counted(tmp_path: Path) -> None:
    log = tmp_path / "fallbacks.log"
    replicas = Replicas()
    replicas.report()
    replicas.fell_back()
    replicas.fell_back()
    handler = logging.FileHandler(log)
    logging.getLogger(METRICS_LOGGER).addHandler(handler)
    try:
        replicas.report()
    finally:
        logging.getLogger(METRICS_LOGGER).removeHandler(handler)
    [line] = counted(log, "replica-fallbacks")
    assert METRICS["replica-fallbacks"]["value"] == "$.replicaFallbacks"
    assert json.loads(line) == {"replicaFallbacks": 2}
