"""uvicorn's WebSocket protocol, with a frame made once for all sockets of a room, and an end for those that hang."""

import logging
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN

from chatpop_aws.allowance import Allowance

# "Policy violation": both revisions' clients connect again after it.
_TOO_MANY = 1008
_log = logging.getLogger("chatpop_aws.channel_layer")

# The text that was sent last, and its frame. A room's sockets are served one after the other, with the very same text.
_last: tuple[str, bytes] = ("", b"")


def _frame(text: str) -> bytes:
    global _last  # noqa: PLW0603
    if _last[0] is not text:
        _last = (text, Frame(Opcode.TEXT, text.encode()).serialize(mask=False))
    return _last[1]


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Sends frames without compression, which are therefore the same for every client."""

    frame_rate = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._allowance = Allowance(self.frame_rate)

    def send_receive_event_to_app(self) -> None:
        """Passes a frame on; with one too many the socket is closed."""
        if self.close_sent or self._allowance.take():
            super().send_receive_event_to_app()
            return
        _log.warning("A client sends too many frames: its socket is closed")
        self.frames = []
        self.queue.put_nowait({"type": "websocket.disconnect", "code": _TOO_MANY})
        self.conn.send_close(_TOO_MANY)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.close)

    async def send(self, message: Any) -> None:
        """Sends a message of the application."""
        kind = message["type"]
        if kind == "websocket.send":
            text = message.get("text")
            if text is not None and self.handshake_complete:
                if not self.writable.is_set():
                    await self.writable.wait()
                if self.disconnected or self.close_sent or self.conn.state is not OPEN:
                    # Closed from our side, while the application was busy.
                    raise ClientDisconnected
                self.transport.write(_frame(text))
                return
        elif kind == "websocket.close" and not self.writable.is_set():
            # The close frame would wait behind data that the client does not read.
            self.transport.abort()
            return
        await super().send(message)

    def keepalive_timeout(self) -> None:
        """Ends a connection whose client does not answer; unread data is lost."""
        super().keepalive_timeout()
        self.transport.abort()
