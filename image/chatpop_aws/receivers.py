"""Who receives: each process that holds sockets reports itself to each Redis server, once it is subscribed there.

The relay of the outbox asks `backlog` how far the slowest one is behind, and whether anybody is there at all.
"""

import asyncio
from collections.abc import Callable
from typing import Any

# Milliseconds after which a process that has fallen silent is gone.
_EXPIRY = 5_000
# Seconds between two reports of a process that keeps up, and of one that does not.
_INTERVAL, _URGENT_INTERVAL = 1.0, 0.1


class Report:
    """One process's reports to one Redis server: `<prefix>:receiver:<process>` holds its backlog, and expires."""

    def __init__(self, prefix: str, process: str, backlog: Callable[[], int]) -> None:
        self._prefix, self._process, self._backlog = prefix, process, backlog
        self._last = 0
        self.answered_at = 0.0

    def commands(self) -> list[tuple[Any, ...]]:
        """What to send to Redis."""
        self._last = self._backlog()
        return [
            ("SET", f"{self._prefix}:receiver:{self._process}", self._last, "PX", _EXPIRY),
            ("SADD", f"{self._prefix}:receivers", self._process),
        ]

    def interval(self) -> float:
        """Seconds until the next report."""
        return _URGENT_INTERVAL if self._last or self._backlog() else _INTERVAL

    def answered(self) -> None:
        """Notes that Redis has answered just now."""
        self.answered_at = asyncio.get_running_loop().time()


async def backlog(layer: Any) -> dict[str, int] | None:
    """Messages that wait in the longest queue of each process that is subscribed to every Redis server of the layer.

    `{}`: nobody is subscribed, so that a message sent now would reach nobody. None: this layer does not tell (the core
    layer keeps its messages in Redis). A report is at most a second old, or 0.1 s when messages wait. Raises RedisError
    when Redis is away.
    """
    ask = getattr(layer, "receivers", None)
    if ask is None:
        return None
    by_server: list[dict[str, int]] = await ask()
    everywhere = set.intersection(*(set(each) for each in by_server))
    return {process: max(each[process] for each in by_server) for process in everywhere}


async def at(redis: Any, prefix: str) -> dict[str, int]:
    """The backlog of each process that is subscribed to this Redis server."""
    processes = [each.decode() for each in await redis.smembers(f"{prefix}:receivers")]
    if not processes:
        return {}
    values = await redis.mget([f"{prefix}:receiver:{each}" for each in processes])
    found = {each: int(value) for each, value in zip(processes, values, strict=True) if value is not None}
    if gone := [each for each in processes if each not in found]:
        await redis.srem(f"{prefix}:receivers", *gone)
    return found
