"""Bounds the requests that a task works on at once: each takes a thread, a connection, and the time of the sockets."""

import asyncio
from collections.abc import Awaitable, Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import async_only_middleware

# Seconds that a request waits for its turn.
_PATIENCE = 20


@async_only_middleware
def turns(
    get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], Awaitable[HttpResponseBase]]:
    """Lets the others wait, in the order in which they came; 503 with Retry-After for one that waits too long."""
    free = asyncio.Semaphore(settings.REQUESTS_AT_ONCE)

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        try:
            await asyncio.wait_for(free.acquire(), _PATIENCE)
        except TimeoutError:
            return HttpResponse("busy", status=503, headers={"Retry-After": "5"}, content_type="text/plain")
        try:
            return await get_response(request)
        finally:
            free.release()

    return middleware
