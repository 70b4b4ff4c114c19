"""A conversation over real WebSockets and Redis (G-3), with and without the outbox."""

import json
import sys

from websockets.sync.client import connect

from conftest import World
from room import CODE, Room, unprocessed
from services import eventually, free_port, running
from test_container import container


def talk(port: int) -> list[str]:
    """Two members of a room; one says three things, and the other hears them."""
    address = f"ws://127.0.0.1:{port}/ws/chat/{CODE}/"
    with connect(address) as speaker, connect(address) as listener:
        for text in ("one", "two", "three"):
            speaker.send(json.dumps({"message": text}))
        heard = [json.loads(listener.recv(timeout=30))["content"] for _ in range(3)]
        # Whatever was sent twice would come before this.
        speaker.send(json.dumps({"message": "end"}))
        while heard[-1] != "end":
            heard.append(json.loads(listener.recv(timeout=30))["content"])
        return heard


def test_g3_every_message_is_heard_once_through_the_relay(room: Room, world: World) -> None:
    port = free_port()
    relay = [sys.executable, "manage.py", "relay_outbox", "--poll-interval=0.02"]
    with container(world, port), running(relay, environment=world.environment()):
        assert talk(port) == ["one", "two", "three", "end"]
        eventually(lambda: unprocessed() == 0, "an empty outbox")


def test_every_message_is_heard_once_without_the_outbox(room: Room, world: World) -> None:
    port = free_port()
    with container(world, port, OUTBOX_ENABLED="False"):
        assert talk(port) == ["one", "two", "three", "end"]
    assert unprocessed() == 0
