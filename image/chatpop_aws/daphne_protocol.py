"""Daphne's WebSocket protocol with bounds: for what a client sends, and for what waits until a client reads."""

import logging
from typing import Any

import daphne.server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

# Bytes that wait in this process for one client. Daphne itself would keep them without end.
_UNREAD_LIMIT = 256 * 1024
_log = logging.getLogger("chatpop_aws.channel_layer")


class BoundedProtocol(WebSocketProtocol):  # type: ignore[misc]
    """Drops a client that does not read, and refuses frames over the limit, but sends them."""

    maxMessagePayloadSize: int  # noqa: N815

    def sendMessage(self, payload: bytes, isBinary: bool = False, **options: Any) -> None:  # noqa: N802, N803
        """Sends a frame, whatever its size: autobahn knows one limit for both directions."""
        transport = self.transport
        unread = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
        if unread > _UNREAD_LIMIT:
            _log.info("1 of 1 channels over capacity in group of a client that does not read")
            self.dropConnection(abort=True)
            return
        limit, self.maxMessagePayloadSize = self.maxMessagePayloadSize, 0
        try:
            super().sendMessage(payload, isBinary, **options)
        finally:
            self.maxMessagePayloadSize = limit

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802
        """Closes with whatever code: autobahn's own way knows 1000 and those from 3000 on."""
        if code is None or code == 1000 or code >= 3000:  # noqa: PLR2004
            super().serverClose(code)
        else:
            self.sendCloseFrame(code=code)


def install(frame_limit: int) -> None:
    """Makes Daphne use it."""

    class Factory(WebSocketFactory):  # type: ignore[misc]
        protocol = BoundedProtocol

        def setProtocolOptions(self, **options: Any) -> None:  # noqa: N802
            super().setProtocolOptions(**options, maxMessagePayloadSize=frame_limit, failByDrop=False)

    daphne.server.WebSocketFactory = Factory
