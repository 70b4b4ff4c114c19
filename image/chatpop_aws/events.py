"""The outbox's table as a queue: which events are due, and what becomes of them."""

import logging
import traceback
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import NamedTuple

from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, Min, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Now

from chatpop_aws.models import OutboxEvent

# After so many failures (17 minutes) an event is set aside, for a person to look at.
MAX_ATTEMPTS = 10
_REASON_LENGTH = 500
_TRACEBACK_LINES, _TRACE_LENGTH = 6, 2_000
_CLEAN_UP_ROWS = 5_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# An event becomes visible with its transaction's commit, that is later than it was created.
_MARGIN = timedelta(seconds=2)
# No index has a column of these, so that a row's new version stays on its page (HOT).
_POSTPONE = """
UPDATE chats_outboxevent event
SET attempts = attempts + 1, reason = failed.reason,
    available_at = statement_timestamp() + interval '1 second' * 2 ^ (attempts + 1)
FROM unnest(%s::bigint[], %s::text[]) AS failed (id, reason) WHERE event.id = failed.id
"""

_log = logging.getLogger(__name__)


class Event(NamedTuple):
    """A row of the table, as plain text: nothing in it can fail to be read."""

    id: int
    room: str
    type: str | None
    message_id: str | None
    key: str
    attempts: int
    created_at: datetime


class FreshEvents:
    """Events that nobody has tried yet, oldest first.

    The entries of events that are gone stay in the index for as long as any transaction is older than they are. A
    cursor spares each look all of them but the last seconds'. What appears behind it is for `Stragglers`.
    """

    def __init__(self, interval: float) -> None:
        # Seconds between two looks when nothing is due.
        self.interval = interval
        self.cursor = _EPOCH
        self.reset()

    def rewind(self, to: datetime) -> None:
        """Goes back to events of that time."""
        self.cursor = min(self.cursor, to)

    def reset(self) -> None:
        """Begins with the oldest event again."""
        self.cursor = _EPOCH
        # The database's clock is what events carry; this process's own may go wrong.
        self._clock: tuple[datetime, float] | None = None

    def take(self, size: int, without: Collection[str] = ()) -> list[Event]:
        """Locks the next events that no other relay has locked, of any rooms but these."""
        now = self._now()
        due = OutboxEvent.objects.filter(processed=False, available_at=None, created_at__gte=self.cursor)
        events = _locked(due.exclude(chat_code__in=without) if without else due, size)
        if not without:
            seen = events[-1].created_at if len(events) == size else now
            self.cursor = max(self.cursor, seen - _MARGIN)
        return events

    def _now(self) -> datetime:
        if self._clock is None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT statement_timestamp()")
                self._clock = (cursor.fetchone()[0], monotonic())
        then, at = self._clock
        return then + timedelta(seconds=monotonic() - at)


class Stragglers:
    """Events to be tried again, and those that appear behind the cursor of the fresh ones.

    Whose transaction took long, or whose relay was killed. Finding them takes a look at all entries of the index,
    which is why it takes at most a twentieth of the time.
    """

    _SHORTEST_INTERVAL = 1.0
    _SHARE = 20

    def __init__(self, fresh: FreshEvents) -> None:
        self._fresh = fresh
        self.interval = self._SHORTEST_INTERVAL

    def rewind(self, to: datetime) -> None:
        """Nothing is remembered."""

    def reset(self) -> None:
        """Nothing is remembered."""

    def take(self, size: int, without: Collection[str] = ()) -> list[Event]:
        """Locks the oldest of them that no other relay has locked."""
        started = monotonic()
        late = Q(available_at=None, created_at__lt=self._fresh.cursor)
        due = OutboxEvent.objects.filter(
            late | Q(available_at__lte=Now()), processed=False, attempts__lt=MAX_ATTEMPTS
        ).exclude(chat_code__in=without)
        events = _locked(due, size)
        self.interval = max(self._SHORTEST_INTERVAL, self._SHARE * (monotonic() - started))
        return events


def _locked(due: "QuerySet[OutboxEvent]", size: int) -> list[Event]:
    columns = ("id", "chat_code", "type", "message_id", "deduplication_key", "attempts", "created_at")
    rows = due.annotate(type=KT("payload__type"), message_id=KT("payload__message_id")).values_list(*columns)
    return [Event(*row) for row in rows.order_by("created_at", "id").select_for_update(skip_locked=True)[:size]]


def settle(ids: Collection[int], retention: timedelta) -> None:
    """Notes that events were sent: deletes them, or marks them where they are kept for a while."""
    if not ids:
        return
    sent = OutboxEvent.objects.filter(pk__in=ids)
    if retention:
        sent.update(processed=True, processed_at=Now())
    else:
        sent.delete()


def lease(ids: Collection[int], term: timedelta) -> None:
    """Keeps events from other relays for such a time, after which any of them sends them."""
    OutboxEvent.objects.filter(pk__in=ids).update(available_at=Now() + term)


def postpone(failed: Collection[tuple[Event, BaseException]]) -> None:
    """Has events tried again after 2, 4, 8 … s, and sets each aside after its last attempt; says why.

    One statement, whatever their number: bad messages should cost the relay no more than good ones, which it deletes.
    """
    if not failed:
        return
    with connection.cursor() as cursor:
        cursor.execute(_POSTPONE, [[event.id for event, _ in failed], [_reason(error) for _, error in failed]])
    for event, error in failed:
        # Whoever sends bad messages should not fill the log with them.
        if event.attempts in (0, MAX_ATTEMPTS - 1):
            said = "failed" if event.attempts == 0 else "is set aside"
            # The end of a traceback: a deeply nested message makes one of a thousand lines.
            trace = "".join(traceback.format_exception(error, limit=-_TRACEBACK_LINES, chain=False))
            _log.warning("Outbox event %s (message %s) %s: %s", event.id, event.key, said, trace[-_TRACE_LENGTH:])


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")[:_REASON_LENGTH]


def set_aside() -> "QuerySet[OutboxEvent]":
    """Events that are tried no more."""
    return OutboxEvent.objects.filter(processed=False, attempts__gte=MAX_ATTEMPTS)


def lag() -> timedelta:
    """How long the oldest event waits that no relay has tried to send."""
    waiting = OutboxEvent.objects.filter(processed=False, attempts=0)
    age = ExpressionWrapper(Now() - Min("created_at"), output_field=DurationField())
    found: timedelta | None = waiting.aggregate(lag=age)["lag"]
    return max(found or timedelta(), timedelta())


class CleanUp:
    """Deletes sent events that are older than the retention, lowest ids first, a slice at a time."""

    def __init__(self, retention: timedelta) -> None:
        self._retention = retention
        # Of whatever is below, nothing is left, and the index still has it: see FreshEvents.
        self._from = 0

    def __call__(self) -> int:
        """Deletes the next slice, and says how many events it had."""
        sent = OutboxEvent.objects.filter(pk__gt=self._from, processed=True).order_by("id")
        oldest = set(sent.values_list("pk", flat=True)[:_CLEAN_UP_ROWS])
        old = OutboxEvent.objects.filter(pk__in=oldest, processed_at__lt=Now() - self._retention)
        ids = set(old.values_list("pk", flat=True))
        if ids:
            OutboxEvent.objects.filter(pk__in=ids).delete()
            self._from = min(oldest - ids, default=max(ids) + 1) - 1
        return len(ids)
