"""Distinguishes a fault of a service from a fault of a message."""

from typing import Any

from django.db import InterfaceError, InternalError, OperationalError, connection
from redis.exceptions import BusyLoadingError, ReadOnlyError, RedisError

# Errors of an absent database or Redis. A healthy one raises them too at times, so a query must decide.
# InternalError comes from a connection to the former primary after a failover: it accepts no writes.
SERVICE_ERRORS = (OperationalError, InterfaceError, InternalError, RedisError, OSError, TimeoutError)
# A Redis that is not fit answers a ping all the same.
_UNFIT = (ReadOnlyError, BusyLoadingError)


class OutageError(Exception):
    """A service does not answer, or takes no writes."""


async def check_redis(layer: Any, error: BaseException | None = None) -> None:
    """Raises unless each Redis server of the channel layer is well, or when the error says that one is not."""
    if isinstance(error, _UNFIT):
        raise OutageError(str(error)) from error
    ping = getattr(layer, "ping", None) or (lambda index: layer.connection(index).ping())
    for index in range(layer.ring_size):
        await ping(index)


def check_database() -> None:
    """Raises unless the database answers and takes writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        if cursor.fetchone() != (False,):
            raise OutageError("the database takes no writes")
