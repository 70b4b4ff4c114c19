"""`python -m chatpop_aws.server`: serves the application, by Daphne or by uvicorn, under one contract.

Both take the client's address and scheme from the load balancer, let thousands of clients connect at once (GAP-24), log
no line for each request and frame (GAP-45), ping each socket every 20 s, refuse frames over CHATPOP_FRAME_LIMIT before
they are parsed, close sockets that send more frames than CHATPOP_FRAME_RATE, compress nothing, and at SIGTERM close
their sockets one after the other over CHATPOP_DRAIN_SECONDS.
"""

import asyncio
import os
import signal
import sys

from django.core.exceptions import ImproperlyConfigured

from chatpop_aws import collection
from chatpop_aws.environment import number

APPLICATION = "chatpop.asgi:application"
PORT = 9000
BACKLOG = 4096
# Seconds. A client that waits for longer has been given up by the load balancer, after 55 s.
PING_TIMEOUT, CONNECT_TIMEOUT = 30, 50


def serve_by_daphne(frame_limit: int, frame_rate: int, drain_seconds: float) -> None:
    """The guide's server (G-37)."""
    from chatpop_aws import daphne_protocol

    daphne_protocol.install(frame_limit, frame_rate)
    from daphne.cli import CommandLineInterface
    from twisted.internet import reactor

    from chatpop_aws.sockets import drain

    def stop(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        reactor.callFromThread(drain_and_stop)  # type: ignore[attr-defined]

    def drain_and_stop() -> None:
        # Daphne's own end cancels all sockets first, so that it must come last.
        task = asyncio.ensure_future(drain(drain_seconds))
        task.add_done_callback(lambda _: reactor.stop())  # type: ignore[attr-defined]

    # Twisted has its handlers in place by then.
    reactor.callLater(0, signal.signal, signal.SIGTERM, stop)  # type: ignore[attr-defined]
    CommandLineInterface().run(daphne_arguments(_port()))


def daphne_arguments(port: int) -> list[str]:
    """Daphne's command line, for which -e stands for -b and -p, which know no backlog."""
    arguments = ["-v", "0", "--proxy-headers", "--websocket_connect_timeout", str(CONNECT_TIMEOUT)]
    arguments += ["--ping-interval", str(_ping_interval()), "--ping-timeout", str(PING_TIMEOUT)]
    return [*arguments, "-e", f"tcp:port={port}:interface=0.0.0.0:backlog={BACKLOG}", APPLICATION]


def serve_by_uvicorn(frame_limit: int, frame_rate: int, drain_seconds: float) -> None:
    """The server that needs less processor time a message."""
    import uvicorn

    from chatpop_aws.uvicorn_protocol import WebSocketProtocol

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
            from chatpop_aws.sockets import drain

            await drain(drain_seconds)
            await super().shutdown()
            # uvicorn would end itself by the signal it got, which looks like a failure.
            self._captured_signals.clear()

    WebSocketProtocol.frame_rate = frame_rate
    config = uvicorn.Config(
        APPLICATION,
        host="0.0.0.0",  # noqa: S104
        port=_port(),
        loop="uvloop",
        http="httptools",
        ws=WebSocketProtocol,
        ws_max_size=frame_limit,
        ws_ping_interval=_ping_interval(),
        ws_ping_timeout=PING_TIMEOUT,
        ws_per_message_deflate=False,
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=True,
        forwarded_allow_ips="*",
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
        server_header=False,
    )
    Server(config).run()


_SERVERS = {"daphne": serve_by_daphne, "uvicorn": serve_by_uvicorn}


def _port() -> int:
    return int(os.environ.get("CHATPOP_PORT", PORT))


def _ping_interval() -> int:
    return number(os.environ, "CHATPOP_PING_INTERVAL", 20)


def main() -> None:
    """Serves until SIGTERM."""
    try:
        name = os.environ.get("CHATPOP_SERVER") or "daphne"
        if name not in _SERVERS:
            raise ImproperlyConfigured(
                f"CHATPOP_SERVER is {name!r}; allowed are {' and '.join(_SERVERS)}. Correct it or leave it out."
            )
        frame_limit = number(os.environ, "CHATPOP_FRAME_LIMIT", 64 * 1024)
        frame_rate = number(os.environ, "CHATPOP_FRAME_RATE", 0)
        drain_seconds = number(os.environ, "CHATPOP_DRAIN_SECONDS", 60)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    collection.spare()
    _SERVERS[name](frame_limit, frame_rate, drain_seconds)


if __name__ == "__main__":
    main()
