"""`python manage.py relay_outbox`: the process that sends the outbox's events."""

import signal
import sys
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from chatpop_aws.relay import Relay

# Seconds for which one of the two threads may compute while the other waits: Python's own 5 ms, at each answer of a
# service, would slow down new messages whenever old ones are tried again.
_SWITCH_INTERVAL = 0.0005


class Command(BaseCommand):
    """Relays until SIGTERM or SIGINT."""

    help = "Sends the messages of the outbox to their rooms, until SIGTERM. Several may run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The relay's settings."""
        parser.add_argument("--batch-size", type=int, default=100, help="messages in one transaction (100)")
        parser.add_argument("--poll-interval", type=float, default=0.02, help="seconds, when nothing is due (0.02)")
        parser.add_argument("--retention-hours", type=float, default=0, help="for which sent events are kept (0)")
        parser.add_argument(
            "--patience", type=float, default=30, help="seconds to wait for receivers that Redis has lost (30)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the relay."""
        relay = Relay(
            batch_size=options["batch_size"],
            poll_interval=options["poll_interval"],
            retention=timedelta(hours=options["retention_hours"]),
            patience=options["patience"],
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: relay.stop())
        sys.setswitchinterval(_SWITCH_INTERVAL)
        self.stdout.write("The relay is running")
        relay.run()
        self.stdout.write("The relay has stopped")
