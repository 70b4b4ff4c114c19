"""Who receives: what the relay learns of the processes that hold sockets."""

import asyncio
from collections.abc import Iterator

import pytest

from chatpop_aws import receivers
from chatpop_aws.channel_layer import PubSubChannelLayer
from services import free_port, redis


@pytest.fixture
def ports() -> Iterator[list[int]]:
    one, two = free_port(), free_port()
    with redis(one), redis(two):
        yield [one, two]


def layer(ports: list[int], capacity: int = 1_000) -> PubSubChannelLayer:
    return PubSubChannelLayer(hosts=[("127.0.0.1", port) for port in ports], capacity=capacity)


def test_a_process_is_known_with_its_backlog_as_soon_as_it_is_subscribed(ports: list[int]) -> None:
    async def talk() -> tuple[dict[str, int] | None, ...]:
        server, relay = layer(ports), layer(ports)
        nobody = await receivers.backlog(relay)
        channel = await server.new_channel()
        await server.group_add("room", channel)
        before = await receivers.backlog(relay)
        for _ in range(7):
            await relay.group_send("room", {"type": "x"})
        found = before
        for _ in range(50):
            found = await receivers.backlog(relay)
            if found and max(found.values()) == 7:
                break
            await asyncio.sleep(0.1)
        await asyncio.gather(server.flush(), relay.flush())
        return nobody, before, found

    nobody, before, after = asyncio.run(talk())
    assert nobody == {}
    assert before is not None
    assert after is not None
    assert list(before.values()) == [0]
    assert after == dict.fromkeys(before, 7)


def test_a_process_that_one_server_does_not_know_does_not_count(ports: list[int]) -> None:
    async def ask() -> dict[str, int] | None:
        half, relay = layer(ports[:1]), layer(ports)
        await half.new_channel()
        found = await receivers.backlog(relay)
        await asyncio.gather(half.flush(), relay.flush())
        return found

    assert asyncio.run(ask()) == {}


def test_a_layer_that_does_not_tell() -> None:
    assert asyncio.run(receivers.backlog(object())) is None


def test_a_full_queue_is_closed_once_and_others_go_on(ports: list[int]) -> None:
    async def fill() -> tuple[int, int, int]:
        both = layer(ports[:1], capacity=3)
        closed = []
        slow = both.member().inboxes[await both.new_channel()]
        quick = both.member().inboxes[await both.new_channel()]
        slow.abandon = lambda: closed.append(slow)
        await both.group_add("room", slow.channel)
        await both.group_add("room", quick.channel)
        received = 0
        for _ in range(6):
            await both.group_send("room", {"type": "x"})
            await asyncio.wait_for(both.receive(quick.channel), 5)
            received += 1
        waiting = len(slow.messages)
        await both.flush()
        return len(closed), received, waiting

    assert asyncio.run(fill()) == (1, 6, 3)


def test_redis_is_used_through_its_restart(ports: list[int]) -> None:
    port = free_port()

    async def restart() -> list[int]:
        one = layer([port])
        missed: list[int] = []
        one.on_loss = lambda inboxes: missed.append(len(inboxes))
        with redis(port):
            channel = await one.new_channel()
            await one.group_add("room", channel)
        with redis(port):
            for _ in range(100):
                await asyncio.sleep(0.1)
                if missed:
                    break
            assert await one.group_send("room", {"type": "x"}) == 1
            assert (await asyncio.wait_for(one.receive(channel), 5))["type"] == "x"
            await one.flush()
        return missed

    assert asyncio.run(restart()) == [1]


@pytest.mark.parametrize("payload", [b"\xc1", b"", b"\x85only", b"\x01", b"\xdb\xff\xff\xff\xff"])
def test_a_payload_that_cannot_be_unpacked_ends_no_subscription(ports: list[int], payload: bytes) -> None:
    async def talk() -> list[object]:
        server = layer(ports[:1])
        channel = await server.new_channel()
        await server.group_add("room", channel)
        member = server.member()
        for name in ("asgi:group:room", channel.partition("!")[0]):
            await member.publisher(name).publish(name, payload)
        await server.group_send("room", {"type": "readable"})
        await server.send(channel, {"type": "direct"})
        heard = [(await asyncio.wait_for(server.receive(channel), 10))["type"] for _ in range(2)]
        await server.flush()
        return heard

    assert asyncio.run(talk()) == ["readable", "direct"]
