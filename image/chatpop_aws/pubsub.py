"""One Redis server as the channel layer uses it: publishes to it, and stays subscribed to it through its restarts."""

import asyncio
import logging
import random
from collections.abc import Callable, Iterable
from typing import Any, cast

from channels_redis.utils import create_pool
from redis import asyncio as client
from redis.exceptions import BusyLoadingError, ReadOnlyError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from chatpop_aws import receivers

# Seconds. A primary that does not answer for so long is given up, and looked up anew.
_SILENCE = 5.0
_CONNECT_TIMEOUT = 3.0
_PAUSES = (0.0, 0.1, 0.4, 1.0)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0
# A name more takes about as many bytes as this in a SUBSCRIBE.
_NAMES_PER_COMMAND = 500
_CONNECTIONS = 8

_OUTAGES = (RedisConnectionError, RedisTimeoutError, ReadOnlyError, BusyLoadingError, OSError)
_log = logging.getLogger(__name__)


class Publisher:
    """Publishes to one Redis server, and never to a replica."""

    def __init__(self, host: dict[str, Any], prefix: str) -> None:
        self._pool = create_pool({**_timeouts(), **host})
        # For all other commands.
        self.client = client.Redis(connection_pool=self._pool)
        # A burst of messages waits for a connection instead of opening hundreds.
        self._free = asyncio.Semaphore(_CONNECTIONS)
        self._mark = f"{prefix}:writable"

    async def publish(self, channel: str, message: bytes) -> int:
        """Sends to all who are subscribed and says how many processes that were; raises when Redis stays away for 2 s.

        A replica takes a PUBLISH without an error, and tells nobody but its own subscribers: a connection that
        a failover has left open to the former primary would lose every message in silence. So a write goes before
        each PUBLISH, which a replica refuses. A reply that is lost has the message sent again; readers know its id.
        """
        async with self._free:
            for pause in _PAUSES:
                await asyncio.sleep(pause)
                try:
                    return await self._publish(channel, message)
                except _OUTAGES as error:
                    outage = error
                    await self._pool.disconnect(inuse_connections=False)
        raise outage

    async def _publish(self, channel: str, message: bytes) -> int:
        connection = await self._pool.get_connection("PUBLISH")
        try:
            commands = connection.pack_commands([("SET", self._mark, "1", "EX", 60), ("PUBLISH", channel, message)])
            await connection.send_packed_command(commands)
            try:
                await connection.read_response()
            finally:
                # An unread reply would become the reply to the next command.
                received = await connection.read_response() if connection.is_connected else 0
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        finally:
            await self._pool.release(connection)
        return cast(int, received)

    async def close(self) -> None:
        """Ends the connections."""
        await self._pool.disconnect()


class Subscription:
    """Hears the channels of one Redis server; connects with the first one, and again whenever the connection ends.

    `deliver` gets each message. `lost` is called when the subscription is back after it was gone, because whatever was
    published in between has been missed. The connection speaks RESP3, so that it can write as well: it reports this
    process as a receiver (`receivers.py`), and learns from the answer that its server is there and is the primary.
    """

    def __init__(
        self,
        host: dict[str, Any],
        name: str,
        report: receivers.Report,
        deliver: Callable[[bytes, bytes], None],
        lost: Callable[[], None],
    ) -> None:
        self._pool = create_pool({**_timeouts(), **host, "protocol": 3, "socket_timeout": None})
        self._name = name
        self._report, self._deliver, self._lost = report, deliver, lost
        self._channels: set[str] = set()
        self._confirmations: dict[str, asyncio.Future[None]] = {}
        self._connection: Any = None
        self._task: asyncio.Task[None] | None = None

    async def subscribe(self, channel: str) -> None:
        """Returns once Redis has confirmed; raises ConnectionError when it does not."""
        loop = asyncio.get_running_loop()
        if self._task is None:
            self._task = loop.create_task(self._run())
        confirmation = self._confirmations.get(channel)
        if confirmation is None:
            if channel in self._channels and self._connection is not None:
                return
            confirmation = self._confirmations[channel] = loop.create_future()
            if channel not in self._channels:
                self._channels.add(channel)
                await self._send("SUBSCRIBE", [channel])
        try:
            await asyncio.wait_for(asyncio.shield(confirmation), _SILENCE)
        except TimeoutError as error:
            raise RedisConnectionError(f"Redis {self._name} does not confirm a subscription") from error

    async def unsubscribe(self, channel: str) -> None:
        """Unsubscribes from the channel."""
        self._channels.discard(channel)
        if confirmation := self._confirmations.pop(channel, None):
            confirmation.cancel()
        await self._send("UNSUBSCRIBE", [channel])

    async def close(self) -> None:
        """Ends the connection."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._pool.disconnect()

    async def _send(self, command: str, channels: Iterable[str]) -> None:
        # While there is no connection nothing needs to be sent: the next one begins with all channels.
        if self._connection is None:
            return
        try:
            await self._connection.send_packed_command(self._connection.pack_command(command, *channels))
        except _OUTAGES:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            writer = self._connection._writer
            if writer is not None:
                writer.transport.abort()

    async def _run(self) -> None:
        """Subscribed for as long as the process lives."""
        was_subscribed = False
        pause = _FIRST_PAUSE
        while True:
            beating = None
            try:
                connection = await self._connect()
                channels = list(self._channels)
                self._connection = connection
                for start in range(0, len(channels), _NAMES_PER_COMMAND):
                    await self._send("SUBSCRIBE", channels[start : start + _NAMES_PER_COMMAND])
                beating = asyncio.create_task(self._beat(connection))
                if was_subscribed:
                    _log.warning("Redis %s is back", self._name)
                    self._lost()
                was_subscribed, pause = True, _FIRST_PAUSE
                await self._read(connection)
            except (RedisError, OSError) as error:
                if pause == _FIRST_PAUSE:
                    _log.warning("Redis %s is away: %s", self._name, str(error).strip() or repr(error))
            finally:
                if beating:
                    beating.cancel()
                if self._connection is not None:
                    connection, self._connection = self._connection, None
                    await connection.disconnect(nowait=True)
                    await self._pool.release(connection)
            await asyncio.sleep(pause * (0.5 + random.random() / 2))  # noqa: S311
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _connect(self) -> Any:
        connection = await self._pool.get_connection("SUBSCRIBE")
        try:
            # A replica refuses this: see Publisher.publish.
            await connection.send_packed_command(connection.pack_commands(self._report.commands()))
            for _ in self._report.commands():
                await asyncio.wait_for(connection.read_response(), _SILENCE)
        except BaseException as error:
            await connection.disconnect(nowait=True)
            await self._pool.release(connection)
            if isinstance(error, TimeoutError):
                raise RedisTimeoutError("no answer") from error
            raise
        return connection

    async def _read(self, connection: Any) -> None:
        deliver = self._deliver
        count = 0
        while True:
            reply = await connection.read_response(disable_decoding=True)
            # Under load the answers to reports stand behind many messages, which are signs of life as well.
            self._report.answered()
            if not isinstance(reply, list):
                continue
            if reply[0] == b"message":
                try:
                    deliver(reply[1], reply[2])
                except Exception as error:  # one that nobody can read must not end the others
                    _log.warning("Redis %s: a message to %r cannot be read: %r", self._name, reply[1], error)
                # Reading does not wait while there is something to read: the readers of the messages get their turn.
                count += 1
                if not count % 50:
                    await asyncio.sleep(0)
            elif reply[0] == b"subscribe" and (waiting := self._confirmations.pop(reply[1].decode(), None)):
                waiting.set_result(None)

    async def _beat(self, connection: Any) -> None:
        loop = asyncio.get_running_loop()
        self._report.answered()
        while True:
            interval = self._report.interval()
            slept_from = loop.time()
            await asyncio.sleep(interval)
            # A process that has just been kept from running has not listened.
            listened = loop.time() - slept_from < interval + 1
            if listened and loop.time() - self._report.answered_at > _SILENCE:
                _log.warning("Redis %s does not answer", self._name)
                self._drop()
                return
            try:
                await connection.send_packed_command(connection.pack_commands(self._report.commands()))
            except _OUTAGES:
                self._drop()
                return


def _timeouts() -> dict[str, Any]:
    return {"socket_timeout": _SILENCE, "socket_connect_timeout": _CONNECT_TIMEOUT, "socket_keepalive": True}
