"""A relay that, after so many messages, hangs or gets a SIGTERM: `broken_relay.py hang|terminate COUNT OPTIONS…`."""

import os
import signal
import sys
import time
from typing import Any

import django
from django.core.management import call_command

django.setup()

from channels.layers import get_channel_layer  # noqa: E402

ending, remaining = sys.argv[1], int(sys.argv[2])
layer: Any = type(get_channel_layer())
group_send = layer.group_send


async def counted(self: Any, group: str, message: dict[str, Any]) -> None:
    global remaining  # noqa: PLW0603
    if remaining == 0 and ending == "hang":
        print("hanging")
        time.sleep(3600)
    await group_send(self, group, message)
    remaining -= 1
    if remaining == 0 and ending == "terminate":
        os.kill(os.getpid(), signal.SIGTERM)


layer.group_send = counted
call_command("relay_outbox", *sys.argv[3:])
