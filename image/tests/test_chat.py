"""A conversation over real WebSockets and Redis (G-3), with and without the outbox."""

import json
import sys
from typing import Any

import pytest
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


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
@pytest.mark.parametrize("layer", ["pubsub", "core"])
def test_g3_every_message_is_heard_once_through_the_relay(room: Room, world: World, server: str, layer: str) -> None:
    port = free_port()
    relay = [sys.executable, "manage.py", "relay_outbox", "--poll-interval=0.02"]
    environment: dict[str, Any] = {"CHATPOP_SERVER": server, "CHANNEL_LAYER": layer}
    with container(world, port, **environment), running(relay, environment=world.environment(CHANNEL_LAYER=layer)):
        assert talk(port) == ["one", "two", "three", "end"]
        eventually(lambda: unprocessed() == 0, "an empty outbox")


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_every_message_is_heard_once_without_the_outbox(room: Room, world: World, server: str) -> None:
    port = free_port()
    with container(world, port, OUTBOX_ENABLED="False", CHATPOP_SERVER=server):
        assert talk(port) == ["one", "two", "three", "end"]
    assert unprocessed() == 0
