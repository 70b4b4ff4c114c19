"""Tells what is the matter with a service from what is the matter with a message."""

from typing import Any

from channels.layers import get_channel_layer
from django.db import InterfaceError, InternalError, OperationalError, connection
from redis.exceptions import BusyLoadingError, ReadOnlyError, RedisError

from chatpop_aws.health import ping

# What a database or a Redis raises that is away, and sometimes one that is well: only asking it tells.
# InternalError is what a connection to the former primary says after a failover: it is read-only.
SERVICE_ERRORS = (OperationalError, InterfaceError, InternalError, RedisError, OSError, TimeoutError)
# Redis says these of itself, and answers a ping all the same.
_UNFIT = (ReadOnlyError, BusyLoadingError)


class OutageError(Exception):
    """A service does not answer, or takes no writes."""


async def check_redis(layer: Any = None) -> None:
    """Raises unless each Redis server of the channel layer answers."""
    layer = layer or get_channel_layer()
    for index in range(layer.ring_size):
        await ping(layer, index)


def check_database() -> None:
    """Raises unless the database answers and takes writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        if cursor.fetchone() != (False,):
            raise OutageError("the database is a replica")


def speaks_of_itself(error: BaseException) -> bool:
    """Whether the error is an outage even where the service answers."""
    return isinstance(error, (OutageError, *_UNFIT))
