"""Redis with TLS and spread over several hosts, on real servers (GAP-9, GAP-39)."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from conftest import World
from services import free_port, redis

PROBE = """
import asyncio, json, django; django.setup()
from channels.layers import get_channel_layer
from django.core.cache import cache

async def main():
    layer = get_channel_layer()
    heard = []
    for room in [f"chat_room{n}" for n in range(20)]:
        channel = await layer.new_channel()
        await layer.group_add(room, channel)
        await layer.group_send(room, {"type": "reaction", "room": room})
        heard.append((await asyncio.wait_for(layer.receive(channel), 10))["room"] == room)
    return heard, [await each.client.dbsize() for each in layer.member().publishers]

cache.set("key", "value")
heard, sizes = asyncio.run(main())
print(json.dumps({"heard": all(heard), "sizes": sizes, "cache": cache.get("key")}))
"""


# A room of each server, which the first process is in and the second one sends to.
TWO_ROOMS = """
import asyncio, json, sys, django; django.setup()
from channels.layers import get_channel_layer

def rooms_of(layer):
    publisher = lambda room: layer.member().publisher(f"asgi:group:{room}")
    return [next(room for room in map("room{}".format, range(100)) if publisher(room) is each)
            for each in layer.member().publishers]

async def listen(layer):
    channel = await layer.new_channel()
    for room in rooms_of(layer):
        await layer.group_add(room, channel)
    print(json.dumps([await each.client.pubsub_channels("asgi:group:*") for each in layer.member().publishers],
                     default=bytes.decode), flush=True)
    print(json.dumps([(await asyncio.wait_for(layer.receive(channel), 60))["room"] for _ in rooms_of(layer)]))

async def send(layer):
    print(json.dumps([await layer.group_send(room, {"type": "reaction", "room": room}) for room in rooms_of(layer)]))

asyncio.run(globals()[sys.argv[1]](get_channel_layer()))
"""


def probe(world: World, **changes: str | None) -> dict[str, object]:
    line = [sys.executable, "-c", PROBE]
    process = subprocess.run(line, env=world.environment(**changes), capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    result: dict[str, object] = json.loads(process.stdout)
    return result


def test_gap39_rooms_are_spread_over_independent_hosts(world: World) -> None:
    one, two = free_port(), free_port()
    with redis(one), redis(two):
        found = probe(world, CHANNEL_LAYER_HOSTS=f"127.0.0.1:{one},127.0.0.1:{two}")
    assert found["heard"] is True
    assert isinstance(found["sizes"], list)
    assert all(size > 0 for size in found["sizes"])


def test_gap39_each_host_carries_its_room_from_process_to_process(world: World) -> None:
    one, two = free_port(), free_port()
    environment = world.environment(CHANNEL_LAYER_HOSTS=f"127.0.0.1:{one},127.0.0.1:{two}", OUTBOX_ENABLED=None)
    line = [sys.executable, "-c", TWO_ROOMS]
    with (
        redis(one),
        redis(two),
        subprocess.Popen([*line, "listen"], env=environment, stdout=subprocess.PIPE, text=True) as listener,
    ):
        assert listener.stdout
        carried = [room for (room,) in json.loads(listener.stdout.readline())]
        sent = subprocess.run([*line, "send"], env=environment, capture_output=True, text=True, timeout=60)
        assert json.loads(sent.stdout) == [1, 1], sent.stderr
        heard = json.loads(listener.stdout.readline())
    assert [f"asgi:group:{room}" for room in heard] == carried
    assert len(set(heard)) == 2


def test_gap9_channel_layer_and_cache_speak_tls(world: World, folder: Path) -> None:
    port = free_port()
    authority = folder / "authority.crt"
    world.authority.cert_pem.write_to_path(authority)
    only_tls = ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no"]
    files = ["--tls-cert-file", folder / "server.crt", "--tls-key-file", folder / "server.key"]
    with redis(port, *only_tls, *map(str, files), "--tls-ca-cert-file", str(authority)) as server:
        found = probe(world, REDIS_PORT=str(port), REDIS_TLS="True", SSL_CERT_FILE=str(authority))
        assert (found["heard"], found["cache"]) == (True, "value")
        plain = [sys.executable, "-c", PROBE]
        environment = world.environment(REDIS_PORT=str(port))
        assert subprocess.run(plain, env=environment, stderr=subprocess.DEVNULL).returncode != 0
        server.send_signal(signal.SIGTERM)
