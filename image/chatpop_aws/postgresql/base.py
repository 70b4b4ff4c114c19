"""Keeps the task's connections open between two uses, and bounds their number.

Opening one costs more processor time than all else that a message needs of the database: TLS and SCRAM. Django's own
way, CONN_MAX_AGE, keeps one for each thread, of which there is a new one for each request. So Django closes its
connection after each piece of work, as the guide has it, and gets an open one of the task's few for the next.
"""

import select
import threading
import time
from collections import deque
from typing import Any

import psycopg2
from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

# Seconds. The proxy and firewalls on the way may forget a connection that is idle for longer.
_LONGEST_IDLE = 300
_PATIENCE = 10


class Pool:
    """Connections to one database. Nothing of a session is reset: nothing but transactions may be done with them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._free = threading.BoundedSemaphore(size)
        self._idle: deque[tuple[Any, float]] = deque()

    def take(self) -> Any | None:
        """A connection, or None if the caller is to open one; raises after 10 s in which none became free."""
        if not self._free.acquire(timeout=_PATIENCE):
            raise psycopg2.OperationalError(f"all {self._size} database connections of this task are in use")
        while self._idle:
            connection, since = self._idle.pop()
            if time.monotonic() - since < _LONGEST_IDLE and _silent(connection):
                return connection
            _close(connection)
        return None

    def forget(self) -> None:
        """Closes what is idle: after an error of one connection the others may lead to the same sick server."""
        while self._idle:
            _close(self._idle.pop()[0])

    def give(self, connection: Any | None) -> None:
        """Takes back a connection that may be used again, or None for one that may not."""
        if connection is not None:
            self._idle.append((connection, time.monotonic()))
        self._free.release()


def _silent(connection: Any) -> bool:
    """Whether the server has said nothing since: it speaks to an idle client only to end the connection."""
    if connection.closed:
        return False
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return not waiting.poll(0)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except psycopg2.Error:  # it is gone
        return


_pools: dict[tuple[Any, ...], Pool] = {}
_making = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that goes back to the pool when Django closes it, unless there was an error."""

    _spoilt = False
    _error = False

    @property
    def errors_occurred(self) -> bool:
        """Django's mark of an error. A rollback takes it away, also from a primary that has become a replica."""
        return self._error

    @errors_occurred.setter
    def errors_occurred(self, error: bool) -> None:
        self._error = error
        self._spoilt = self._spoilt or error

    @property
    def pool(self) -> Pool:
        """That of this process for the same server, database and user."""
        wanted = self.settings_dict
        key = tuple(wanted[name] for name in ("HOST", "PORT", "NAME", "USER"))
        with _making:
            return _pools.setdefault(key, Pool(wanted["POOL_SIZE"]))

    def get_new_connection(self, conn_params: Any) -> Any:
        """An open connection of the pool, or a new one."""
        self._spoilt = False
        pool = self.pool
        connection = pool.take()
        if connection is not None:
            self.isolation_level = psycopg2.extensions.ISOLATION_LEVEL_READ_COMMITTED
            return connection
        try:
            return super().get_new_connection(conn_params)
        except BaseException:
            pool.give(None)
            raise

    def close_if_unusable_or_obsolete(self) -> None:
        """After an error, closes whatever SELECT 1 would say: a primary that has become a replica answers that."""
        if self.errors_occurred and not self.in_atomic_block:
            self.close()
        else:
            super().close_if_unusable_or_obsolete()

    def _close(self) -> None:
        connection = self.connection
        if connection is None:
            return
        usable = not self._spoilt and not connection.closed
        if usable and connection.info.transaction_status == TRANSACTION_STATUS_IDLE:
            self.pool.give(connection)
        else:
            _close(connection)
            self.pool.give(None)
            self.pool.forget()

    def __del__(self) -> None:
        # A thread has ended without a word to Django.
        if self.connection is not None:
            self._spoilt = True
            self._close()
