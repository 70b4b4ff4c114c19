"""What the members of a room receive."""

import asyncio
import threading
import time
from contextlib import suppress
from typing import Any

from channels.layers import channel_layers

from chatpop_aws.models import OutboxEvent
from chats.models import ChatRoom, Message

CODE = "lobby"
# After so many seconds without a message, no further one is expected.
_SILENCE = 0.5


class Room:
    """A member of a room that reads the channel layer as a WebSocket consumer does."""

    def __init__(self, code: str = CODE) -> None:
        self.code = code
        self.model = ChatRoom.objects.create(code=code)
        self._events: list[dict[str, Any]] = []
        self._arrived_at = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._layer: Any = channel_layers.make_backend("default")
        self._channel: str = self._wait(self._join())
        self._reading = asyncio.run_coroutine_threadsafe(self._read(), self._loop)

    def _wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _join(self) -> str:
        channel: str = await self._layer.new_channel()
        await self._layer.group_add(f"chat_{self.code}", channel)
        return channel

    async def _read(self) -> None:
        while True:
            event = await self._layer.receive(self._channel)
            self._arrived_at = time.monotonic()
            self._events.append(event)

    def write(self, count: int, content: str = "hello") -> list[str]:
        """Saves messages and gives their ids."""
        return [str(Message.objects.create(chat_room=self.model, content=content).pk) for _ in range(count)]

    def received(self) -> list[dict[str, Any]]:
        """The events that have arrived since the last look."""
        looked_at = time.monotonic()
        while time.monotonic() < max(looked_at, self._arrived_at) + _SILENCE:
            time.sleep(0.05)
        events, self._events = self._events, []
        return events

    def send(self, event: dict[str, Any]) -> None:
        """Sends to the room as the application does."""
        self._wait(self._layer.group_send(f"chat_{self.code}", event))

    def close(self) -> None:
        """Leaves the room."""
        self._reading.cancel()
        # Redis may be gone.
        with suppress(Exception):
            self._wait(self._layer.group_discard(f"chat_{self.code}", self._channel))
            self._wait(self._layer.close_pools())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def unprocessed() -> int:
    """Events that wait."""
    return OutboxEvent.objects.filter(processed=False).count()
