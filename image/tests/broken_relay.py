"""A relay that, after so many messages, hangs or gets a SIGTERM: `broken_relay.py hang|terminate COUNT OPTIONS…`."""

import os
import signal
import sys
import time
from typing import Any

import django
from django.core.management import call_command

django.setup()

from chatpop_aws.channel_layer import OutboxPubSubChannelLayer  # noqa: E402

ending, remaining = sys.argv[1], int(sys.argv[2])
group_send = OutboxPubSubChannelLayer.group_send


async def counted(self: OutboxPubSubChannelLayer, group: str, message: dict[str, Any]) -> None:
    global remaining  # noqa: PLW0603
    if remaining == 0 and ending == "hang":
        print("hanging")
        time.sleep(3600)
    await group_send(self, group, message)
    remaining -= 1
    if remaining == 0 and ending == "terminate":
        os.kill(os.getpid(), signal.SIGTERM)


OutboxPubSubChannelLayer.group_send = counted  # type: ignore[method-assign, assignment]
call_command("relay_outbox", *sys.argv[3:])
