"""Daphne's WebSocket protocol with bounds: for what a client sends, and for what waits until a client reads."""

import logging
from typing import Any

import daphne.server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from chatpop_aws.allowance import Allowance

# Bytes that wait in this process for one client. Daphne itself would keep them without end.
_UNREAD_LIMIT = 256 * 1024
# "Policy violation": both revisions' clients connect again after it.
_TOO_MANY = 1008
_log = logging.getLogger("chatpop_aws.channel_layer")


class BoundedProtocol(WebSocketProtocol):  # type: ignore[misc]
    """Drops a client that does not read, and refuses frames over the limit, but sends them."""

    maxMessagePayloadSize: int  # noqa: N815
    frame_rate = 0
    _refused = False

    def onOpen(self) -> None:  # noqa: N802
        """Begins to count."""
        self._allowance = Allowance(self.frame_rate)
        super().onOpen()

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        """Passes a frame on; with one too many the socket is closed, and whatever else comes over it is dropped."""
        if self._refused:
            return
        if self._allowance.take():
            super().onMessage(payload, isBinary)
            return
        self._refused = True
        _log.warning("A client sends too many frames: its socket is closed")
        self.serverClose(_TOO_MANY)

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


def install(frame_limit: int, frame_rate: int) -> None:
    """Makes Daphne use it."""
    BoundedProtocol.frame_rate = frame_rate

    class Factory(WebSocketFactory):  # type: ignore[misc]
        protocol = BoundedProtocol

        def setProtocolOptions(self, **options: Any) -> None:  # noqa: N802
            super().setProtocolOptions(**options, maxMessagePayloadSize=frame_limit, failByDrop=False)

    daphne.server.WebSocketFactory = Factory
