"""The sockets of this process: their inboxes of room messages, and their closing, after which clients reconnect."""

import asyncio
import functools
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from channels.exceptions import StopConsumer
from channels.layers import get_channel_layer
from django.db import Error as DatabaseError
from redis.exceptions import RedisError

from chatpop_aws import collection, socket_check
from chatpop_aws.channel_layer import Inbox, PubSubChannelLayer

# Codes after which both revisions' clients connect again; after 1000, 1001 and 4000 to 4999 one of them does not.
RESTART, TRY_AGAIN_LATER = 1012, 1013
# Sockets closed per second: about half of the number that another task of half a vCPU can accept.
RATE = 100
# Seconds.
_CONNECT_TIMEOUT = 50
_CLOSE_TIMEOUT = 5
_TICK = 0.05

_log = logging.getLogger(__name__)
_open: dict[Any, Inbox | None] = {}
_background: set[asyncio.Task[None]] = set()
_draining = False


def serve(consumer: type[Any]) -> None:
    """Makes the consumer's sockets read their rooms through an inbox, and lets them be closed from here.

    Channels itself starts two tasks and waits for both of them at each message; here a message costs one wake-up.
    """
    call = consumer.__call__

    @functools.wraps(call)
    async def serve_one(self: Any, scope: Any, receive: Any, send: Any) -> None:
        if _draining:
            await _refuse(send, RESTART)
            return
        layer = get_channel_layer(self.channel_layer_alias)
        if scope.get("query_string") == socket_check.QUERY:
            await _check(layer, send)
            return
        _open[self] = None
        try:
            if isinstance(layer, PubSubChannelLayer):
                await _serve(self, layer, scope, receive, send)
            else:
                await call(self, scope, receive, send)
        finally:
            _open.pop(self, None)
            collection.ended(len(_open))

    consumer.__call__ = serve_one


async def _serve(consumer: Any, layer: PubSubChannelLayer, scope: Any, receive: Any, send: Any) -> None:
    member = layer.member()
    try:
        inbox = await member.open()
    except (RedisError, OSError) as error:
        await _unavailable(send, error)
        return
    layer.on_loss = _come_back
    inbox.abandon = lambda: _in_background(_close(consumer, inbox))
    _open[consumer] = inbox
    consumer.scope = scope
    consumer.channel_layer = layer
    consumer.channel_name = inbox.channel
    consumer.base_send = send
    try:
        async with asyncio.timeout(_CONNECT_TIMEOUT):
            await consumer.dispatch(await receive())
        await _dispatch(consumer, inbox, receive)
    except StopConsumer:
        pass
    except (RedisError, DatabaseError, TimeoutError) as error:
        await _unavailable(send, error)
    finally:
        inbox.closed, inbox.abandon = True, None
        with suppress(RedisError, OSError):
            await member.discard(inbox)


async def _dispatch(consumer: Any, inbox: Inbox, receive: Callable[[], Awaitable[Any]]) -> None:
    """Passes messages from the client and the rooms to the consumer, one after the other."""
    dispatch, messages = consumer.dispatch, inbox.messages

    def listen() -> asyncio.Future[Any]:
        heard = asyncio.ensure_future(receive())
        heard.add_done_callback(inbox.wake)
        return heard

    client = listen()
    try:
        while True:
            if client.done():
                await dispatch(client.result())
                client = listen()
            elif messages and not inbox.closed:
                await dispatch(messages.popleft())
            else:
                await inbox.wait()
    finally:
        client.cancel()


async def _check(layer: Any, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    try:
        await socket_check.answer(layer, send)
    except (RedisError, OSError, TimeoutError) as error:
        await _unavailable(send, error)


async def _refuse(send: Callable[[dict[str, Any]], Awaitable[None]], code: int) -> None:
    """Accepts the socket and closes it with a code, because a failed handshake gives a browser no reason."""
    with suppress(Exception):  # accepted before, or gone
        await send({"type": "websocket.accept"})
    with suppress(Exception):
        await send({"type": "websocket.close", "code": code})


async def _unavailable(send: Callable[[dict[str, Any]], Awaitable[None]], error: BaseException) -> None:
    _log.warning("A socket is asked to try again later: %s", str(error).strip() or repr(error))
    await _refuse(send, TRY_AGAIN_LATER)


async def _close(consumer: Any, inbox: Inbox | None) -> None:
    if inbox is not None:
        inbox.closed = True
        inbox.messages.clear()
    with suppress(Exception):  # gone meanwhile
        await asyncio.wait_for(consumer.close(RESTART), _CLOSE_TIMEOUT)


def _in_background(work: Any) -> None:
    task = asyncio.ensure_future(work)
    _background.add(task)
    task.add_done_callback(_background.discard)


def _come_back(inboxes: list[Inbox]) -> None:
    """Closes the sockets that may have missed messages, so that their clients reload."""
    missed = {inbox.channel for inbox in inboxes}
    _in_background(_stream([each for each, inbox in _open.items() if inbox and inbox.channel in missed], 60.0))


async def _stream(consumers: list[Any], seconds: float) -> None:
    """Closes the sockets in random order over so many seconds, or faster if there are few."""
    random.shuffle(consumers)
    pace = max(RATE, len(consumers) / seconds)
    for start, consumer in enumerate(consumers):
        if start and not start % max(1, round(pace * _TICK)):
            await asyncio.sleep(round(pace * _TICK) / pace)
        if consumer in _open:
            _in_background(_close(consumer, _open[consumer]))


async def drain(seconds: float) -> None:
    """Closes all sockets and refuses new ones, as the task stops: their clients go to other tasks.

    A socket whose client does not answer leaves its rooms by the consumer's own `disconnect`.
    """
    global _draining  # noqa: PLW0603
    _draining = True
    _log.warning("%s sockets are asked to connect to another task", len(_open))
    await _stream(list(_open), seconds)
    deadline = asyncio.get_running_loop().time() + _CLOSE_TIMEOUT
    while _open and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(_TICK)
    if leaving := [asyncio.ensure_future(each.disconnect(RESTART)) for each in _open]:
        await asyncio.wait(leaving, timeout=_CLOSE_TIMEOUT)
