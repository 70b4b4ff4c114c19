"""The channel layers of the deployment, and the outbox's rule for what is sent through them."""

import asyncio
import logging
import types
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import msgpack
from channels_redis.core import RedisChannelLayer
from channels_redis.utils import _consistent_hash, decode_hosts

from chatpop_aws import receivers
from chatpop_aws.coverage import covered
from chatpop_aws.outbox import CHAT_MESSAGE
from chatpop_aws.payload import share
from chatpop_aws.pubsub import Publisher, Subscription

_log = logging.getLogger(__name__)


class Inbox:
    """The messages that wait for one socket: in memory, shared with the room's other sockets, and bounded.

    When one is full its socket is closed by `abandon`, since a gap in the room would go unnoticed.
    """

    __slots__ = ("_waiter", "abandon", "channel", "closed", "groups", "messages")

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.groups: set[str] = set()
        self.messages: deque[dict[str, Any]] = deque()
        self.closed = False
        self.abandon: Callable[[], None] | None = None
        self._waiter: asyncio.Future[None] | None = None

    def put(self, message: dict[str, Any]) -> None:
        """Adds a message and wakes who waits for it."""
        self.messages.append(message)
        self.wake()

    def wake(self, _: Any = None) -> None:
        """Ends `wait`."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def wait(self) -> None:
        """Returns at the next message, or at `wake`."""
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None


class PubSubChannelLayer:
    """Sends a message once, whatever the number of tasks, by Redis's PUBLISH; each process hands it to its own sockets.

    A room is a Redis channel, to which each process subscribes that has a member of it. Nothing about a room is kept
    in Redis, so that nothing is left there by a process that is killed. What is published while a process is not
    subscribed is lost to it: `on_loss` is called with the inboxes of the rooms concerned once it is subscribed again.

    `hosts` as in `channels_redis`; several share the rooms by name. `capacity` is that of an inbox, in messages.
    """

    extensions = ("groups", "flush")

    def __init__(self, hosts: Any = None, prefix: str = "asgi", capacity: int = 1_000, **_: Any) -> None:
        self.hosts = decode_hosts(hosts)
        self.ring_size = len(self.hosts)
        self.prefix = prefix
        self.capacity = capacity
        self.on_loss: Callable[[list[Inbox]], None] | None = None
        self._members: dict[asyncio.AbstractEventLoop, _Member] = {}

    def member(self) -> "_Member":
        """What belongs to the running event loop: connections cannot be shared between loops."""
        loop = asyncio.get_running_loop()
        member = self._members.get(loop)
        if member is None:
            member = self._members[loop] = _Member(self)
            self._close_with(loop)
        return member

    def _close_with(self, loop: asyncio.AbstractEventLoop) -> None:
        """Ends the connections when the loop ends, as one does that `async_to_sync` makes for a single call."""
        close = loop.close

        def close_both(_: asyncio.AbstractEventLoop) -> None:
            if (member := self._members.pop(loop, None)) and not loop.is_closed():
                loop.run_until_complete(member.close())
            close()

        try:
            loop.close = types.MethodType(close_both, loop)  # type: ignore[method-assign]
        except AttributeError:  # uvloop's cannot be changed; its process ends with it
            return

    # Channels' interface.

    async def new_channel(self, prefix: str = "specific") -> str:
        """The name of a new channel, which this process reads."""
        return (await self.member().open()).channel

    async def receive(self, channel: str) -> dict[str, Any]:
        """The next message of a channel of this process."""
        inbox = self.member().inboxes[channel]
        while not inbox.messages:
            await inbox.wait()
        return dict(inbox.messages.popleft())

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        """Sends to one channel, of whatever process."""
        process = channel.partition("!")[0]
        packed: bytes = msgpack.packb({"channel": channel, "message": message})
        await self.member().publisher(process).publish(process, packed)

    async def group_add(self, group: str, channel: str) -> None:
        """Joins a room; every message that is sent after this returns arrives."""
        await self.member().join(self._name(group), channel)

    async def group_discard(self, group: str, channel: str) -> None:
        """Leaves a room."""
        await self.member().leave(self._name(group), channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> int:
        """Sends to a room, and says how many processes have received it; raises RedisError when Redis stays away."""
        name = self._name(group)
        packed: bytes = msgpack.packb(message)
        return await self.member().publisher(name).publish(name, packed)

    async def flush(self) -> None:
        """Forgets everything of this process."""
        if member := self._members.pop(asyncio.get_running_loop(), None):
            await member.close()

    close_pools = flush

    # What the deployment asks besides.

    async def receivers(self) -> list[dict[str, int]]:
        """For each Redis server, the backlog of the processes that are subscribed: see `receivers.backlog`."""
        return await asyncio.gather(*(receivers.at(each.client, self.prefix) for each in self.member().publishers))

    async def ping(self, index: int) -> None:
        """Raises unless this one of the Redis servers answers."""
        await self.member().publishers[index].client.ping()

    def _name(self, group: str) -> str:
        return f"{self.prefix}:group:{group}"


class _Member:
    """The inboxes, rooms and connections of one event loop."""

    def __init__(self, layer: PubSubChannelLayer) -> None:
        self._layer = layer
        self._process = f"{layer.prefix}:process:{uuid.uuid4().hex}"
        self._opened = 0
        self.inboxes: dict[str, Inbox] = {}
        # Ordered, so that all sockets of a room get their messages in the order in which they came.
        self.groups: dict[str, dict[str, Inbox]] = {}
        self.publishers = [Publisher(host, layer.prefix) for host in layer.hosts]
        self._subscriptions = [self._subscription(index) for index in range(layer.ring_size)]

    def _subscription(self, index: int) -> Subscription:
        host = self._layer.hosts[index]
        report = receivers.Report(self._layer.prefix, self._process.rpartition(":")[2], self._deepest)
        name = str(host.get("address") or f"{host['host']}:{host['port']}")
        return Subscription(host, name, report, self._deliver, lambda: self._missed(index))

    def publisher(self, name: str) -> Publisher:
        """The Redis server of this room or process."""
        return self.publishers[self._server(name)]

    def _subscribed(self, name: str) -> Subscription:
        return self._subscriptions[self._server(name)]

    def _server(self, name: str) -> int:
        index: int = _consistent_hash(name, self._layer.ring_size)
        return index

    async def open(self) -> Inbox:
        """A new inbox."""
        if not self._opened:
            # All servers, so that each of them knows of this process as a receiver.
            await asyncio.gather(*(each.subscribe(self._process) for each in self._subscriptions))
        self._opened += 1
        inbox = Inbox(f"{self._process}!{self._opened}")
        self.inboxes[inbox.channel] = inbox
        return inbox

    async def discard(self, inbox: Inbox) -> None:
        """Forgets an inbox, in whatever rooms it still is."""
        for name in list(inbox.groups):
            await self.leave(name, inbox.channel)
        self.inboxes.pop(inbox.channel, None)

    async def join(self, name: str, channel: str) -> None:
        """Adds an inbox to a room."""
        inbox = self.inboxes[channel]
        inbox.groups.add(name)
        self.groups.setdefault(name, {})[channel] = inbox
        try:
            await self._subscribed(name).subscribe(name)
        except BaseException:
            await self.leave(name, channel)
            raise

    async def leave(self, name: str, channel: str) -> None:
        """Takes an inbox out of a room; with the last one the process leaves it."""
        members = self.groups.get(name)
        if members is None or (inbox := members.pop(channel, None)) is None:
            return
        inbox.groups.discard(name)
        if not members:
            del self.groups[name]
            await self._subscribed(name).unsubscribe(name)

    async def close(self) -> None:
        """Ends all connections."""
        ends: list[Awaitable[None]] = [each.close() for each in self._subscriptions]
        ends += [each.close() for each in self.publishers]
        await asyncio.gather(*ends, return_exceptions=True)

    def _deliver(self, channel: bytes, data: bytes) -> None:
        name = channel.decode()
        if members := self.groups.get(name):
            message = share(msgpack.unpackb(data))
            # A list: a socket that is closed for want of room leaves.
            full = sum(not self._put(inbox, message) for inbox in list(members.values()))
            if full:
                # The words of the core layer, of which a metric is made: the alarm `lost-messages`.
                group = name.removeprefix(f"{self._layer.prefix}:group:")
                _log.info("%s of %s channels over capacity in group %s", full, len(members), group)
        elif name == self._process:
            direct = msgpack.unpackb(data)
            if (inbox := self.inboxes.get(direct["channel"])) and not self._put(inbox, direct["message"]):
                _log.info("1 of 1 channels over capacity in group %s", direct["channel"])

    def _put(self, inbox: Inbox, message: dict[str, Any]) -> bool:
        """False for a message that finds no room. What a socket misses that is being closed for it counts no more."""
        if inbox.closed:
            return True
        if len(inbox.messages) >= self._layer.capacity:
            if inbox.abandon:
                inbox.closed = True
                inbox.abandon()
            return False
        inbox.put(message)
        return True

    def _missed(self, server: int) -> None:
        missed = {
            channel: inbox
            for name, members in self.groups.items()
            if self._server(name) == server
            for channel, inbox in members.items()
        }
        if not missed:
            return
        _log.info("%s sockets may have missed messages while Redis was away", len(missed))
        if self._layer.on_loss:
            self._layer.on_loss(list(missed.values()))

    def _deepest(self) -> int:
        return max((len(inbox.messages) for inbox in self.inboxes.values()), default=0)


class _LeavesChatMessagesToTheRelay:
    """The outbox's rule: the application sends each message as soon as it is saved, and the relay would double it.

    The relay's own carry a deduplication key. A message of which the outbox holds no event passes, as do all others.
    """

    async def group_send(self, group: str, message: dict[str, Any]) -> Any:
        """Sends to a room, unless it is a chat message of which the outbox already holds an event."""
        if message.get("type") == CHAT_MESSAGE and "deduplication_key" not in message and covered(message):
            return 0
        return await super().group_send(group, message)  # type: ignore[misc]


class OutboxPubSubChannelLayer(_LeavesChatMessagesToTheRelay, PubSubChannelLayer):
    """The pub/sub layer of a deployment that sends messages through the outbox."""


class OutboxChannelLayer(_LeavesChatMessagesToTheRelay, RedisChannelLayer):
    """The core layer of a deployment that sends messages through the outbox."""
