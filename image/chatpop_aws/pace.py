"""How fast the relay may send, by what the receivers report of themselves (`receivers.py`)."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Any

from chatpop_aws import receivers

# Seconds between two looks at the receivers while messages are sent, and for which a room's share is counted: a
# report is as old as that.
_LOOK_INTERVAL = 0.2
_REPORT_AGE = 1.0

_log = logging.getLogger(__name__)


class Pace:
    """Keeps every room below what the queue of a socket holds, and waits while nobody is there to receive.

    A room may get a quarter of a queue in a second. Once some queue is as long as that, a room gets a fortieth: rooms
    with a backlog slow down, and all others, which get less anyway, notice nothing of a client that reads slowly.
    """

    def __init__(self, layer: Any, patience: float, stopped: Callable[[], bool]) -> None:
        self._layer = layer
        self._patience = patience
        self._stopped = stopped
        self._capacity: int = getattr(layer, "capacity", 100)
        self._sent: Counter[str] = Counter()
        self._looked_at = self._counted_from = -_REPORT_AGE
        self._share = self._capacity // 4
        self._receivers_before = 0

    async def look(self) -> None:
        """Asks the receivers, unless it just has; returns once somebody receives, or after the patience has ended.

        Raises RedisError when Redis is away.
        """
        now = monotonic()
        if now - self._counted_from >= _REPORT_AGE:
            self._sent.clear()
            self._counted_from = now
        if now - self._looked_at < _LOOK_INTERVAL:
            return
        backlog = await receivers.backlog(self._layer)
        if backlog is not None:
            if not backlog and self._receivers_before:
                backlog = await self._return_of_receivers()
            self._receivers_before = len(backlog)
            behind = max(backlog.values(), default=0)
            self._share = self._capacity // (40 if behind >= self._capacity // 4 else 4)
        else:
            self._share = 0
        self._looked_at = monotonic()

    async def _return_of_receivers(self) -> dict[str, int]:
        """Redis came back empty, and each process reports itself once it is subscribed again."""
        _log.warning(
            "The relay waits up to %.0f s for receivers: there were %s", self._patience, self._receivers_before
        )
        end = monotonic() + self._patience
        found: dict[str, int] = {}
        while len(found) < self._receivers_before and monotonic() < end and not self._stopped():
            await asyncio.sleep(0.1)
            found = await receivers.backlog(self._layer) or {}
        return found

    def sent(self, room: str) -> None:
        """Counts a message against the room's share."""
        self._sent[room] += 1

    def exhausted(self) -> list[str]:
        """Rooms that have had their share for now."""
        return [room for room, count in self._sent.items() if self._share and count >= self._share]
