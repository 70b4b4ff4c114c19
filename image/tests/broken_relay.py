"""A relay that hangs or gets a SIGTERM after so many messages, or whose sends to a room never end.

`broken_relay.py hang|terminate COUNT OPTIONS…`, `broken_relay.py stall ROOM OPTIONS…`
"""

import asyncio
import os
import signal
import sys
import time
from typing import Any

import django
from channels.layers import get_channel_layer
from django.core.management import call_command

django.setup()

fault, which = sys.argv[1:3]
remaining = int(which) if fault != "stall" else -1
layer = type(get_channel_layer())
group_send = layer.group_send


async def broken(self: Any, group: str, message: dict[str, Any]) -> None:
    global remaining  # noqa: PLW0603
    if fault == "stall" and group == f"chat_{which}":
        await asyncio.sleep(3600)
    if remaining == 0 and fault == "hang":
        print("hanging")
        time.sleep(3600)
    await group_send(self, group, message)
    remaining -= 1
    if remaining == 0 and fault == "terminate":
        os.kill(os.getpid(), signal.SIGTERM)


layer.group_send = broken
call_command("relay_outbox", *sys.argv[3:])
