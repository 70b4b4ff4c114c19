"""Takes events of the outbox, sends them to their rooms, and settles them."""

import asyncio
import inspect
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from channels.layers import get_channel_layer
from django.apps import apps
from django.db import Error as DatabaseError
from django.db import connection, transaction

from chatpop_aws.events import Event, lease, postpone, settle
from chatpop_aws.outages import SERVICE_ERRORS, check_database, check_redis
from chatpop_aws.pace import Pace
from chatpop_aws.sending import SEND_TIMEOUT, Outcome, Rendered, Sender

# Seconds.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.05, 30.0
_GRACE = 0.02
# An event whose send is slow belongs to this relay for so long, which is longer than a send lasts.
_LEASE = timedelta(seconds=2 * SEND_TIMEOUT)
# Levels of lists and objects in a message; messages of ChatPop's page have two.
_DEEPEST = 50

_log = logging.getLogger(__name__)


class Source(Protocol):
    """Where a courier's events come from."""

    # Seconds between two looks when nothing is due.
    interval: float

    def take(self, size: int, without: list[str]) -> list[Event]:
        """Locks so many events, of any rooms but these."""

    def rewind(self, to: datetime) -> None:
        """Goes back to a time, because events that were taken have not been sent."""

    def reset(self) -> None:
        """Goes back to the oldest event."""


@dataclass
class Courier:
    """One loop of the relay.

    An event is settled in the transaction that locks it, after it was sent. Whatever an event raises that is about the
    message postpones it. What may be about a service ends the batch; the next ones begin with a single event, and if
    that fails again although the services are well, it is the event. A send that does not end goes on beside the next
    batches. So none of them ends the loop, nor holds up others.
    """

    source: Source
    stopping: threading.Event
    batch_size: int = 100
    retention: timedelta = timedelta()
    patience: float = 30.0
    between: Callable[[], None] = lambda: None
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    _taken: list[Event] = field(default_factory=list)
    _pace: Pace | None = None

    def __post_init__(self) -> None:
        self._sender = Sender(self.stopping.is_set)

    def run(self) -> None:
        """Relays until it is stopped; waits longer and longer while the database or Redis is away."""
        size, pause = self.batch_size, _SHORTEST_PAUSE
        with self._runner:
            while not self.stopping.is_set():
                try:
                    taken = self.relay_batch(size, _GRACE)
                    self.between()
                except Exception as error:
                    size = 1
                    if self._blame(error):
                        continue
                    _log.warning("The relay waits %.2f s: %s", pause, str(error).strip() or repr(error))
                    self.stopping.wait(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)
                else:
                    pause = _SHORTEST_PAUSE
                    if taken < size:
                        self._rest()
                    size = min(size * 2, self.batch_size)
            self._finish()
        connection.close()

    def _rest(self) -> None:
        if self._sender.waiting_rooms():
            self._runner.run(self._sender.rest(self.source.interval))
        else:
            self.stopping.wait(self.source.interval)

    def _finish(self) -> None:
        """Waits for the slow sends, and settles them."""
        if self._sender.waiting_rooms():
            try:
                self.relay_batch()
            except Exception as error:  # they are sent again when their lease ends
                _log.warning("The relay stops with slow sends: %r", error)

    def relay_batch(self, size: int | None = None, grace: float | None = None) -> int:
        """Sends the next events that nobody else is sending, and says how many it has taken.

        With a grace (seconds) it ends without the sends that are slow, and settles those of before that have ended.
        Raises what may be the matter with a service, after it has settled the events that were sent.
        """
        self._taken = []
        layer = get_channel_layer()
        pace = self._pace = self._pace or Pace(layer, self.patience, self.stopping.is_set)
        self._runner.run(pace.look())
        with transaction.atomic():
            if not self.stopping.is_set():
                self._taken = self.source.take(size or self.batch_size, pace.exhausted() + self._sender.waiting_rooms())
            outcome = Outcome()
            rendered = _render(self._taken, outcome.failed)
            self._runner.run(self._sender.send(layer, rendered, outcome, grace))
            if outcome.slow:
                lease([event.id for event in outcome.slow], _LEASE)
                # Its room's next ones wait in their places.
                self.source.rewind(min(event.created_at for event in outcome.slow))
            outages = [error for _, error in outcome.failed if isinstance(error, SERVICE_ERRORS)]
            postpone([each for each in outcome.failed if each[1] not in outages])
            settle([event.id for event in outcome.sent], self.retention)
        for event in outcome.sent:
            pace.sent(event.room)
        if outages:
            raise outages[0]
        taken, self._taken = self._taken, []
        return len(taken)

    def _blame(self, error: Exception) -> bool:
        """Postpones the event that was alone in a batch that died, if the services are well."""
        self.source.reset()
        connection.close()
        if len(self._taken) != 1:
            return False
        try:
            check_database()
            self._runner.run(asyncio.wait_for(check_redis(get_channel_layer(), error), SEND_TIMEOUT))
            postpone([(self._taken[0], error)])
        except Exception:  # the service is away then, and the loop goes on in any case
            connection.close()
            return False
        return True


def _render(events: list[Event], failed: list[tuple[Event, BaseException]]) -> list[Rendered]:
    """Each event with its message as the application itself would send it, or None if the message has been deleted.

    All are rendered before the first is sent: should the database fail here, nothing has to be sent again. An event
    that cannot be rendered costs the others no query; only when one of its own queries fails is each tried by itself.
    """
    if not events:
        return []
    mistakes: list[tuple[Event, BaseException]] = []
    try:
        # A failed query would otherwise spoil the transaction.
        with transaction.atomic():
            rendered = _rendered(events, mistakes)
    except Exception as error:
        if isinstance(error, SERVICE_ERRORS):
            raise
        if len(events) == 1:
            failed.append((events[0], error))
            return []
        return [each for event in events for each in _render([event], failed)]
    failed += mistakes
    return rendered


def _rendered(events: list[Event], mistakes: list[tuple[Event, BaseException]]) -> list[Rendered]:
    from chats.consumers import ChatConsumer

    # The application wraps the function for use in its event loop; there is none here, and no thread is needed.
    serialize = inspect.unwrap(ChatConsumer.serialize_message_for_broadcast)
    consumer = ChatConsumer()
    messages = (
        apps.get_model("chats", "Message")
        .objects.select_related("chat_room", "user", "reply_to")
        .in_bulk([event.message_id for event in events])
    )
    by_id = {str(key): message for key, message in messages.items()}

    def render(event: Event) -> dict[str, Any] | None:
        if not event.message_id or not event.type:
            raise ValueError("the event names no message")
        message = by_id.get(str(event.message_id))
        if message is None or message.is_deleted:
            return None
        message_data: dict[str, Any] = serialize(consumer, message)
        _check_depth(message_data, _DEEPEST)
        return message_data

    rendered: list[Rendered] = []
    for event in events:
        try:
            rendered.append((event, render(event)))
        except Exception as error:
            if isinstance(error, (DatabaseError, *SERVICE_ERRORS)):
                raise
            mistakes.append((event, error))
    return rendered


def _check_depth(message_data: dict[str, Any], deepest: int) -> None:
    """Refuses deep messages: the relay could pack them, but a consumer, with more calls on its stack, could not."""
    level: list[Any] = [message_data]
    for _ in range(deepest + 1):
        level = [child for each in level for child in _children(each)]
        if not level:
            return
    raise ValueError(f"the message is nested deeper than {deepest} levels")


def _children(value: Any) -> Iterable[Any]:
    """The lists and objects in a list or an object."""
    inside = value.values() if isinstance(value, dict) else value
    return (each for each in inside if isinstance(each, (dict, list)))
