"""Many members in one event loop, as a process of its own: gevent's sockets cost too much for thousands of them.

`python -m chatload.crowd` takes a JSON line with the scenario and the targets on its standard input, then commands, and
says every second how it goes, a JSON object a line.
"""

import asyncio
import json
import os
import random
import resource
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvloop
from picows import WSError, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from .api import Api, RefusedError, socket_url
from .histogram import Histogram
from .ledger import Ledger, Member, Room
from .scenario import Scenario

_CONNECT_TIMEOUT = 60.0
_LONGEST_PAUSE = 30.0
# A browser that opens its page reads the history; here one reader a room does, for all that come back meanwhile.
_HISTORY_FRESH, _HISTORY_PAUSE = 5.0, 2.0
_HTTP_CONNECTIONS = 8


class Line(WSListener):  # type: ignore[misc]
    """One connection of a member."""

    def __init__(self, crowd: "Crowd", member: Member) -> None:
        super().__init__()
        self.crowd, self.member = crowd, member
        self.transport: WSTransport | None = None
        self.code = 1006
        self.written: list[int] = []

    def on_ws_connected(self, transport: WSTransport) -> None:
        """The application has accepted, and so put the member into the room."""
        self.transport = transport
        self.crowd.lines[self.member] = self
        self.member.opened()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """A message, or the end."""
        if frame.msg_type == WSMsgType.TEXT:
            self.crowd.ledger.receive(self.member, frame.get_payload_as_bytes(), time.monotonic_ns())
        elif frame.msg_type == WSMsgType.CLOSE:
            # As a number: the application has codes of its own, from 4000.
            self.code = int.from_bytes(frame.get_payload_as_bytes()[:2], "big") or 1005
            transport.send_close(frame.get_close_code(), b"")
            transport.disconnect()

    def on_ws_disconnected(self, _: WSTransport) -> None:
        """The connection is gone, whoever ended it."""
        self.member.connected = False
        self.crowd.lines.pop(self.member, None)
        room = self.member.room
        if not self.crowd.ending:
            room.failed.update(number for number in self.written if not room.heard[number])
        self.crowd.dropped(self)


class Crowd:
    """Members that join, read, talk and come back."""

    def __init__(self, scenario: Scenario, targets: list[str], elsewhere: str | None, say: Callable[[Any], None]) -> None:
        self.scenario, self.targets, self.say = scenario, targets, say
        self.ledger = Ledger()
        self.lines: dict[Member, Line] = {}
        self.connect = Histogram()
        self.refused: Counter[str] = Counter()
        self.closed: Counter[int] = Counter()
        self.loop_lag = Histogram()
        self.reconnected = Histogram()
        self.unsent = 0
        self.ending = False
        self.rate = scenario.messages_per_second
        self._random = random.Random(scenario.seed)  # noqa: S311 - chooses writers, no secrets
        self._codes: dict[Room, str] = {}
        self._tokens: dict[Room, list[str]] = {}
        self._histories: dict[Room, tuple[float, asyncio.Future[bytes]]] = {}
        self._pool = ThreadPoolExecutor(_HTTP_CONNECTIONS)
        self._own = threading.local()
        self._tasks: set[asyncio.Task[None]] = set()
        self._elsewhere = elsewhere
        self._turn = 0

    async def run(self) -> None:
        """The whole of a run, each part announced."""
        scenario = self.scenario
        background = [self._start(self._measure_lag()), self._start(self._report())]
        await self._phase("prepare", self._prepare())
        await self._phase("base", asyncio.sleep(scenario.base))
        await self._phase("ramp", self._ramp([member for room in self.ledger.rooms for member in room.members], scenario.ramp))
        await self._phase("idle", asyncio.sleep(scenario.idle))
        await self._phase("hold", self._hold())
        await self._phase("settle", self._settle())
        self.ending = True
        await self._phase("leave", self._leave())
        for task in background:
            task.cancel()
        self.say({"result": self.result()})

    async def _phase(self, name: str, work: Awaitable[None]) -> None:
        # Whoever measures the servers takes its figures at these moments.
        self.say({"phase": name, "cpu": time.process_time()})
        await work

    def _start(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # People come

    def _api(self) -> Api:
        if not hasattr(self._own, "api"):
            self._own.api = Api(self._target())
        api: Api = self._own.api
        if api.url not in self.targets:
            api.url = self._target()
        return api

    def _target(self) -> str:
        self._turn += 1
        return self.targets[self._turn % len(self.targets)]

    async def _http(self, call: Callable[[Api], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: call(self._api()))

    async def _prepare(self) -> None:
        scenario = self.scenario
        host = Api(self._target())
        await asyncio.to_thread(host.register)
        numbers = iter(range(1 << 24))

        async def open_room(number: int) -> None:
            room = Room(number)
            code = await self._http(lambda api: Api(api.url, host._session).open_room(f"Load test {number}"))
            joining = scenario.joins or scenario.users_per_room
            users = [next(numbers) for _ in range(min(joining, scenario.users_per_room))]
            tokens = [await self._http(lambda api, user=user: api.join(code, user)) for user in users]
            self._codes[room], self._tokens[room] = code, tokens
            room.members = [Member(room, index) for index in range(scenario.users_per_room)]
            self.ledger.rooms.append(room)

        gate = asyncio.Semaphore(_HTTP_CONNECTIONS)

        async def within(number: int) -> None:
            async with gate:
                await open_room(number)

        await asyncio.gather(*(within(number) for number in range(scenario.rooms)))

    async def _ramp(self, members: list[Member], rate: float) -> None:
        # Not room by room: people of all rooms come at all times.
        self._random.shuffle(members)
        start = time.monotonic()
        joining = []
        for index, member in enumerate(members):
            await asyncio.sleep(max(0, start + index / rate - time.monotonic()))
            joining.append(self._start(self._open(member)))
        await asyncio.gather(*joining)

    async def _open(self, member: Member) -> None:
        tokens = self._tokens[member.room]
        attempt = 0
        while not self.ending:
            token = tokens[member.index % len(tokens)]
            url = socket_url(self._target(), self._codes[member.room], token)
            start = time.monotonic()
            try:
                await ws_connect(
                    lambda: Line(self, member),
                    url,
                    websocket_handshake_timeout=_CONNECT_TIMEOUT,
                    read_buffer_init_size=2048,
                    use_aiofastnet=False,
                )
            except (WSError, OSError, TimeoutError) as error:
                self.refused[_reason(error)] += 1
                # Full jitter: whoever comes back together must not come again together.
                await asyncio.sleep(self._random.uniform(0, min(_LONGEST_PAUSE, 2.0**attempt)))
                attempt += 1
            else:
                self.connect.add((time.monotonic() - start) * 1000)
                return

    def dropped(self, line: Line) -> None:
        """A connection has ended; unless all are leaving, the member comes back and reads what it has missed."""
        if not self.ending:
            self.closed[line.code] += 1
            self._start(self._come_back(line.member, time.monotonic()))

    async def _come_back(self, member: Member, since: float) -> None:
        await asyncio.sleep(self._random.uniform(0, 1))
        await self._open(member)
        self.reconnected.add((time.monotonic() - since) * 1000)
        history = await self._history(member.room)
        self.ledger.read(member, history, time.monotonic_ns())

    async def _history(self, room: Room) -> bytes:
        now = time.monotonic()
        at, pending = self._histories.get(room, (0.0, None))
        # Only what was asked for after this reader had connected holds all that it has missed.
        if pending is None or at < now - _HISTORY_FRESH or pending.done():
            pending = asyncio.ensure_future(self._fetch(room))
            self._histories[room] = (now, pending)
        return await pending

    async def _fetch(self, room: Room) -> bytes:
        # Whoever comes back meanwhile reads along.
        await asyncio.sleep(_HISTORY_PAUSE)
        try:
            history: bytes = await self._http(lambda api: api.history(self._codes[room]))
        except (OSError, RefusedError):
            return b""
        return history

    # People talk

    async def _hold(self) -> None:
        end = time.monotonic() + self.scenario.duration
        talking = [self._start(self._talk(end))]
        if self.scenario.elsewhere and self._elsewhere:
            talking.append(self._start(self._talk_elsewhere(end, self._elsewhere)))
        if surge := self.scenario.surge:
            await asyncio.sleep(self.scenario.duration / 4)
            self.say({"phase": "surge", "cpu": time.process_time()})
            self.rate = surge.messages_per_second
            new = []
            for _ in range(surge.sockets):
                room = self._random.choice(self.ledger.rooms)
                new.append(Member(room, len(room.members)))
                room.members.append(new[-1])
            await self._ramp(new, surge.sockets / surge.seconds)
        await asyncio.gather(*talking)

    async def _pace(self, end: float, rate: Callable[[], float], write: Callable[[], None]) -> None:
        # Open: the next message does not wait for the last one, as people do not wait for strangers.
        at = time.monotonic()
        while at < end:
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            write()
            at += self._random.uniform(0.5, 1.5) / max(rate(), 0.001)

    async def _talk(self, end: float) -> None:
        await self._pace(end, lambda: self.rate, self._write)

    def _write(self) -> None:
        for _ in range(10):
            room = self._random.choice(self.ledger.rooms)
            line = self.lines.get(self._random.choice(room.members))
            if line is not None and line.transport is not None:
                break
        else:
            self.unsent += 1
            return
        line.written = [number for number in line.written if not room.heard[number]] + [len(room.sent)]
        text = self.ledger.send(room, time.monotonic_ns(), self.scenario.padding)
        line.transport.send(WSMsgType.TEXT, json.dumps({"message": text}).encode())

    async def _talk_elsewhere(self, end: float, path: str) -> None:
        _, writer = await asyncio.open_unix_connection(path)

        def write() -> None:
            room = self._random.choice(self.ledger.rooms)
            text = self.ledger.send(room, time.monotonic_ns(), self.scenario.padding)
            writer.write(f"{self._codes[room]} {text}\n".encode())

        await self._pace(end, lambda: self.scenario.elsewhere, write)
        await writer.drain()
        writer.close()

    async def _settle(self) -> None:
        end = time.monotonic() + self.scenario.settle
        while time.monotonic() < end:
            await asyncio.sleep(1)
            if self.ledger.counts()["lost"] == 0 and len(self.lines) == sum(len(room.members) for room in self.ledger.rooms):
                break

    async def _leave(self) -> None:
        for number, line in enumerate(list(self.lines.values())):
            if line.transport:
                line.transport.disconnect()
            if number % 100 == 0:
                await asyncio.sleep(0)

    # What is said about it

    async def _measure_lag(self) -> None:
        while True:
            start = time.monotonic()
            await asyncio.sleep(0.05)
            self.loop_lag.add((time.monotonic() - start - 0.05) * 1000)

    async def _report(self) -> None:
        before: Counter[int] = Counter()
        while True:
            await asyncio.sleep(1)
            now = self.ledger.delivery.counts.copy()
            received = now - before
            before = now
            self.say({"connected": len(self.lines), "sent": sum(len(r.sent) for r in self.ledger.rooms), "delivery": received})

    def result(self) -> dict[str, Any]:
        """All counts, times and reasons; times in milliseconds."""
        frames = self.ledger.frames
        return {
            "counts": {**self.ledger.counts(), "unsent": self.unsent},
            "delivery": self.ledger.delivery.counts,
            "connect": self.connect.counts,
            "reconnected": self.reconnected.counts,
            "loopLag": self.loop_lag.counts,
            "refused": self.refused,
            "closeCodes": self.closed,
            "otherFrames": dict(self.ledger.other.most_common(5)),
            "frames": frames,
            "bytesPerFrame": round(self.ledger.bytes / frames) if frames else 0,
            "sockets": sum(len(room.members) for room in self.ledger.rooms),
        }

    def command(self, command: dict[str, Any]) -> None:
        """Does what whoever started this process asks for meanwhile."""
        if targets := command.get("targets"):
            self.targets = targets


def _reason(error: BaseException) -> str:
    status = getattr(getattr(error, "response", None), "status", None)
    return f"HTTP {int(status)}" if status else type(error).__name__


def _say(message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


async def _main() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    order = json.loads(sys.stdin.readline())
    crowd = Crowd(Scenario.of_json(order["scenario"]), order["targets"], order.get("elsewhere"), _say)
    loop = asyncio.get_running_loop()

    def listen() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(crowd.command, json.loads(line))
        # Whoever started this process is gone: nobody would end it.
        os._exit(1)

    threading.Thread(target=listen, daemon=True).start()
    # No run lasts for ever, whatever hangs: twice what it needs, and what a slow server may add.
    scenario = crowd.scenario
    limit = 600 + 2 * (scenario.idle + scenario.duration + scenario.sockets / scenario.ramp)
    try:
        await asyncio.wait_for(crowd.run(), limit)
    except (RefusedError, OSError, TimeoutError) as error:
        _say({"failed": f"{type(error).__name__}: {error}"})
    os._exit(0)


if __name__ == "__main__":
    uvloop.run(_main())
