"""What the whole of a scale needs of Redis's one thread: one real server, as many subscribers as there are tasks."""

import asyncio
import json
import os
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop

from . import meter, python
from .scenario import Scale
from .servers import IMAGE, free_port, redis
from .thresholds import BROKEN, Threshold

# Of Redis's one thread, at large's full load.
_MOST = 0.30
# As the channel layer names a room.
_MARK = b"asgi:group:chat_"
_NAMES_PER_COMMAND = 500
# Parts of the full load. When messages come close together, Redis writes several with one system call, and a busy
# machine brings them close together: the dearer of the two counts.
_PARTS = (1.0, 0.25)


class Subscriber(asyncio.Protocol):
    """A task's connection: subscribed to every room of which the task has a member, counting and forgetting."""

    def __init__(self, rooms: set[int]) -> None:
        self.rooms, self.received = rooms, 0
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Subscribes as the layer does."""
        names = [b"%s%d" % (_MARK, room) for room in self.rooms]
        transport.write(_command(b"HELLO", b"3"))  # type: ignore[attr-defined]
        for start in range(0, len(names), _NAMES_PER_COMMAND):
            transport.write(_command(b"SUBSCRIBE", *names[start : start + _NAMES_PER_COMMAND]))  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Counts names of rooms: one a message."""
        text = self._tail + data
        self.received += text.count(_MARK)
        self._tail = text[max(text.rfind(_MARK) + len(_MARK), len(text) - len(_MARK) + 1) :] if text else b""


def _command(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


@dataclass(frozen=True)
class Share:
    """The figures of one number of tasks."""

    processes: int
    messages_per_second: float
    milliseconds_per_message: float
    share: float
    deliveries_per_write: float
    sent: int
    received: int
    expected: int


def _rooms_of_tasks(scale: Scale, processes: int) -> list[set[int]]:
    """Each member of each room is on any of the tasks, as a load balancer that knows no rooms puts it."""
    generator = random.Random(1)  # noqa: S311
    rooms: list[set[int]] = [set() for _ in range(processes)]
    for room in range(scale.rooms):
        for _ in range(scale.users_per_room):
            rooms[generator.randrange(processes)].add(room)
    return rooms


async def _measure(scale: Scale, processes: int, part: float, seconds: float, interpreter: Path) -> Share:
    port = free_port()
    with redis(port) as server:
        loop = asyncio.get_running_loop()
        subscribers: list[Subscriber] = []
        for rooms in _rooms_of_tasks(scale, processes):
            _, subscriber = await loop.create_connection(lambda rooms=rooms: Subscriber(rooms), "127.0.0.1", port)  # type: ignore[misc]
            subscribers.append(subscriber)
        await _still(subscribers)
        for subscriber in subscribers:
            subscriber.received = 0
        before, writes = meter.cpu_seconds(server.pid), await _writes(port)
        script = Path(__file__).with_name("redis_publish.py")
        words = [str(port), str(scale.rooms), str(scale.messages_per_second * part), str(seconds)]
        search = os.pathsep.join([str(IMAGE), str(script.parent)])
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": search}
        publisher = await asyncio.create_subprocess_exec(
            interpreter, script, *words, env=environment, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await asyncio.wait_for(publisher.communicate(), seconds * 5 + 60)
        await _still(subscribers)
        used, writes = meter.cpu_seconds(server.pid) - before, await _writes(port) - writes
    result: dict[str, Any] = json.loads(output)
    each = used * 1000 / result["sent"]
    return Share(
        processes=processes,
        messages_per_second=round(result["sent"] / result["seconds"], 1),
        milliseconds_per_message=round(each, 4),
        share=round(each * scale.messages_per_second / 1000, 3),
        deliveries_per_write=round((result["received"] + result["sent"]) / writes, 2),
        sent=result["sent"],
        received=sum(each.received for each in subscribers),
        expected=result["received"],
    )


async def _writes(port: int) -> int:
    """Writes to all connections so far, by Redis's own count."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_command(b"INFO", b"stats"))
    text = await reader.readuntil(b"total_writes_processed:")
    text = await reader.readline()
    writer.close()
    return int(text)


async def _still(subscribers: list[Subscriber]) -> None:
    """Returns when nothing has come for a second."""
    before = -1
    while (now := sum(each.received for each in subscribers)) != before:
        before = now
        await asyncio.sleep(1)


def _thresholds(shares: list[Share]) -> Iterator[Threshold]:
    for share in shares:
        name = f"Redis's thread, {share.processes} tasks, by {share.messages_per_second:.0f}/s ≤ {_MOST:.0%}"
        yield Threshold(
            name, f"{share.share:.1%} ({share.milliseconds_per_message:.3f} ms a message)", share.share <= _MOST
        )
        missing = share.expected - share.received
        yield Threshold(f"lost, {share.processes} tasks = 0", str(missing), missing == 0)


def measure_redis(seconds: float, file: Path | None, command: str) -> int:
    """Measures large's load with its desired and its most tasks; gives the exit code."""
    scale = Scale.read("large")
    machine = meter.Machine.here()
    interpreter = python.for_application(None)
    shares = [
        uvloop.run(_measure(scale, processes, part, seconds, interpreter)) for processes in (25, 40) for part in _PARTS
    ]
    conditions = list(_thresholds(shares))
    print("\nTHRESHOLDS")
    for condition in conditions:
        print(f"  {condition.line()}")
    for share in shares:
        rate = f"{share.sent} messages at {share.messages_per_second}/s"
        print(f"  {share.processes} tasks: {rate}, {share.received} received, {share.deliveries_per_write} in a write")
    if file:
        outcome = {
            "schema": 1,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": f"loadtest/run {command}",
            "machine": asdict(machine),
            "layer": "pubsub",
            "usersPerRoom": scale.users_per_room,
            "thresholds": [asdict(condition) for condition in conditions],
            "redis": [asdict(share) for share in shares],
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(outcome, indent=2, ensure_ascii=False) + "\n")
    return 0 if all(condition.kept for condition in conditions) else BROKEN
