"""Readers that connect again whenever their socket ends, load what they have missed, and remember what they saw."""

import asyncio
import json
import random
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

# Seconds.
_HTTP_TIMEOUT = 10
_PAGE = 50
_FAILURES = (OSError, WebSocketException, TimeoutError, urllib.error.URLError, ValueError)


@dataclass
class Reader:
    """A member of a room, who may also write."""

    ports: list[int]
    room: str
    query: str = ""
    frames: Counter[str] = field(default_factory=Counter)
    loaded: set[str] = field(default_factory=set)
    connects: int = 0
    # What it has said over this connection, and has not heard come back.
    unheard: int = 0
    _socket: Any = None

    @property
    def connected(self) -> bool:
        """Whether it has loaded what it had missed, and hears what is said."""
        return self._socket is not None

    @property
    def seen(self) -> set[str]:
        """Ids of all messages that this reader knows."""
        return self.loaded | set(self.frames)

    async def read(self) -> None:
        """Reads until cancelled."""
        while True:
            port = random.choice(self.ports)  # noqa: S311
            address = f"ws://127.0.0.1:{port}/ws/chat/{self.room}/{self.query}"
            try:
                async with connect(address, ping_interval=2, ping_timeout=5, max_queue=None) as socket:
                    await self._load(port)
                    self.connects += 1
                    self.unheard = 0
                    self._socket = socket
                    async for text in socket:
                        frame = json.loads(text)
                        if "content" in frame:
                            self.frames[frame["id"]] += 1
                            self.unheard -= frame["content"].startswith(self._mark)
            except _FAILURES:
                pass
            self._socket = None
            await asyncio.sleep(random.uniform(0.1, 0.6))  # noqa: S311

    async def write(self, text: str) -> None:
        """Says something, if there is a connection: what becomes of it, only the database knows."""
        if self._socket is not None:
            self.unheard += 1
            with suppress(*_FAILURES):
                await self._socket.send(json.dumps({"message": f"{self._mark} {text}"}))

    @property
    def _mark(self) -> str:
        return f"[{id(self)}]"

    async def _load(self, port: int) -> None:
        """As a client does that comes back: page by page until it meets what it knows."""
        before, known = "", self.seen
        while True:
            path = f"/api/chats/{self.room}/messages/?limit={_PAGE}{before}"
            page = await asyncio.to_thread(_get, f"http://127.0.0.1:{port}{path}")
            found = {each["id"]: datetime.fromisoformat(each["created_at"]) for each in page["messages"]}
            self.loaded |= set(found)
            if len(found) < _PAGE or known & set(found):
                return
            before = f"&before={min(found.values()).timestamp()!r}"


def _get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=_HTTP_TIMEOUT) as response:
        return json.load(response)
