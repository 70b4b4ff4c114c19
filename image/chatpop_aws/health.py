"""`/healthz`: the load balancer's and the container's health check."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.decorators import async_only_middleware

from chatpop_aws import socket_check

PATH = "/healthz"
_TIMEOUT = 3.0
_REMEMBERED = 5.0

_log = logging.getLogger(__name__)


@async_only_middleware
def health(
    get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], Awaitable[HttpResponseBase]]:
    """Answers /healthz for any Host header: the load balancer's is the task's address (GAP-1).

    It looks at nothing outside this process. Were it to ask the database, a failing database would take every task
    out of service at once, and ECS would replace them for ever. `/healthz?deep` asks, for people and monitors.
    """
    examine = _Remembering(_examine)

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path != PATH:
            return await get_response(request)
        response: HttpResponse
        if "deep" in request.GET:
            states = await examine()
            response = JsonResponse(states, status=200 if set(states.values()) == {"ok"} else 503)
            response[socket_check.HEADER] = socket_check.VALUE
        else:
            response = HttpResponse("ok", content_type="text/plain")
        response["Cache-Control"] = "no-store"
        return response

    return middleware


class _Remembering:
    """Calls a function at most once in a few seconds: anybody may ask, and every answer costs connections."""

    def __init__(self, function: Callable[[], Awaitable[dict[str, str]]]) -> None:
        self._function = function
        self._asking = asyncio.Lock()
        self._result: dict[str, str] = {}
        self._expiry = 0.0

    async def __call__(self) -> dict[str, str]:
        async with self._asking:
            if time.monotonic() >= self._expiry:
                self._result = await self._function()
                self._expiry = time.monotonic() + _REMEMBERED
            return self._result


async def _examine() -> dict[str, str]:
    """The state of each service that the application needs: `ok` or `failed`."""
    checks = {f"database {alias}": _query(alias) for alias in connections}
    layer = get_channel_layer()
    # The core layer has a connection for each server, which the pub/sub layer asks itself.
    ping = getattr(layer, "ping", None) or (lambda index: layer.connection(index).ping())
    checks |= {f"redis {index}": ping(index) for index in range(layer.ring_size)}
    states = await asyncio.gather(*(_state(name, check) for name, check in checks.items()))
    return dict(zip(checks, states, strict=True))


async def _state(name: str, check: Awaitable[object]) -> str:
    try:
        await asyncio.wait_for(check, _TIMEOUT)
    except Exception as error:  # whatever goes wrong is the answer
        _log.warning("%s does not answer: %r", name, error)
        return "failed"
    return "ok"


async def _query(alias: str) -> None:
    def query() -> None:
        connection = connections[alias]
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        finally:
            connection.close()

    # Not in the thread that all synchronous code of the process shares: a hanging database must not block that.
    await sync_to_async(query, thread_sensitive=False)()
