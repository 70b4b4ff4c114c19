"""Sends reads that can bear its lag to the read replica (G-112, G-114, G-166, G-167)."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model

_reading_history: ContextVar[bool] = ContextVar("chatpop_aws_reading_history", default=False)


class ChatReadReplicaRouter:
    """Only models of `chats`, read with the hint `readonly=True` or for a room's history, go to the replica.

    A replica lags: what was just written may be missing there, so that everything else stays on the primary.
    """

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """`read_replica` for a read-only read of a chats model."""
        read_only = hints.get("readonly") or _reading_history.get()
        return "read_replica" if model._meta.app_label == "chats" and read_only else "default"

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Always the primary."""
        return "default"

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> bool:
        """Both aliases hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """A replica cannot be written; it gets the schema from the primary."""
        return db == "default"


@contextmanager
def reading_history() -> Iterator[None]:
    """Within this, chats models are read from the replica."""
    token = _reading_history.set(True)
    try:
        yield
    finally:
        _reading_history.reset(token)


def read_history_from_replica(view: Any) -> None:
    """Makes the view of a room's messages read them from the replica, as the guide asks of the application (G-114).

    Goes around `_fetch_from_db`, which returns plain data in both revisions, so no query runs after it is left.
    """
    fetch: Callable[..., Any] = view._fetch_from_db

    @functools.wraps(fetch)
    def fetch_from_replica(self: Any, *args: Any, **kwargs: Any) -> Any:
        with reading_history():
            return fetch(self, *args, **kwargs)

    view._fetch_from_db = fetch_from_replica
