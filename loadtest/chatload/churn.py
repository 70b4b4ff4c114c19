"""Whether a task's memory stays what it is while people come, talk and go for long: many short visits."""

import asyncio
import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import uvloop
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from . import meter
from .api import Api, socket_url
from .servers import Setup, stage
from .thresholds import BROKEN, Threshold

_ROOMS, _VISITORS, _ROUNDS = 20, 25, 24
# Rounds in which the server takes what it then keeps: threads, connections, buffers, the allocator's pools.
_WARM = 8
_MOST_GROWTH = 0.05
# Characters of each room's one message a visit.
_LENGTH = 8_000
_MIB = 1 << 20


class _Visitor(WSListener):
    def __init__(self) -> None:
        super().__init__()
        self.frames = 0

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        self.frames += 1


async def _visit(url: str, rooms: dict[str, str]) -> int:
    """Everybody comes, one of each room says something, and all go, every second one without a word."""
    connects = [
        ws_connect(_Visitor, socket_url(url, code, token)) for code, token in rooms.items() for _ in range(_VISITORS)
    ]
    visits = [(transport, cast(_Visitor, visitor)) for transport, visitor in await asyncio.gather(*connects)]
    for transport, _ in visits[::_VISITORS]:
        transport.send(WSMsgType.TEXT, json.dumps({"message": "x" * _LENGTH}).encode())
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not all(visitor.frames for _, visitor in visits):
        await asyncio.sleep(0.05)
    for number, (transport, _) in enumerate(visits):
        if number % 2:
            transport.send_close(WSCloseCode.OK, b"")
        transport.disconnect()
    await asyncio.sleep(1)
    return sum(visitor.frames for _, visitor in visits)


def measure_churn(setup: Setup, application: str, file: Path | None, command: str) -> int:
    """Runs the visits against one server, and gives the exit code."""
    machine = meter.Machine.here()
    memory: list[float] = []
    frames = 0
    with stage(setup) as servers:
        task = servers.start()
        api = Api(task.url)
        token = api.register()
        codes = [api.open_room(f"visited {number}", token) for number in range(_ROOMS)]
        rooms = {code: api.join(code, number) for number, code in enumerate(codes)}
        for turn in range(_ROUNDS):
            frames += uvloop.run(_visit(task.url, rooms))
            memory.append(round(meter.memory(task.pid) / _MIB, 1))
            print(f"  {(turn + 1) * _ROOMS * _VISITORS} visits, {memory[-1]} MiB", flush=True)
    visits = _ROUNDS * _ROOMS * _VISITORS
    growth = memory[-1] / memory[_WARM - 1] - 1
    conditions = [
        Threshold(f"memory grows ≤ {_MOST_GROWTH:.0%} after the first third", f"{growth:.1%}", growth <= _MOST_GROWTH),
        Threshold(f"frames = {visits}", str(frames), frames == visits),
    ]
    print("\nTHRESHOLDS")
    for condition in conditions:
        print(f"  {condition.line()}")
    if file:
        outcome: dict[str, Any] = {
            "schema": 1,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": f"loadtest/run {command}",
            "machine": asdict(machine),
            "server": setup.server,
            "visits": visits,
            "visitsBy": application,
            "memoryMiB": memory,
            "thresholds": [asdict(condition) for condition in conditions],
        }
        file.write_text(json.dumps(outcome, indent=2, ensure_ascii=False) + "\n")
    return 0 if all(condition.kept for condition in conditions) else BROKEN
