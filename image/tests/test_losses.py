"""Every message that is lost on the way to a socket is counted, and nobody writes for tasks that are gone (GAP-49)."""

import signal
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client
from websockets.sync.client import connect

from conftest import ENVIRONMENT, World
from metrics import counted
from room import CODE, Room
from services import free_port, running
from test_container import container

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
        processes: Any = store.pubsub_numsub(f"asgi:group:chat_{CODE}")
    return int(members if layer == "core" else processes[0][1])


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
