"""What fails around the sockets, on real servers: nothing hangs, nobody is left without a word, losses are counted."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis as redis_client
from django.db import connections
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from chatpop_aws.socket_check import HEADER, QUERY
from conftest import ENVIRONMENT, World
from forwarder import Forwarder
from metrics import counted
from room import CODE, Room
from services import PATIENCE, Process, eventually, free_port, redis
from test_container import container, get

# Of the room `lobby`, for a client that reads nothing by itself.
HANDSHAKE = (
    f"GET /ws/chat/{CODE}/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
).encode()
# `make test` tries the guide's server, `make test-all` both.
SERVERS = pytest.mark.parametrize(
    "server", ["daphne", *(["uvicorn"] if os.environ.get("CHATPOP_TESTS") == "all" else [])]
)


@contextmanager
def task(world: World, server: str, log: Path | None = None, **changes: Any) -> Iterator[tuple[Process, str]]:
    """A task without the outbox, and the address of a room there."""
    port = free_port()
    with container(world, port, log=log, CHATPOP_SERVER=server, OUTBOX_ENABLED="False", **changes) as process:
        eventually(lambda: get(port, "/healthz").status == 200, "the server")
        yield process, f"ws://127.0.0.1:{port}/ws/chat/{CODE}/"


def say(speaker: ClientConnection, text: str) -> None:
    speaker.send(json.dumps({"message": text}))


def hear(listener: ClientConnection) -> str:
    content: str = json.loads(listener.recv(timeout=10))["content"]
    return content


def end(listener: ClientConnection) -> int | None:
    """The code with which the server closes, after whatever it sends before."""
    try:
        while True:
            listener.recv(timeout=15)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def rooms(port: int) -> list[bytes]:
    """Rooms that some process is subscribed to."""
    found: Any = redis_client.Redis(port=port).pubsub_channels("asgi:group:*")
    return list(found)


@SERVERS
def test_a_task_that_stops_asks_its_clients_to_come_back(room: Room, world: World, server: str) -> None:
    with task(world, server) as (process, address), ExitStack() as stack:
        members = [stack.enter_context(connect(address)) for _ in range(20)]
        process.terminate()
        assert {end(member) for member in members} == {1012}
        assert process.wait(30) == 0


@SERVERS
@pytest.mark.parametrize("layer", ["pubsub", "core"])
def test_the_check_of_a_socket_gets_a_message_as_long_as_redis_carries_one(
    world: World, server: str, layer: str
) -> None:
    port = free_port()
    with redis(port) as own, task(world, server, REDIS_PORT=str(port), CHANNEL_LAYER=layer) as (_, address):
        http_port = int(address.split(":")[2].split("/")[0])
        deep = get(http_port, "/healthz?deep")
        assert deep.getheader(HEADER) == QUERY.decode()
        for _ in range(2):
            with connect(f"{address}?{QUERY.decode()}") as checked:
                assert json.loads(checked.recv(timeout=10)) == {"redis": "ok"}
                assert end(checked) == 1000
        # Nothing stays behind in a room.
        assert rooms(port) == []
        own.kill()
        own.wait()
        with connect(f"{address}?{QUERY.decode()}") as checked:
            assert end(checked) == 1013


@SERVERS
def test_redis_comes_back_empty(room: Room, world: World, folder: Path, server: str) -> None:
    port, log = free_port(), folder / f"empty-{server}.log"
    with redis(port) as first, task(world, server, log, REDIS_PORT=str(port)) as (_, address):
        http_port = int(address.split(":")[2].split("/")[0])
        with connect(address) as member:
            say(member, "before")
            assert hear(member) == "before"
            first.kill()
            first.wait()
            assert get(http_port, "/healthz").status == 200
            deep = get(http_port, "/healthz?deep")
            assert (deep.status, json.loads(deep.msg["X-Body"])["redis 0"]) == (503, "failed")
            with connect(address) as early:
                assert end(early) == 1013, "a new client is asked to try again"
            with redis(port):
                # It may have missed something: it is told so, and not left in a room that only looks silent.
                assert end(member) == 1012
                with connect(address) as again:
                    say(again, "after")
                    assert hear(again) == "after"
        assert len(counted(log, "lost-messages")) == 1


@SERVERS
def test_a_failover_that_leaves_connections_to_the_former_primary_open(
    room: Room, world: World, folder: Path, server: str
) -> None:
    one, two = free_port(), free_port()
    with redis(one), redis(two, "--replicaof", "127.0.0.1", str(one)), Forwarder(one) as name:
        former: Any = redis_client.Redis(port=one)
        new: Any = redis_client.Redis(port=two)
        eventually(lambda: new.info("replication")["master_link_status"] == "up", "the replica")
        with task(world, server, REDIS_PORT=str(name.port)) as (_, address), connect(address) as member:
            say(member, "before")
            assert hear(member) == "before"
            new.replicaof("NO", "ONE")
            former.replicaof("127.0.0.1", str(two))
            name.target = two
            failed_over = time.monotonic()
            assert end(member) == 1012
            with connect(address) as again:
                say(again, "after")
                assert hear(again) == "after"
                assert time.monotonic() - failed_over < 10
                assert new.pubsub_numsub(f"asgi:group:chat_{CODE}")[0][1] == 1, "the room is heard at the new primary"


@SERVERS
def test_a_client_that_does_not_read_is_dropped_and_counted_and_nobody_else_notices(
    room: Room, world: World, folder: Path, server: str
) -> None:
    log, count = folder / f"slow-{server}.log", 1_600
    # On a busy machine the client would be gone for a ping without an answer, which nothing was lost by.
    with task(world, server, log, CHATPOP_PING_INTERVAL="600") as (_, address), connect(address) as reader:
        host, port = "127.0.0.1", int(address.split(":")[2].split("/")[0])
        with socket.create_connection((host, port)) as silent:
            silent.sendall(HANDSHAKE)
            assert silent.recv(1024).startswith(b"HTTP/1.1 101")
            # No more at once than the server keeps for a client that has not come to read yet.
            for start in range(0, count, 10):
                for number in range(start, start + 10):
                    data = {"content": str(number), "filling": "x" * 20_000}
                    room.send({"type": "chat_message", "message_data": data, "deduplication_key": str(number)})
                assert [int(hear(reader)) for _ in range(10)] == list(range(start, start + 10))
            # On a busy machine more are lost before the client is gone.
            eventually(lambda: len(counted(log, "lost-messages")) >= 1, "the lost message to be counted")


@SERVERS
def test_a_frame_over_the_limit_is_refused_before_it_is_read(room: Room, world: World, server: str) -> None:
    with task(world, server) as (process, address), connect(address) as other, connect(address) as attacker:
        say(other, "x" * 60_000)
        assert len(hear(other)) == 60_000
        before = memory(process)
        with suppress(ConnectionClosed):
            attacker.send("x" * 15_000_000)
        # A server that goes on reading what it refuses sends its code; one that does not resets the connection.
        assert end(attacker) in (1009, None)
        assert memory(process) - before < 10_000
        say(other, "still here")
        while hear(other) != "still here":
            pass


def memory(process: Process) -> int:
    """Resident kilobytes."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("Linux only")


@SERVERS
def test_clients_that_vanish_leave_nothing_behind(room: Room, world: World, server: str) -> None:
    redis_port = free_port()
    with redis(redis_port), task(world, server, REDIS_PORT=str(redis_port)) as (process, address):
        sizes = []
        for _ in range(14):
            members = [connect(address, ping_interval=None, compression=None) for _ in range(100)]
            assert len(rooms(redis_port)) == 1
            for member in members:
                # As a phone in a tunnel: no close frame.
                member.socket.shutdown(socket.SHUT_RDWR)
                member.socket.close()
            eventually(lambda: not rooms(redis_port), "the room to be left")
            sizes.append(memory(process))
        # Until about 1,000 sockets the allocator still takes more.
    assert sizes[-1] - sizes[-4] < 1_000, f"memory grows with every connection: {sizes} kB"


@SERVERS
def test_after_two_thousand_clients_that_vanish_at_once_nobody_is_left_in_the_room(
    room: Room, world: World, server: str
) -> None:
    redis_port, count = free_port(), 2_000
    with redis(redis_port) as _, task(world, server, REDIS_PORT=str(redis_port)) as (_, address), ExitStack() as stack:
        port = int(address.split(":")[2].split("/")[0])
        members = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(count)]
        for member in members:
            member.sendall(HANDSHAKE)
        for member in members:
            member.settimeout(PATIENCE)
            assert member.recv(1024).startswith(b"HTTP/1.1 101")
        with connect(address) as survivor:
            assert len(rooms(redis_port)) == 1
            for member in members:
                # As when a wireless network goes: no close frame.
                member.shutdown(socket.SHUT_RDWR)
            say(survivor, "still here")
            assert hear(survivor) == "still here"
        # The process leaves a room with the last of its members.
        eventually(lambda: not rooms(redis_port), "the room to be left")


@SERVERS
def test_a_client_that_sends_too_many_frames_is_closed_and_nobody_else_is(
    room: Room, world: World, server: str
) -> None:
    # Nobody sends thousands of frames in as many seconds, however slow the machine is; ten at once are allowed.
    many = 5_000
    with task(world, server, CHATPOP_FRAME_RATE="1") as (_, address), connect(address) as member:
        with connect(address, max_queue=None) as attacker, suppress(ConnectionClosed):
            for number in range(many):
                say(attacker, f"flood {number}")
        assert end(attacker) == 1008
        say(member, "hello")
        while (heard := hear(member)) != "hello":
            assert heard.startswith("flood")
    with task(world, server) as (_, address), connect(address) as member:
        for number in range(50):
            say(member, str(number))
        assert [hear(member) for _ in range(50)] == [str(number) for number in range(50)]


@SERVERS
def test_pings_go_out_and_nothing_is_compressed(room: Room, world: World, server: str) -> None:
    with task(world, server, CHATPOP_PING_INTERVAL="1") as (_, address):
        port = int(address.split(":")[2].split("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
            raw.sendall(
                f"GET /ws/chat/{CODE}/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Extensions: permessage-deflate\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
            )
            received = b""
            while len(received.partition(b"\r\n\r\n")[2]) < 2:
                received += raw.recv(1024)
    head, _, frames = received.partition(b"\r\n\r\n")
    assert b"sec-websocket-extensions" not in head.lower()
    assert frames[0] == 0x89, "a ping"


@SERVERS
def test_postgresql_ends_all_connections(room: Room, world: World, server: str) -> None:
    with task(world, server) as (_, address), connect(address) as member:
        for text in ("one", "two"):
            say(member, text)
            assert hear(member) == text
        with database().cursor() as cursor:
            others = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")

            def gone() -> bool:
                cursor.execute(f"SELECT 1 {others}")
                return not cursor.fetchall()

            eventually(gone, "the connections to end")
            connections.close_all()
        say(member, "three")
        assert hear(member) == "three", "the pool notices that its connections are gone"


def database() -> Any:
    names = ("HOST", "PORT", "USER", "PASSWORD")
    parameters: dict[str, Any] = {name.lower(): ENVIRONMENT[f"POSTGRES_{name}"] for name in names}
    connection = psycopg2.connect(dbname="postgres", **parameters)
    # In a transaction, PostgreSQL would show its activity as it was at the first look.
    connection.autocommit = True
    return connection


@SERVERS
def test_connections_are_kept_and_never_pin_the_proxy(room: Room, world: World, server: str) -> None:
    with Forwarder(int(ENVIRONMENT["POSTGRES_PORT"])) as proxy:
        with (
            task(world, server, POSTGRES_PORT=str(proxy.port), POSTGRES_SSLMODE="disable") as (_, address),
            connect(address) as member,
        ):
            for number in range(30):
                say(member, str(number))
                assert hear(member) == str(number)
        sent = bytes(proxy.sent)
    assert sent.count(b"INSERT INTO") == 30
    assert sent.count(b"SCRAM-SHA-256") <= 3, "connections are opened once"
    for pins in (b"SET ", b"set_config", b"PREPARE", b"DECLARE", b"LISTEN", b"pg_advisory", b"TEMP"):
        assert pins not in sent


@SERVERS
def test_many_requests_at_once_share_few_connections(room: Room, world: World, server: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with task(world, server, CHATPOP_DATABASE_CONNECTIONS="5") as (_, address):
        port = int(address.split(":")[2].split("/")[0])
        # No `with` for the connection: psycopg2 would begin a transaction.
        with database().cursor() as cursor, ThreadPoolExecutor(60) as clients:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
            [(before,)] = cursor.fetchall()
            path = f"/api/chats/{CODE}/messages/"
            answers = list(clients.map(lambda _: get(port, path, "localhost").status, range(300)))
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
            [(after,)] = cursor.fetchall()
    assert set(answers) == {200}
    assert 1 <= after - before <= 5
