"""Anybody may ask how the services are, and nobody can wear them out by it."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from chatpop_aws import health, socket_check


def test_the_services_are_looked_at_once_in_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now, looks = 100.0, 0

    async def look() -> dict[str, str]:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0)
        return {"redis 0": "ok"}

    async def ask() -> int:
        assert await asyncio.gather(*(examine() for _ in range(10))) == [{"redis 0": "ok"}] * 10
        return looks

    monkeypatch.setattr(health, "time", SimpleNamespace(monotonic=lambda: now))
    examine = health._Remembering(look)
    with asyncio.Runner() as runner:
        assert runner.run(ask()) == 1
        now += 4.9
        assert runner.run(ask()) == 1
        now += 0.1
        assert runner.run(ask()) == 2


def test_sockets_are_checked_one_at_a_time() -> None:
    class Layer:
        groups: set[str] = set()
        most = 0
        sent: Any = None

        async def new_channel(self) -> str:
            return "channel"

        async def group_add(self, group: str, _: str) -> None:
            self.groups.add(group)
            self.most = max(self.most, len(self.groups))
            await asyncio.sleep(0)

        async def group_send(self, _: str, message: dict[str, Any]) -> None:
            self.sent = message

        async def receive(self, _: str) -> Any:
            await asyncio.sleep(0)
            return self.sent

        async def group_discard(self, group: str, _: str) -> None:
            self.groups.discard(group)

    answers: list[str] = []

    async def send(message: dict[str, Any]) -> None:
        answers.append(message["type"])

    async def ask() -> None:
        await asyncio.gather(*(socket_check.answer(layer, send) for _ in range(5)))

    layer = Layer()
    asyncio.run(ask())
    assert (layer.most, layer.groups) == (1, set())
    assert answers.count("websocket.close") == 5
