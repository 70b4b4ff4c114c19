"""`python manage.py outbox --stuck`: lists events that the relay has set aside, and retries or drops them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from chatpop_aws.events import MAX_ATTEMPTS, set_aside
from chatpop_aws.models import OutboxEvent


class Command(BaseCommand):
    """Lists, retries or drops events that have failed ten times."""

    help = "Looks after events that could not be sent: lists them, has them tried again, or drops them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of three actions."""
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument("--stuck", action="store_true", help="list the events that were set aside")
        action.add_argument("--retry", metavar="ID|all", help="have them tried again, at once and as often as before")
        action.add_argument(
            "--drop", metavar="ID|all", help="never send them; the messages stay in their rooms' history"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Carries out the action, and prints its result."""
        if options["stuck"]:
            self._list()
        elif options["retry"]:
            count = self._chosen(options["retry"]).update(attempts=0, available_at=None)
            self.stdout.write(f"{count} to be tried again")
        else:
            count, _ = self._chosen(options["drop"]).delete()
            self.stdout.write(f"{count} dropped")

    def _list(self) -> None:
        stuck = set_aside().order_by("id")
        for event in stuck:
            reason = " ".join(event.reason.split())
            self.stdout.write(
                f"{event.pk}  room {event.chat_code}  message {event.deduplication_key}"
                f"  attempts {event.attempts}  {event.created_at:%Y-%m-%d %H:%M:%S}  {reason}"
            )
        self.stdout.write(f"{len(stuck)} set aside")

    def _chosen(self, which: str) -> "QuerySet[OutboxEvent]":
        if which == "all":
            return set_aside()
        if not which.isdecimal():
            raise CommandError(f"{which!r} is no event; allowed are an id that `outbox --stuck` lists, and all")
        chosen = set_aside().filter(pk=int(which))
        if not chosen.exists():
            raise CommandError(
                f"Event {which} has not been set aside: it is gone, or has fewer than {MAX_ATTEMPTS} attempts"
            )
        return chosen
