"""The cookie that makes the load balancer's application-cookie stickiness engage (G-55, GAP-21)."""

import os
import secrets
from collections.abc import Awaitable, Callable
from typing import Literal

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import async_only_middleware

COOKIE = "chatpop_affinity"
# As long as the load balancer's own cookie: stickiness ends when either is gone, and begins when this one is set.
MAX_AGE = 86_400


def same_site(is_secure: bool) -> Literal["Lax", "None"]:
    """Whether browsers send the cookie from other sites' pages: where a frontend is hosted elsewhere.

    They refuse such a cookie that is not Secure.
    """
    return "None" if is_secure and os.environ.get("CHATPOP_SAME_SITE") == "None" else "Lax"


@async_only_middleware
def affinity(
    get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], Awaitable[HttpResponseBase]]:
    """Gives every client that has none a cookie of random content, which nobody reads.

    The load balancer adds its own cookie beside it. The client sends both when it opens a WebSocket, which so reaches
    the task that answered its first request.
    """

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        response = await get_response(request)
        if COOKIE not in request.COOKIES:
            response.set_cookie(
                COOKIE,
                secrets.token_urlsafe(16),
                max_age=MAX_AGE,
                httponly=True,
                samesite=same_site(request.is_secure()),
                secure=request.is_secure(),
            )
        return response

    return middleware
