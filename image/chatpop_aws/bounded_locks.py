"""Locks that a migration waits for: briefly, again and again, and not for ever.

`ALTER TABLE` that waits behind one open transaction makes every later reader of the table wait behind itself. So each
wait is short, and between two of them the readers that have queued up go first.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

from django.db import DatabaseError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

# Seconds.
DEFAULT_LOCK_TIMEOUT = 2.0
_LONGEST_PAUSE = 15.0
_LONGEST_LOOK = 0.5
# SQLSTATE: the lock was not available in time; two transactions waited for each other.
_LOCK_FAILURES = {"55P03", "40P01"}
# These hold up no reader and no writer while they wait, and leave an INVALID index behind when they are cut off.
_CONCURRENTLY = re.compile(r"\s*(CREATE|DROP|REINDEX)\b.*\bCONCURRENTLY\b", re.IGNORECASE | re.DOTALL)
_LOCK_TIMEOUT = "SELECT setting::float8 / 1000 FROM pg_settings WHERE name = 'lock_timeout'"
_INVALID_INDEXES = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1"
_BLOCKERS = """
    SELECT b.pid, concat_ws(', ', 'user ' || a.usename, 'application ' || nullif(a.application_name, ''),
        nullif(a.backend_type, 'client backend'),
        a.state || ' for ' || round(extract(epoch FROM clock_timestamp() -
            CASE a.state WHEN 'active' THEN a.query_start ELSE a.state_change END)) || ' s',
        'its transaction open for ' || round(extract(epoch FROM clock_timestamp() - a.xact_start)) || ' s')
    FROM (SELECT DISTINCT unnest(pg_blocking_pids(%s))) AS b(pid) LEFT JOIN pg_stat_activity a USING (pid)
    -- A session that waits for a lock itself is rarely the cause: last.
    ORDER BY a.wait_event_type IS NOT DISTINCT FROM 'Lock', a.xact_start LIMIT 5"""


class GaveUpError(Exception):
    """A lock was not to be had; the message says why, and what to do."""


@dataclass
class BoundedLocks:
    """Bounds each wait of a connection for a lock, and tries again while patience lasts.

    The bound is the session's `lock_timeout` (`PGOPTIONS="-c lock_timeout=2s"`), or 2 s where it has none.
    """

    connection: BaseDatabaseWrapper
    # Seconds for which one lock is tried for, waits and pauses together.
    patience: float
    say: Callable[[str], object]
    _lock_timeout: float = DEFAULT_LOCK_TIMEOUT
    _tries: int = 0
    _since: float = 0
    # As text, by process.
    _blockers: dict[int, str] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "BoundedLocks":
        """Bounds the session that there is, and those that follow it."""
        self.connection.ensure_connection()
        self._bound(self.connection)
        connection_created.connect(self._bound)
        self._wrapper = self.connection.execute_wrapper(self._execute)
        self._wrapper.__enter__()
        threading.Thread(target=self._watch, name="blockers", daemon=True).start()
        return self

    def __exit__(self, *error: Any) -> None:
        """Leaves no bounded session to other work in this process."""
        self._over.set()
        self._wrapper.__exit__(*error)
        connection_created.disconnect(self._bound)
        self.connection.close()

    def succeeded(self) -> None:
        """The lock was taken: the next one is tried for with full patience."""
        self._tries, self._blockers = 0, {}

    def pause(self, error: DatabaseError, consequence: str) -> None:
        """Waits before the next try; raises the error if it is about no lock, and gives up when patience is over."""
        if not self._tries:
            self._since = monotonic() - self._lock_timeout
        self._tries += 1
        pause = min(self._lock_timeout * 2**self._tries, _LONGEST_PAUSE)
        if monotonic() - self._since + pause > self.patience:
            self.give_up(error, consequence)
        _assert_about_lock(error)
        self.say(f"Waiting for a lock, behind {self._names()}; next try in {pause:g} s")
        sleep(pause)

    def give_up(self, error: DatabaseError, consequence: str) -> None:
        """Raises the error if it is about no lock, otherwise GaveUpError that names who holds it."""
        _assert_about_lock(error)
        tries = f"; tried {self._tries} times, each for {self._lock_timeout:g} s at most" if self._tries else ""
        raise GaveUpError(f"A lock was not to be had{tries}.\n{self._remedy()}\n{consequence}") from error

    def _bound(self, connection: BaseDatabaseWrapper, **_: Any) -> None:
        """Sets up a new session."""
        with connection.cursor() as cursor:
            cursor.execute(_LOCK_TIMEOUT)
            self._lock_timeout = cursor.fetchone()[0] or DEFAULT_LOCK_TIMEOUT
            _set_lock_timeout(cursor, self._lock_timeout)
            # A data migration may compute between two statements for longer than the server allows everybody.
            cursor.execute("SET idle_in_transaction_session_timeout = 0")
        if connection is self.connection:
            self._pid = connection.connection.info.backend_pid

    def _execute(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Runs a statement; one that is a transaction of its own is tried again by itself."""
        if self.connection.in_atomic_block:
            return execute(sql, params, many, context)
        if _CONCURRENTLY.match(str(sql)):
            return self._execute_concurrently(execute, sql, params, many, context)
        waited = False
        while True:
            try:
                result = execute(sql, params, many, context)
            except OperationalError as error:
                self.pause(error, "The statements before it stay applied.")
                waited = True
            else:
                if waited:
                    self.succeeded()
                return result

    def _execute_concurrently(self, execute: Callable[..., Any], *statement: Any) -> Any:
        with self.connection.connection.cursor() as session:
            _set_lock_timeout(session, self.patience)
            try:
                return execute(*statement)
            except OperationalError as error:
                session.execute(_INVALID_INDEXES)
                drops = "; ".join(f"DROP INDEX CONCURRENTLY {name}" for (name,) in session.fetchall())
                return self.give_up(error, f"Drop what it left INVALID before it is run again: {drops or 'nothing'}.")
            finally:
                _set_lock_timeout(session, self._lock_timeout)

    def _watch(self) -> None:
        """Sees who blocks while it lasts: a statement that has failed waits for nobody any more."""
        observer = self.connection.copy()
        try:
            while not self._over.wait(min(self._lock_timeout / 4, _LONGEST_LOOK)):
                with observer.cursor() as cursor:
                    cursor.execute(_BLOCKERS, [self._pid])
                    self._blockers = dict(cursor.fetchall()) or self._blockers
        except DatabaseError as error:
            self.say(f"Who holds a lock will not be named: {error}")
        finally:
            observer.close()

    def _names(self) -> str:
        names = [f"backend {pid} ({who})" if who else f"backend {pid}" for pid, who in self._blockers.items()]
        return " and ".join(names) or "a session that was not seen"

    def _remedy(self) -> str:
        if not self._blockers:
            return "Who held it was not seen; run it again."
        ends = "; ".join(f"SELECT pg_terminate_backend({pid})" for pid in self._blockers)
        return f"In the way: {self._names()}.\nEnd that transaction ({ends}), or wait for its end; then run it again."


def _assert_about_lock(error: DatabaseError) -> None:
    cause = error.__cause__
    if (getattr(cause, "pgcode", None) or getattr(cause, "sqlstate", None)) not in _LOCK_FAILURES:
        raise error


def _set_lock_timeout(cursor: Any, seconds: float) -> None:
    cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{round(seconds * 1000)}ms"])
