"""Writes into rooms as the application's other tasks do, through the application's own channel layer.

Run by its path, in the application's environment. Takes `<code> <text>` lines on a Unix socket.
"""

import asyncio
import sys
import uuid
from datetime import UTC, datetime
from typing import Any

import django


def event(code: str, text: str) -> dict[str, Any]:
    """A message as the application and the relay announce it."""
    identity = str(uuid.uuid4())
    return {
        "type": "chat_message",
        "deduplication_key": identity,
        "message_data": {
            "id": identity,
            "chat_code": code,
            "username": "elsewhere",
            "username_is_reserved": False,
            "user_id": None,
            "message_type": "normal",
            "is_from_host": False,
            "content": text,
            "voice_url": None,
            "voice_duration": None,
            "voice_waveform": None,
            "reply_to_id": None,
            "reply_to_message": None,
            "is_pinned": False,
            "created_at": datetime.now(UTC).isoformat(),
            "is_deleted": False,
        },
    }


async def main(path: str) -> None:
    """Serves until it is ended."""
    django.setup()
    from channels.layers import get_channel_layer

    layer = get_channel_layer()

    async def serve(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            code, text = line.decode().split()
            await layer.group_send(f"chat_{code}", event(code, text))

    server = await asyncio.start_unix_server(serve, path)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
