"""Sends the events of the outbox to their rooms."""

import asyncio
import inspect
import json
import logging
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any

from channels.layers import get_channel_layer
from django.apps import apps
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F, Min, Q
from django.db.models.functions import Now
from redis.exceptions import RedisError

from chatpop_aws.log_settings import METRICS
from chatpop_aws.models import OutboxEvent

# After so many failures (17 minutes) an event stays as it is, for a person to look at.
MAX_ATTEMPTS = 10
# Seconds.
_SEND_TIMEOUT = 10
_LONGEST_PAUSE = 30.0
_CLEAN_UP_INTERVAL = 10.0
_CLEAN_UP_ROWS = 5_000
_REPORT_INTERVAL = 60.0

_OUTAGES = (OperationalError, InterfaceError, RedisError, OSError)
_log = logging.getLogger(__name__)
_metrics = logging.getLogger(METRICS)


@dataclass
class Relay:
    """Relays events until it is stopped. Several may run at once: each event is locked by the one that sends it.

    An event is marked in the transaction that locks it, after it was sent. A relay that is killed in between leaves
    at most one batch to be sent again, each message with the same key as before.
    """

    batch_size: int = 100
    # Seconds between two looks at an empty outbox.
    poll_interval: float = 0.1
    retention: timedelta = timedelta(hours=24)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def stop(self) -> None:
        """Ends `run` after the message that is being sent; what was sent is marked."""
        self._stopping.set()

    def run(self) -> None:
        """Relays until `stop`; waits longer and longer while the database or Redis is away."""
        pause = self.poll_interval
        clean_up_at = report_at = monotonic()
        with self._runner:
            while not self._stopping.is_set():
                try:
                    full = self.relay_batch() == self.batch_size
                    if monotonic() >= clean_up_at:
                        self.clean_up()
                        clean_up_at = monotonic() + _CLEAN_UP_INTERVAL
                    if monotonic() >= report_at:
                        _metrics.info(json.dumps({"outboxLag": round(self.lag().total_seconds(), 3)}))
                        report_at = monotonic() + _REPORT_INTERVAL
                except _OUTAGES as error:
                    _log.warning("The relay waits %.1f s: %s", pause, str(error).strip() or repr(error))
                    connection.close()
                    self._stopping.wait(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)
                else:
                    pause = self.poll_interval
                    if not full:
                        self._stopping.wait(self.poll_interval)
        connection.close()

    def relay_batch(self) -> int:
        """Sends the oldest events that nobody else is sending, and says how many it has seen.

        Raises what Redis raises, after it has marked the events that were sent.
        """
        outage: Exception | None = None
        sent: list[int] = []
        with transaction.atomic():
            due = OutboxEvent.objects.filter(
                Q(available_at=None) | Q(available_at__lte=Now()), processed=False, attempts__lt=MAX_ATTEMPTS
            )
            events = list(due.order_by("created_at", "id").select_for_update(skip_locked=True)[: self.batch_size])
            for event, message_data in _rendered(events):
                if self._stopping.is_set():
                    break
                try:
                    self._send(event, message_data)
                except (RedisError, OSError) as error:
                    outage = error
                    break
                sent.append(event.pk)
            OutboxEvent.objects.filter(pk__in=sent).update(processed=True, processed_at=Now())
        if outage:
            raise outage
        return len(events)

    def clean_up(self) -> int:
        """Deletes sent events that are older than the retention, and says how many.

        It looks at the lowest ids only, whatever the size of the table; the next call goes on.
        """
        oldest = OutboxEvent.objects.filter(processed=True).order_by("id").values("pk")[:_CLEAN_UP_ROWS]
        deleted, _ = OutboxEvent.objects.filter(pk__in=oldest, processed_at__lt=Now() - self.retention).delete()
        return deleted

    def lag(self) -> timedelta:
        """How long the oldest event waits that no relay has tried to send."""
        waiting = OutboxEvent.objects.filter(processed=False, attempts=0)
        age = ExpressionWrapper(Now() - Min("created_at"), output_field=DurationField())
        lag: timedelta | None = waiting.aggregate(lag=age)["lag"]
        return max(lag or timedelta(), timedelta())

    def _send(self, event: OutboxEvent, message_data: dict[str, Any] | None) -> None:
        if message_data is None:
            return
        send = get_channel_layer().group_send(
            f"chat_{event.chat_code}",
            {
                "type": event.payload["type"],
                "message_data": message_data,
                "deduplication_key": event.deduplication_key,
            },
        )
        self._runner.run(asyncio.wait_for(send, _SEND_TIMEOUT))


def _rendered(events: list[OutboxEvent]) -> list[tuple[OutboxEvent, dict[str, Any] | None]]:
    """Each event with its message as the application itself would send it, or None if the message has been deleted.

    An event whose message cannot be rendered is left out and gets a later time. All are rendered before the first is
    sent: should the database fail here, nothing has to be sent again.
    """
    from chats.consumers import ChatConsumer

    # The application wraps the function for use in its event loop; there is none here, and no thread is needed.
    serialize = inspect.unwrap(ChatConsumer.serialize_message_for_broadcast)
    consumer = ChatConsumer()
    messages = (
        apps.get_model("chats", "Message")
        .objects.select_related("chat_room", "user", "reply_to")
        .in_bulk([event.payload["message_id"] for event in events])
    )
    by_id = {str(key): message for key, message in messages.items()}
    rendered: list[tuple[OutboxEvent, dict[str, Any] | None]] = []
    for event in events:
        message = by_id.get(event.payload["message_id"])
        if message is None or message.is_deleted:
            rendered.append((event, None))
            continue
        try:
            # A failed query would otherwise spoil the transaction for the rest of the batch.
            with transaction.atomic():
                message_data = serialize(consumer, message)
        except _OUTAGES:
            raise
        except Exception:
            _postpone(event)
        else:
            rendered.append((event, message_data))
    return rendered


def _postpone(event: OutboxEvent) -> None:
    attempts = event.attempts + 1
    later = timedelta(seconds=2**attempts)
    OutboxEvent.objects.filter(pk=event.pk).update(attempts=F("attempts") + 1, available_at=Now() + later)
    if attempts == MAX_ATTEMPTS:
        _log.exception("Outbox event %s (message %s) is given up", event.pk, event.deduplication_key)
    else:
        _log.warning("Outbox event %s (message %s) failed", event.pk, event.deduplication_key, exc_info=True)
