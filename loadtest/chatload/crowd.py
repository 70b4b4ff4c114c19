"""Many members in one event loop: they join, read, talk, and come back when they are cut off."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from picows import WSError, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from .histogram import Histogram
from .ledger import Ledger, Member
from .reception import Reception
from .scenario import Scenario

_CONNECT_TIMEOUT = 60.0
_LONGEST_PAUSE = 30.0


class Line(WSListener):
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

    def __init__(
        self, scenario: Scenario, targets: list[str], elsewhere: str | None, say: Callable[[Any], None]
    ) -> None:
        self.scenario, self.say = scenario, say
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
        self._reception = Reception(targets)
        self._tasks: set[asyncio.Task[None]] = set()
        self._elsewhere = elsewhere

    async def run(self) -> None:
        """The whole of a run, each part announced."""
        scenario = self.scenario
        background = [self._start(self._measure_lag()), self._start(self._report())]
        await self._phase("prepare", self._reception.prepare(scenario, self.ledger))
        await self._phase("base", asyncio.sleep(scenario.base))
        await self._phase(
            "ramp", self._ramp([member for room in self.ledger.rooms for member in room.members], scenario.ramp)
        )
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
        attempt = 0
        while not self.ending:
            url = self._reception.socket_url(member)
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
        history = await self._reception.history(member.room)
        self.ledger.read(member, history, time.monotonic_ns())

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
            writer.write(f"{self._reception.codes[room]} {text}\n".encode())

        await self._pace(end, lambda: self.scenario.elsewhere, write)
        await writer.drain()
        writer.close()

    async def _settle(self) -> None:
        end = time.monotonic() + self.scenario.settle
        while time.monotonic() < end:
            await asyncio.sleep(1)
            if self.ledger.counts()["lost"] == 0 and len(self.lines) == sum(
                len(room.members) for room in self.ledger.rooms
            ):
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
            self.say(
                {
                    "connected": len(self.lines),
                    "sent": sum(len(r.sent) for r in self.ledger.rooms),
                    "delivery": received,
                }
            )

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
            "bytesPerFrame": round(self.ledger.size / frames) if frames else 0,
            "sockets": sum(len(room.members) for room in self.ledger.rooms),
        }

    def command(self, command: dict[str, Any]) -> None:
        """Does what whoever started this process asks for meanwhile."""
        if targets := command.get("targets"):
            self._reception.targets = targets


def _reason(error: BaseException) -> str:
    status = getattr(getattr(error, "response", None), "status", None)
    return f"HTTP {int(status)}" if status else type(error).__name__
