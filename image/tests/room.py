"""What the members of a room receive."""

import asyncio
from typing import Any

from channels.layers import channel_layers
from channels_redis.core import RedisChannelLayer

from chatpop_aws.models import OutboxEvent
from chats.models import ChatRoom, Message

CODE = "lobby"


class Room:
    """A member of a room that reads the channel layer as a WebSocket consumer does."""

    def __init__(self) -> None:
        self.model = ChatRoom.objects.create(code=CODE)
        self._runner = asyncio.Runner()
        self._layer: RedisChannelLayer = channel_layers.make_backend("default")
        self._channel = self._runner.run(self._join())

    async def _join(self) -> str:
        channel: str = await self._layer.new_channel()
        await self._layer.group_add(f"chat_{CODE}", channel)
        return channel

    def write(self, count: int, content: str = "hello") -> list[str]:
        """Saves messages and gives their ids."""
        return [str(Message.objects.create(chat_room=self.model, content=content).pk) for _ in range(count)]

    def received(self) -> list[dict[str, Any]]:
        """The events that have arrived since the last look."""

        async def drain() -> list[dict[str, Any]]:
            events: list[dict[str, Any]] = []
            try:
                while True:
                    events.append(await asyncio.wait_for(self._layer.receive(self._channel), 0.5))
            except TimeoutError:
                return events

        return self._runner.run(drain())

    def send(self, event: dict[str, Any]) -> None:
        """Sends to the room as the application does."""
        self._runner.run(self._layer.group_send(f"chat_{CODE}", event))

    def close(self) -> None:
        """Leaves the room."""
        self._runner.run(self._layer.group_discard(f"chat_{CODE}", self._channel))
        self._runner.run(self._layer.close_pools())
        self._runner.close()


def unprocessed() -> int:
    """Events that wait."""
    return OutboxEvent.objects.filter(processed=False).count()
