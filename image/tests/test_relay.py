"""The relay: at least once, by key, whatever is killed."""

import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now

from chatpop_aws.events import MAX_ATTEMPTS, CleanUp
from chatpop_aws.models import OutboxEvent
from chatpop_aws.relay import Relay
from chats.models import Message
from conftest import World
from room import CODE, Room, unprocessed
from services import Process, eventually, free_port, listens, redis, running

NORMAL = ["manage.py", "relay_outbox", "--poll-interval=0.02"]
BROKEN = str(Path(__file__).parent / "broken_relay.py")


@contextmanager
def relay(world: World, *command: str, log: Path | None = None, **changes: str | None) -> Iterator[Process]:
    with running([sys.executable, *(command or NORMAL)], environment=world.environment(**changes), log=log) as process:
        yield process


@contextmanager
def hanging_relay(world: World, log: Path, batch: int, after: int) -> Iterator[Process]:
    """Holds a batch of which it has sent so many."""
    with relay(world, BROKEN, "hang", str(after), f"--batch-size={batch}", log=log) as process:
        eventually(lambda: "hanging" in log.read_text(), "the relay in the middle of its batch")
        yield process
        process.kill()


def relay_batch(retention: timedelta = timedelta()) -> int:
    """What a relay that has just been started takes first."""
    return Relay(retention=retention).courier.relay_batch()


def retry_batch() -> int:
    """What a relay takes that has found nothing new, and looks for what is to be tried again."""
    relay = Relay()
    relay.courier.relay_batch()
    return relay.aside.relay_batch()


def keys(room: Room) -> list[str]:
    """Ids of the messages as the room's clients see them."""
    events = room.received()
    assert all(event["deduplication_key"] == event["message_data"]["id"] for event in events)
    return [event["message_data"]["id"] for event in events]


def test_messages_arrive_once_and_in_order_as_the_application_renders_them(room: Room, world: World) -> None:
    written = room.write(30)
    with relay(world):
        eventually(lambda: unprocessed() == 0, "an empty outbox")
    events = room.received()
    assert [event["message_data"]["id"] for event in events] == written
    assert events[0] == {
        "type": "chat_message",
        "message_data": {"id": written[0], "chat_code": CODE, "content": "hello", "voice_waveform": None},
        "deduplication_key": written[0],
    }
    assert OutboxEvent.objects.count() == 0


def test_a_killed_relay_loses_nothing_and_repeats_at_most_a_batch(room: Room, world: World, folder: Path) -> None:
    written = room.write(50)
    with hanging_relay(world, folder / "killed.log", batch=40, after=30) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert unprocessed() == 50
    with relay(world):
        eventually(lambda: unprocessed() == 0, "an empty outbox")
    arrivals = Counter(keys(room))
    assert set(arrivals) == set(written)
    assert [key for key in written if arrivals[key] > 1] == written[:30]
    assert max(arrivals.values()) == 2


def test_two_relays_share_the_work_without_waiting_for_each_other(room: Room, world: World, folder: Path) -> None:
    written = room.write(40)
    with hanging_relay(world, folder / "first.log", batch=10, after=0):
        with relay(world):
            eventually(lambda: unprocessed() == 10, "all events but the first relay's")
        assert keys(room) == written[10:]
    with relay(world):
        eventually(lambda: unprocessed() == 0, "an empty outbox")
    assert keys(room) == written[:10]


def test_two_relays_send_nothing_twice(room: Room, world: World) -> None:
    written = room.write(90)
    small = [*NORMAL, "--batch-size=2"]
    with relay(world, *small), relay(world, *small):
        eventually(lambda: unprocessed() == 0, "an empty outbox")
    assert sorted(keys(room)) == sorted(written)


def test_sigterm_ends_the_relay_between_two_messages(room: Room, world: World) -> None:
    written = room.write(20)
    with relay(world, BROKEN, "terminate", "7") as process:
        assert process.wait(30) == 0
    assert unprocessed() == 13
    with relay(world):
        eventually(lambda: unprocessed() == 0, "an empty outbox")
    assert keys(room) == written


def test_sigterm_ends_an_idle_relay(room: Room, world: World, folder: Path) -> None:
    log = folder / "idle.log"
    with relay(world, log=log) as process:
        eventually(lambda: "is running" in log.read_text(), "the relay")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert log.read_text().endswith("The relay has stopped\n")


def test_messages_wait_for_redis(room: Room, world: World, folder: Path) -> None:
    port = free_port()
    log = folder / "redis.log"
    room.write(5)
    with relay(world, log=log, REDIS_PORT=str(port)):
        eventually(lambda: log.read_text().count("The relay waits") >= 2, "the relay to try again")
        assert unprocessed() == 5
        assert set(OutboxEvent.objects.values_list("attempts", flat=True)) == {0}
        assert not listens(port)
        with redis(port):
            eventually(lambda: unprocessed() == 0, "an empty outbox")
    assert "Traceback" not in log.read_text()


def test_the_relay_survives_the_loss_of_its_connection(room: Room, world: World, folder: Path) -> None:
    log = folder / "database.log"
    with relay(world, log=log):
        room.write(1)
        eventually(lambda: unprocessed() == 0, "the first message")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
        room.write(1)
        eventually(lambda: unprocessed() == 0, "the second message")
    assert "The relay waits" in log.read_text()
    assert len(keys(room)) == 2


def test_a_deleted_message_is_not_sent_any_more(room: Room) -> None:
    first, second, third = room.write(3)
    Message.objects.filter(pk=first).update(is_deleted=True)
    Message.objects.filter(pk=second).delete()
    assert relay_batch() == 3
    assert keys(room) == [third]
    assert unprocessed() == 0


@pytest.mark.parametrize("content", ["cannot be rendered", "cannot be queried"])
def test_a_message_that_cannot_be_rendered_holds_up_no_other(room: Room, content: str) -> None:
    [bad] = room.write(1, content)
    [good] = room.write(1)
    relay_batch()
    assert keys(room) == [good]
    event = OutboxEvent.objects.get(deduplication_key=bad)
    assert (event.processed, event.attempts) == (False, 1)
    assert event.available_at is not None
    assert relay_batch() == 0, "it is tried again later, not at once"

    OutboxEvent.objects.update(available_at=Now(), attempts=MAX_ATTEMPTS - 1)
    Message.objects.filter(pk=bad).update(content="mended")
    assert retry_batch() == 1
    assert keys(room) == [bad]


def test_an_event_is_given_up_after_its_last_attempt(room: Room) -> None:
    room.write(1, "cannot be rendered")
    OutboxEvent.objects.update(attempts=MAX_ATTEMPTS - 1)
    assert relay_batch() == 1
    OutboxEvent.objects.update(available_at=Now())
    assert retry_batch() == 0
    assert OutboxEvent.objects.get().attempts == MAX_ATTEMPTS


def test_only_old_sent_events_are_deleted(room: Room) -> None:
    old, recent, waiting = room.write(3)
    OutboxEvent.objects.filter(deduplication_key=old).update(processed=True, processed_at=Now() - timedelta(hours=25))
    OutboxEvent.objects.filter(deduplication_key=recent).update(processed=True, processed_at=Now())
    OutboxEvent.objects.filter(deduplication_key=waiting).update(created_at=Now() - timedelta(days=9))
    assert CleanUp(timedelta(hours=24))() == 1
    assert set(OutboxEvent.objects.values_list("deduplication_key", flat=True)) == {recent, waiting}
