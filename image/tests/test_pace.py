"""The relay sends no faster than its receivers take, and waits for them when Redis has lost them."""

import asyncio
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from chatpop_aws import pace
from chatpop_aws.models import OutboxEvent
from chatpop_aws.pace import Pace
from chatpop_aws.relay import Relay
from chats.models import Message
from conftest import World
from room import CODE, Room, unprocessed
from services import eventually, free_port, redis
from test_container import container
from test_relay import NORMAL, relay

EVENTS, SOCKETS = 1_000, 20


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_after_a_pause_every_frame_of_the_backlog_arrives(room: Room, world: World, server: str) -> None:
    port = free_port()
    with container(world, port, CHATPOP_SERVER=server), ExitStack() as stack:
        address = f"ws://127.0.0.1:{port}/ws/chat/{CODE}/"
        members = [stack.enter_context(connect(address)) for _ in range(SOCKETS)]
        written = room.write(EVENTS)
        with relay(world):
            for member in members:
                assert [json.loads(member.recv(timeout=60))["id"] for _ in range(EVENTS)] == written
            eventually(lambda: unprocessed() == 0, "an empty outbox")


class Receivers:
    """A layer whose receivers report what the test says."""

    capacity = 100

    def __init__(self, *reports: dict[str, int]) -> None:
        self._reports = list(reports)

    async def receivers(self) -> list[dict[str, int]]:
        """The next report, and the last one again and again."""
        return [self._reports.pop(0) if len(self._reports) > 1 else self._reports[0]]


def after(pace: Pace, sent: int) -> list[str]:
    asyncio.run(pace.look())
    for _ in range(sent):
        pace.sent("busy")
    pace.sent("calm")
    return pace.exhausted()


def test_a_room_gets_a_quarter_of_a_queue_in_a_second() -> None:
    assert after(Pace(Receivers({"a": 0}), 0, bool), 24) == []
    assert after(Pace(Receivers({"a": 0}), 0, bool), 25) == ["busy"]


def test_a_receiver_that_is_behind_slows_busy_rooms_down_and_no_others() -> None:
    behind = Pace(Receivers({"a": 25, "b": 0}), 0, bool)
    assert after(behind, 2) == ["busy"]


def test_a_room_gets_its_next_share_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(pace, "monotonic", lambda: now)
    mine = Pace(Receivers({"a": 0}), 0, bool)
    assert after(mine, 25) == ["busy"]
    now += 0.5
    assert after(mine, 0) == ["busy"]
    now += 0.5
    assert after(mine, 0) == []


def test_a_room_that_has_had_its_share_holds_up_no_other(room: Room) -> None:
    other = Room("elsewhere")
    try:
        mine = Relay(batch_size=5).courier
        room.write(10)
        late = other.write(1)
        assert mine.relay_batch() == 5
        assert mine._pace
        for _ in range(mine._pace._capacity):
            mine._pace.sent(CODE)
        assert mine.relay_batch() == 1
        assert [event["message_data"]["id"] for event in other.received()] == late
        assert unprocessed() == 5
    finally:
        other.close()


def test_the_relay_waits_for_receivers_that_redis_has_lost_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    slept = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal now, slept
        now += seconds
        slept += seconds

    monkeypatch.setattr(pace, "monotonic", lambda: now)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    both, one, none = {"a": 0, "b": 0}, {"a": 0}, dict[str, int]()
    mine = Pace(Receivers(both, none, none, one, both, none), 30.0, bool)
    asyncio.run(mine.look())
    now += 1
    asyncio.run(mine.look())
    assert 0.2 < slept < 1
    now += 1
    asyncio.run(mine.look())
    assert 30 <= slept < 32
    # Nobody has come back: there is nobody to wait for.
    now += 1
    asyncio.run(mine.look())
    assert slept < 32


def test_when_redis_comes_back_empty_messages_wait_for_the_servers(room: Room, world: World, folder: Path) -> None:
    cache, port = free_port(), free_port()
    log = folder / "empty-relay.log"
    first: Any
    with redis(cache) as first, container(world, port, REDIS_PORT=str(cache)):
        address = f"ws://127.0.0.1:{port}/ws/chat/{CODE}/"
        with relay(world, *NORMAL, log=log, REDIS_PORT=str(cache)), connect(address) as member:
            room.write(1)
            member.recv(timeout=30)
            first.kill()
            first.wait()
            written = room.write(3)
            eventually(lambda: "The relay waits" in log.read_text(), "the relay to notice")
            assert OutboxEvent.objects.filter(attempts=0).count() == 3
            with redis(cache):
                # The member is asked to come back, and finds in the history what was sent meanwhile.
                with pytest.raises(ConnectionClosed, match="1012"):
                    list(iter(lambda: member.recv(timeout=30), None))
                eventually(lambda: unprocessed() == 0, "an empty outbox")
                assert {str(each) for each in Message.objects.values_list("pk", flat=True)} >= set(written)
                with connect(address) as again:
                    [last] = room.write(1)
                    assert json.loads(again.recv(timeout=30))["id"] == last
