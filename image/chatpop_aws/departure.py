"""Lets sockets leave their rooms when their task stops."""

import asyncio
import functools
from typing import Any

from twisted.internet.defer import Deferred

# Seconds for all sockets of a task, of the 120 that it has: the rest stay in their rooms.
_TIMEOUT = 20
_GOING_AWAY = 1001


def leave_rooms_when_stopped(consumer: type[Any]) -> None:
    """Makes Daphne's end an end for every socket, as if its client had gone.

    Daphne itself drops its sockets without the event that makes a consumer leave its groups, and their channels would
    stay there for a day: every message would be written for tasks that are gone, and be counted as lost once a
    hundred of them wait.
    """
    call = consumer.__call__
    connected: set[Any] = set()

    async def leave_all() -> None:
        leaving = [asyncio.ensure_future(each.disconnect(_GOING_AWAY)) for each in connected]
        if leaving:
            await asyncio.wait(leaving, timeout=_TIMEOUT)

    @functools.cache
    def leave_when_stopped() -> None:
        from twisted.internet import reactor

        reactor.addSystemEventTrigger(  # type: ignore[attr-defined]
            "before", "shutdown", lambda: Deferred.fromFuture(asyncio.ensure_future(leave_all()))
        )

    @functools.wraps(call)
    async def call_while_connected(self: Any, *args: Any, **kwargs: Any) -> None:
        leave_when_stopped()
        connected.add(self)
        try:
            await call(self, *args, **kwargs)
        finally:
            connected.discard(self)

    consumer.__call__ = call_while_connected
