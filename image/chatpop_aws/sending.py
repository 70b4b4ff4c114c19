"""Sends a batch of events to their rooms, and goes on beside a send that does not end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chatpop_aws.events import Event
from chatpop_aws.outages import SERVICE_ERRORS, check_redis

# Seconds.
SEND_TIMEOUT = 5.0
# Rooms that are sent to at once. Within a room one message follows the other.
_LANES = 8

Rendered = tuple[Event, dict[str, Any] | None]


class EndlessSendError(Exception):
    """A send does not end, while Redis answers."""


@dataclass
class Outcome:
    """What became of a batch. Events that are in none of the lists were not tried."""

    sent: list[Event] = field(default_factory=list)
    failed: list[tuple[Event, BaseException]] = field(default_factory=list)
    # They are under way; a later batch says what became of them.
    slow: list[Event] = field(default_factory=list)


class Sender:
    """Sends to several rooms at once, to each of them in order.

    A send is slow when Redis has answered what it was asked later. The batch ends without it, and its room gets nothing
    else until it has ended: so a send that never ends holds up its own room alone.
    """

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self._slow: dict[asyncio.Task[None], Event] = {}

    def waiting_rooms(self) -> list[str]:
        """Rooms that wait for a slow send."""
        return [event.room for event in self._slow.values()]

    async def rest(self, seconds: float) -> None:
        """Returns after such a time, or when a slow send has ended."""
        if self._slow:
            await asyncio.wait(self._slow, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    async def send(self, layer: Any, rendered: list[Rendered], outcome: Outcome, grace: float | None) -> None:
        """Sends a batch. After the grace (seconds) a send may turn out to be slow; None waits for each."""
        lanes: list[list[Rendered]] = [[] for _ in range(_LANES)]
        for each in rendered:
            lanes[hash(each[0].room) % _LANES].append(each)
        await asyncio.gather(*(self._send_lane(layer, lane, outcome, grace) for lane in lanes))
        if grace is None and self._slow:
            await asyncio.wait(self._slow)
        for send in [each for each in self._slow if each.done()]:
            self._settle_slow(send, self._slow.pop(send), outcome)

    async def _send_lane(self, layer: Any, lane: list[Rendered], outcome: Outcome, grace: float | None) -> None:
        waiting = set[str]()
        for event, message_data in lane:
            if self._stopped():
                return
            if event.room in waiting:
                continue
            if message_data is None:
                outcome.sent.append(event)
                continue
            send = asyncio.create_task(_send(layer, event, message_data))
            if await self._is_slow(send, layer, grace):
                self._slow[send] = event
                outcome.slow.append(event)
                waiting.add(event.room)
            elif error := _error(send):
                outcome.failed.append((event, error))
                if isinstance(error, SERVICE_ERRORS):
                    return
            else:
                outcome.sent.append(event)

    async def _is_slow(self, send: asyncio.Task[None], layer: Any, grace: float | None) -> bool:
        """Waits for the end of a send, unless Redis answers meanwhile."""
        await asyncio.wait({send}, timeout=grace)
        # Were Redis itself in trouble, all of them would be slow.
        if not send.done() and len(self._slow) < _LANES:
            answers = asyncio.create_task(_answers_twice(layer))
            await asyncio.wait({send, answers}, return_when=asyncio.FIRST_COMPLETED)
            if not send.done() and answers.result():
                return True
            answers.cancel()
        await asyncio.wait({send})
        return False

    def _settle_slow(self, send: asyncio.Task[None], event: Event, outcome: Outcome) -> None:
        error = _error(send)
        if error is None:
            outcome.sent.append(event)
        elif isinstance(error, TimeoutError):
            outcome.failed.append((event, EndlessSendError(f"the send took longer than {SEND_TIMEOUT:g} s")))
        elif not isinstance(error, SERVICE_ERRORS):
            outcome.failed.append((event, error))
        # Else it is tried again when its lease ends, and nothing counts against it.


async def _send(layer: Any, event: Event, message_data: dict[str, Any]) -> None:
    message = {"type": event.type, "message_data": message_data, "deduplication_key": event.key}
    async with asyncio.timeout(SEND_TIMEOUT):
        await layer.group_send(f"chat_{event.room}", message)


async def _answers_twice(layer: Any) -> bool:
    """At the first answer Redis has met all that it was asked before; by the second its replies to that are here."""
    try:
        for _ in range(2):
            await check_redis(layer)
    except Exception:  # Redis is away then, and the send will say so
        return False
    return True


def _error(task: asyncio.Task[None]) -> BaseException | None:
    return asyncio.CancelledError() if task.cancelled() else task.exception()
