"""A message that cannot be sent holds up no other, whatever it raises, and is set aside where a person sees it."""

import asyncio
import inspect
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ReadOnlyError, ResponseError
from websockets.sync.client import connect

from chatpop_aws import courier, sending
from chatpop_aws.events import MAX_ATTEMPTS, Event, set_aside
from chatpop_aws.models import OutboxEvent
from chatpop_aws.relay import Relay
from chats.consumers import ChatConsumer
from chats.models import ChatRoom, Message
from conftest import World
from room import CODE, Room, unprocessed
from services import eventually, free_port, running
from test_container import container
from test_relay import keys, relay

NUMBER = 10**30
NESTED: Any = []
for _ in range(600):
    NESTED = [NESTED]


@pytest.fixture
def other(room: Room) -> Iterator[Room]:
    """A member of another room."""
    member = Room("elsewhere")
    yield member
    member.close()


def poison(room: Room, waveform: Any) -> str:
    return str(Message.objects.create(chat_room=room.model, content="hello", voice_waveform=waveform).pk)


def event(key: str) -> OutboxEvent:
    return OutboxEvent.objects.get(deduplication_key=key)


@pytest.mark.parametrize(("waveform", "reason"), [([NUMBER], "OverflowError"), (NESTED, "ValueError")])
def test_what_cannot_be_packed_is_postponed_with_its_reason(
    room: Room, other: Room, waveform: Any, reason: str
) -> None:
    bad = [poison(room, waveform) for _ in range(3)]
    good = [*room.write(2), *other.write(2)]
    # All in the very same batch: the other messages wait for nothing.
    assert Relay().courier.relay_batch() == 7
    assert keys(room) + keys(other) == good
    for key in bad:
        assert (event(key).processed, event(key).attempts) == (False, 1)
        assert event(key).available_at is not None
        assert event(key).reason.startswith(reason)
    assert Relay().courier.relay_batch() == 0


class Failing:
    """A channel layer that fails for one message."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, key: str, fail: Callable[[], Awaitable[None]]) -> None:
        layer = type(get_channel_layer())
        group_send = layer.group_send

        async def send(this: Any, group: str, message: dict[str, Any]) -> Any:
            if message.get("deduplication_key") == key:
                await fail()
            return await group_send(this, group, message)

        monkeypatch.setattr(layer, "group_send", send)


def raising(error: BaseException) -> Callable[[], Awaitable[None]]:
    async def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("fail", "reason"),
    [
        (raising(TypeError("group name too long")), "TypeError: group name too long"),
        (raising(RecursionError("too deep")), "RecursionError"),
        (raising(asyncio.CancelledError()), "CancelledError"),
        (raising(MemoryError()), "MemoryError"),
        # They look like an outage: only that Redis is well says that they are none.
        (raising(ResponseError("Protocol error: invalid bulk length")), "ResponseError"),
        (raising(ConnectionResetError()), "ConnectionResetError"),
        (raising(OperationalError("stack depth limit exceeded")), "OperationalError"),
        (raising(TimeoutError()), "TimeoutError"),
    ],
)
def test_whatever_a_send_raises_postpones_that_event_alone(
    room: Room, other: Room, monkeypatch: pytest.MonkeyPatch, fail: Callable[[], Awaitable[None]], reason: str
) -> None:
    bad, *good = [*room.write(3), *other.write(3)]
    Failing(monkeypatch, bad, fail)
    run_until(lambda: unprocessed() == 1 and event(bad).attempts == 1)
    assert keys(room) + keys(other) == good
    assert event(bad).reason.startswith(reason)


@pytest.mark.parametrize(
    ("error", "reasons"),
    [(None, []), (TimeoutError(), ["EndlessSendError"]), (TypeError("too late"), ["TypeError"])],
)
def test_a_send_that_does_not_end_holds_up_its_own_room_alone(
    room: Room, other: Room, monkeypatch: pytest.MonkeyPatch, error: Exception | None, reasons: list[str]
) -> None:
    others_have_left = False
    monkeypatch.setattr(sending, "SEND_TIMEOUT", 3600)
    own, good = room.write(3), other.write(2)

    async def endless() -> None:
        while not others_have_left:
            await asyncio.sleep(0.01)
        if error:
            raise error

    def everything_has_left() -> bool:
        nonlocal others_have_left
        if unprocessed() == len(own) and len(good) == 2:
            # The relay has left the send behind, and takes what comes later.
            good.extend(other.write(2))
        others_have_left = others_have_left or (unprocessed() == len(own) and len(good) == 4)
        return unprocessed() == (1 if error else 0)

    Failing(monkeypatch, own[0], endless)
    run_until(everything_has_left)
    assert keys(other) == good
    assert keys(room) == (own[1:] if error else own)
    assert [each.reason.partition(":")[0] for each in OutboxEvent.objects.all()] == reasons


def test_a_slow_send_ends_before_the_relay_does(room: Room, other: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = False

    async def slow() -> None:
        while not stopped:
            await asyncio.sleep(0.01)

    def the_other_has_left() -> bool:
        nonlocal stopped
        stopped = unprocessed() == 1
        return stopped

    [key], _ = room.write(1), other.write(1)
    Failing(monkeypatch, key, slow)
    run_until(the_other_has_left)
    assert keys(room) == [key]
    assert OutboxEvent.objects.count() == 0


def test_a_send_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    class Layer:
        async def group_send(self, *_: Any) -> None:
            await asyncio.sleep(3600)

    monkeypatch.setattr(sending, "SEND_TIMEOUT", 0.01)
    event = Event(1, CODE, "chat_message", "1", "1", 0, datetime.now(UTC))
    with pytest.raises(TimeoutError):
        asyncio.run(sending._send(Layer(), event, {}))


def test_a_redis_that_answers_nothing_is_an_outage_and_no_events_fault(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = type(get_channel_layer())
    monkeypatch.setattr(courier, "SEND_TIMEOUT", 0.2)
    ping, asked = layer.ping, 0

    async def answer(this: Any, index: int) -> None:
        nonlocal asked
        asked += 1
        await (asyncio.sleep(3600) if asked <= 4 else ping(this, index))

    async def send() -> None:
        before = asked
        if before < 4:
            while asked == before:
                await asyncio.sleep(0.01)
            raise TimeoutError

    monkeypatch.setattr(layer, "ping", answer)
    [key] = room.write(1)
    Failing(monkeypatch, key, send)
    run_until(lambda: unprocessed() == 0)
    assert keys(room) == [key]
    assert asked >= 4


def run_until(condition: Callable[[], bool]) -> None:
    """A relay's main loop, which ends at the first look for more when the condition holds."""
    relay = Relay()
    take = relay.courier.source.take

    def take_or_stop(size: int, without: list[str]) -> Any:
        if condition():
            relay.stop()
        return take(size, without)

    relay.courier.source.take = take_or_stop  # type: ignore[method-assign]
    relay.courier.run()


def test_a_batch_that_dies_is_taken_apart(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    keys_before = room.write(9)
    OutboxEvent.objects.filter(deduplication_key=keys_before[4]).update(payload={"message_id": "no key at all"})
    OutboxEvent.objects.filter(deduplication_key=keys_before[6]).update(payload=["not even an object"])
    serialize = inspect.unwrap(ChatConsumer.serialize_message_for_broadcast)

    def broken(this: ChatConsumer, message: Message) -> Any:
        if str(message.pk) == keys_before[2]:
            # It takes the whole batch with it, since the connection is gone.
            connection.close()
            raise OperationalError("server closed the connection unexpectedly")
        return serialize(this, message)

    monkeypatch.setattr(ChatConsumer, "serialize_message_for_broadcast", broken)
    run_until(lambda: not OutboxEvent.objects.filter(attempts=0).exists())
    bad = [keys_before[n] for n in (2, 4, 6)]
    assert [key for key in keys_before if key not in bad] == keys(room)
    assert sorted(OutboxEvent.objects.values_list("deduplication_key", flat=True)) == sorted(bad)
    assert set(OutboxEvent.objects.values_list("attempts", flat=True)) == {1}


def test_a_replica_that_answers_a_ping_is_an_outage_and_no_events_fault(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(courier, "_LONGEST_PAUSE", 0.05)
    [key] = room.write(1)
    failures = 4

    async def read_only() -> None:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise ReadOnlyError("You can't write against a read only replica.")

    Failing(monkeypatch, key, read_only)
    run_until(lambda: unprocessed() == 0)
    assert keys(room) == [key]
    assert caplog.text.count("The relay waits") == 4


def test_a_database_that_takes_no_writes_is_an_outage_and_no_events_fault(
    room: Room, world: World, folder: Path
) -> None:
    log = folder / "read-only.log"
    with connection.cursor() as cursor:
        cursor.execute("ALTER DATABASE postgres SET default_transaction_read_only = on")
    try:
        with relay(world, log=log):
            eventually(
                lambda: log.read_text().count("read-only transaction") >= 2, "the relay to meet a read-only database"
            )
            with connection.cursor() as cursor:
                cursor.execute("SET default_transaction_read_only = off; ALTER DATABASE postgres RESET ALL")
            [key] = room.write(1)
            eventually(lambda: unprocessed() == 0, "an empty outbox")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off; ALTER DATABASE postgres RESET ALL")
    assert keys(room) == [key]
    assert "failed" not in log.read_text()


def statements_before(monkeypatch: pytest.MonkeyPatch, room: Room, other: Room, bad: int, waveform: Any) -> list[int]:
    """How many statements PostgreSQL is asked before each message of the other room leaves, behind so many bad ones."""
    for _ in range(bad):
        poison(room, waveform)
    good = other.write(3)
    layer = type(get_channel_layer())
    group_send, before = layer.group_send, dict[str, int]()
    # Within an event loop Django would name another connection.
    statements = connection.queries_log

    async def send(this: Any, group: str, message: dict[str, Any]) -> Any:
        result = await group_send(this, group, message)
        before[message["deduplication_key"]] = len(statements) - already
        return result

    mine = Relay()
    with CaptureQueriesContext(connection) as captured, monkeypatch.context() as patch:
        already = captured.initial_queries
        patch.setattr(layer, "group_send", send)
        assert mine.courier.relay_batch() == bad + len(good)
    assert keys(other) == good
    # What has failed once is for the second loop, and the first one never meets it again.
    assert mine.courier.relay_batch() == 0
    assert OutboxEvent.objects.filter(attempts=1).count() == bad
    OutboxEvent.objects.all().delete()
    return [before[key] for key in good]


@pytest.mark.parametrize("waveform", [[NUMBER], NESTED])
def test_poison_in_one_room_costs_the_messages_of_another_nothing(
    room: Room, other: Room, monkeypatch: pytest.MonkeyPatch, waveform: Any
) -> None:
    without = statements_before(monkeypatch, room, other, 0, waveform)
    assert min(without) > 0
    assert statements_before(monkeypatch, room, other, 90, waveform) == without


def test_a_message_that_fails_again_and_again_is_logged_at_its_first_attempt_and_its_last(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    key = poison(room, [NUMBER])
    mine = Relay()
    mine.courier.relay_batch()
    for _ in range(MAX_ATTEMPTS - 1):
        OutboxEvent.objects.update(available_at=Now())
        mine.aside.relay_batch()
    assert set_aside().count() == 1
    said = [each.getMessage() for each in caplog.records if key in each.getMessage()]
    assert ["failed" in said[0], "is set aside" in said[1], len(said)] == [True, True, 2]


def test_a_room_whose_name_the_layer_refuses_holds_up_no_other(other: Room, world: World, folder: Path) -> None:
    # With the 5 characters before it the name has more than the 100 that the core layer takes.
    long = ChatRoom.objects.create(code="x" * 98)
    [bad] = [str(Message.objects.create(chat_room=long, content="hello").pk)]
    log = folder / "long-name.log"
    other.write(1)
    with relay(world, log=log, CHANNEL_LAYER="core") as process:
        eventually(lambda: unprocessed() == 1 and event(bad).attempts > 0, "the other room's message to be sent")
        assert process.poll() is None
    assert event(bad).reason.startswith("TypeError")


def test_a_member_cannot_stop_the_relay(room: Room, world: World, folder: Path) -> None:
    log, port = folder / "poisoned.log", free_port()
    command = [sys.executable, "manage.py", "relay_outbox"]
    address = f"ws://127.0.0.1:{port}/ws/chat/{CODE}/"
    with container(world, port), running(command, environment=world.environment(), log=log) as process:
        with connect(address) as attacker, connect(address) as member:
            attacker.send(json.dumps({"message": "x", "voice_waveform": [NUMBER]}))
            attacker.send(json.dumps({"message": "x", "voice_waveform": NESTED}))
            member.send(json.dumps({"message": "hello"}))
            assert json.loads(member.recv(timeout=30))["content"] == "hello"
        # The server may take the second one after the member's.
        eventually(lambda: OutboxEvent.objects.filter(attempts__gte=1).count() == 2, "both to be postponed")
        assert process.poll() is None
    assert set(OutboxEvent.objects.values_list("processed", flat=True)) == {False}


def outbox(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    call_command("outbox", *options)
    return capsys.readouterr().out.splitlines()


def test_after_the_last_attempt_an_event_is_set_aside_and_a_person_decides(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outbox(capsys, "--stuck") == ["0 set aside"]
    first, second, third = (poison(room, [NUMBER]) for _ in range(3))
    waiting = poison(room, [NUMBER])
    OutboxEvent.objects.update(attempts=MAX_ATTEMPTS - 1, available_at=Now())
    OutboxEvent.objects.filter(deduplication_key=waiting).update(attempts=1)
    Relay().aside.relay_batch()
    *lines, total = outbox(capsys, "--stuck")
    assert total == "3 set aside"
    for key, line in zip([first, second, third], lines, strict=True):
        assert f"{event(key).pk}  room {CODE}  message {key}  attempts 10" in line
        assert line.endswith("OverflowError: Integer value out of range")

    Message.objects.update(voice_waveform=None)
    assert outbox(capsys, f"--retry={event(first).pk}") == ["1 to be tried again"]
    assert outbox(capsys, f"--drop={event(second).pk}") == ["1 dropped"]
    assert set_aside().count() == 1
    assert outbox(capsys, "--retry=all") == ["1 to be tried again"]
    Relay().courier.relay_batch()
    assert keys(room) == [first, third]
    OutboxEvent.objects.update(attempts=MAX_ATTEMPTS)
    assert outbox(capsys, "--drop=all") == ["1 dropped"]
    assert Message.objects.count() == 4


@pytest.mark.parametrize("which", ["4711", "-1", "some"])
def test_an_event_that_was_not_set_aside_is_left_alone(room: Room, which: str) -> None:
    room.write(1)
    for action in ("--retry", "--drop"):
        with pytest.raises(CommandError, match=which):
            call_command("outbox", f"{action}={which}")
    assert unprocessed() == 1
