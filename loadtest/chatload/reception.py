"""Where people are taken in: rooms, tokens, and what those who were away have missed, over HTTP."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count, cycle
from typing import Any

from .api import Api, RefusedError, socket_url
from .ledger import Ledger, Member, Room
from .scenario import Scenario

_CONNECTIONS = 8
# Seconds in which whoever comes back reads along with the first one of its room.
_HISTORY_PAUSE = 2.0


class Reception:
    """Opens rooms, takes users in, and fetches histories.

    Args:
        targets: The servers, each as often as its share of the sockets.
    """

    def __init__(self, targets: list[str]) -> None:
        self.codes: dict[Room, str] = {}
        self._tokens: dict[Room, list[str]] = {}
        self._histories: dict[Room, asyncio.Future[bytes]] = {}
        self._pool = ThreadPoolExecutor(_CONNECTIONS)
        self._own = threading.local()
        self.targets = targets

    @property
    def targets(self) -> list[str]:
        """The servers that people are sent to from now on."""
        return self._targets

    @targets.setter
    def targets(self, targets: list[str]) -> None:
        self._targets = targets
        self._next = cycle(targets)

    async def prepare(self, scenario: Scenario, ledger: Ledger) -> None:
        """Opens all rooms of a scenario and has their users join."""
        token: str = await self._http(lambda api: api.register())
        numbers = count()
        joining = min(scenario.joins or scenario.users_per_room, scenario.users_per_room)

        def take_in(api: Api, number: int, users: list[int]) -> tuple[str, list[str]]:
            code = api.open_room(f"Load test {number}", token)
            return code, [api.join(code, user) for user in users]

        gate = asyncio.Semaphore(_CONNECTIONS)

        async def open_room(number: int) -> None:
            users = [next(numbers) for _ in range(joining)]
            async with gate:
                code, tokens = await self._http(lambda api: take_in(api, number, users))
            room = Room(number)
            room.members = [Member(room, index) for index in range(scenario.users_per_room)]
            self.codes[room], self._tokens[room] = code, tokens
            ledger.rooms.append(room)

        await asyncio.gather(*(open_room(number) for number in range(scenario.rooms)))

    def socket_url(self, member: Member) -> str:
        """Where a member opens its next socket."""
        tokens = self._tokens[member.room]
        return socket_url(next(self._next), self.codes[member.room], tokens[member.index % len(tokens)])

    async def history(self, room: Room) -> bytes:
        """The room's last messages, asked for after this call; readers that come back together ask once."""
        waiting = self._histories.get(room)
        if waiting is None:
            waiting = self._histories[room] = asyncio.ensure_future(self._fetch(room))
        return await asyncio.shield(waiting)

    async def _fetch(self, room: Room) -> bytes:
        await asyncio.sleep(_HISTORY_PAUSE)
        # Whoever comes from now on would not know whether the answer holds all that it has missed.
        del self._histories[room]
        for _ in range(3):
            try:
                history: bytes = await self._http(lambda api: api.history(self.codes[room]))
            except (OSError, RefusedError):
                await asyncio.sleep(1)
            else:
                return history
        return b""

    async def _http(self, call: Callable[[Api], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: call(self._api()))

    def _api(self) -> Api:
        # A connection belongs to one thread.
        if not hasattr(self._own, "api"):
            self._own.api = Api(next(self._next))
        api: Api = self._own.api
        if api.url not in self.targets:
            api.url = next(self._next)
        return api
