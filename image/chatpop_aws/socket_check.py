"""`?deep` on the path of a room: a WebSocket that gets one message through Redis, for the smoke test of a release.

It is nobody's: it needs no session, joins no room, and looks at nothing that belongs to users.
"""

import asyncio
import uuid
from typing import Any

QUERY = b"deep"
# What /healthz?deep answers with, so that its reader knows whether this image has the check.
HEADER, VALUE = "Chatpop-Socket-Check", "deep"
MESSAGE = '{"redis": "ok"}'
_TIMEOUT = 3.0

_asking = asyncio.Lock()
# The channel of this process, once there is one.
_channels: dict[Any, str] = {}


async def answer(layer: Any, send: Any) -> None:
    """Sends to a group of its own, and passes on what arrives; raises TimeoutError or Redis's error when nothing does.

    One at a time: anybody may ask, and every answer costs Redis a subscription.
    """
    async with asyncio.timeout(_TIMEOUT), _asking:
        if layer not in _channels:
            _channels[layer] = await layer.new_channel()
        channel, number = _channels[layer], uuid.uuid4().hex
        group = f"check_{number}"
        await layer.group_add(group, channel)
        try:
            await layer.group_send(group, {"type": "socket.check", "number": number})
            # The answer to one that gave up before may still be there.
            while (await layer.receive(channel))["number"] != number:
                pass
        finally:
            await layer.group_discard(group, channel)
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": MESSAGE})
    await send({"type": "websocket.close", "code": 1000})
