"""Sends reads that can bear its lag to the read replicas (G-112, G-114, G-166, G-167)."""

import functools
import json
import logging
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import Error, connections
from django.db.models import Model

from chatpop_aws.database_settings import ALIAS
from chatpop_aws.log_settings import METRICS

# Seconds for which a replica that has failed is left alone: each try may take as long as its connect time-out.
_REST = 5.0

_history: ContextVar[str | None] = ContextVar("chatpop_aws_history", default=None)
_log = logging.getLogger(__name__)
_metrics = logging.getLogger(METRICS)


class Replicas:
    """Those that answer, and how many reads of a history have gone to the primary for want of one."""

    def __init__(self) -> None:
        self._resting_until: dict[str, float] = {}
        self._fallbacks = 0
        self._lock = threading.Lock()

    def awake(self) -> list[str]:
        """The replicas that have not just failed, in any order, so that all get their share."""
        now = monotonic()
        aliases = [each for each in settings.DATABASES if each.startswith(ALIAS)]
        found = [each for each in aliases if self._resting_until.get(each, now) <= now]
        random.shuffle(found)
        return found

    def failed(self, alias: str, error: Exception) -> None:
        """Leaves a replica alone for a while."""
        self._resting_until[alias] = monotonic() + _REST
        connections[alias].close()
        _log.warning("%s rests for %.0f s: %s", alias, _REST, str(error).strip() or repr(error))

    def fell_back(self) -> None:
        """Counts a read that the primary answers instead."""
        with self._lock:
            self._fallbacks += 1

    def report(self) -> None:
        """Says how many there were since the last time, if any: CloudWatch makes a metric of it."""
        with self._lock:
            count, self._fallbacks = self._fallbacks, 0
        if count:
            _metrics.info(json.dumps({"replicaFallbacks": count}))


replicas = Replicas()


class ChatReadReplicaRouter:
    """Only models of `chats`, read with the hint `readonly=True` or for a room's history, go to a replica.

    A replica lags: what was just written may be missing there, so that everything else stays on the primary.
    """

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """A replica for a read-only read of a chats model, if there is one that answers."""
        if model._meta.app_label != "chats":
            return "default"
        if alias := _history.get():
            return alias
        return next(iter(replicas.awake()), "default") if hints.get("readonly") else "default"

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Always the primary."""
        return "default"

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> bool:
        """All aliases hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """A replica cannot be written; it gets the schema from the primary."""
        return db == "default"


@contextmanager
def reading_history(alias: str = ALIAS) -> Iterator[None]:
    """Within this, chats models are read from the replica."""
    token = _history.set(alias)
    try:
        yield
    finally:
        _history.reset(token)


def read_history_from_replica(view: Any) -> None:
    """Makes the view of a room's messages read them from a replica, as the guide asks of the application (G-114).

    Goes around `_fetch_from_db`, which returns plain data in both revisions, so no query runs after it is left. It only
    reads, so that it can begin again: when a replica is away, cancels a query that is in the way of its recovery, or
    has not got the schema yet, the next one is asked, and at last the primary.
    """
    fetch: Callable[..., Any] = view._fetch_from_db

    @functools.wraps(fetch)
    def fetch_from_replica(self: Any, *args: Any, **kwargs: Any) -> Any:
        for alias in replicas.awake():
            try:
                with reading_history(alias):
                    found = fetch(self, *args, **kwargs)
            except Error as error:
                replicas.failed(alias, error)
            else:
                replicas.report()
                return found
        replicas.fell_back()
        replicas.report()
        return fetch(self, *args, **kwargs)

    view._fetch_from_db = fetch_from_replica
