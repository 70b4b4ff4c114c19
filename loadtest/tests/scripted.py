"""A server that speaks the application's interface and misbehaves by a script; it holds every socket itself."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, WSUpgradeResponse, ws_create_server
from picows import WSUpgradeResponseWithListener as Response

# Gives the frames that go out for the message of this number, by room: each with the index of its reader.
Script = Callable[[int, int, str], list[tuple[int, str]]]


def faithful(_: int, readers: int, text: str) -> list[tuple[int, str]]:
    """Every reader gets every message once."""
    return [(reader, text) for reader in range(readers)]


class _Socket(WSListener):  # type: ignore[misc]
    def __init__(self, server: "ScriptedServer", code: str) -> None:
        super().__init__()
        self.server, self.code = server, code

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        self.server.rooms.setdefault(self.code, []).append(self)

    def on_ws_disconnected(self, _: WSTransport) -> None:
        self.server.rooms[self.code].remove(self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            self.server.said(self.code, json.loads(frame.get_payload_as_utf8_text())["message"])


class ScriptedServer:
    """Runs in a thread of its own on a free port.

    Args:
        script: What readers get.
        cut: After so many messages the server ends all connections once, with this code.
        refuse: So many sockets are refused at first.
    """

    def __init__(self, script: Script = faithful, cut: tuple[int, int] | None = None, refuse: int = 0) -> None:
        self.script, self.cut, self.refuse = script, cut, refuse
        self.rooms: dict[str, list[_Socket]] = {}
        self.history: dict[str, list[str]] = {}
        self.messages = 0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()
        serving = asyncio.all_tasks(self._loop)
        for task in serving:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*serving, return_exceptions=True))

    async def _start(self) -> None:
        server = await ws_create_server(self._upgrade, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._http = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._http.sockets[0].getsockname()[1]}"

    def _upgrade(self, request: WSUpgradeRequest) -> Any:
        if self.refuse:
            self.refuse -= 1
            return Response(WSUpgradeResponse.create_error_response(503, b"full"), None)
        return _Socket(self, urlsplit(request.path.decode()).path.split("/")[3])

    def said(self, code: str, text: str) -> None:
        """Does what the script says."""
        self.messages += 1
        members = self.rooms[code]
        self.history.setdefault(code, []).append(text)
        for reader, content in self.script(self.messages, len(members), text):
            frame = json.dumps({"content": content}).encode()
            members[reader].transport.send(WSMsgType.TEXT, frame)
        if self.cut and self.messages == self.cut[0]:
            for member in [each for room in self.rooms.values() for each in room]:
                member.transport.send(WSMsgType.CLOSE, self.cut[1].to_bytes(2, "big"))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            length = 0
            while (header := await reader.readline()).strip():
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            await reader.readexactly(length)
            answer = json.dumps(self._answer(line.split()[1].decode())).encode()
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(answer) + answer)
            await writer.drain()

    def _answer(self, path: str) -> dict[str, Any]:
        parts = path.split("/")
        if parts[-2] == "create":
            self.rooms[f"ROOM{len(self.rooms)}"] = []
            return {"code": f"ROOM{len(self.rooms) - 1}"}
        if "messages" in parts:
            return {"messages": [{"content": text} for text in self.history.get(parts[3], [])]}
        return {"token": "t", "session_token": "t"}
