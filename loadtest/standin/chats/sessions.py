"""Tokens with which members open their sockets, and the list of a room's members in Redis."""

from typing import Any

from django.core import signing
from django.core.cache import cache

_LIFE = 24 * 3600


class InvalidTokenError(Exception):
    """Not a token of this room."""


def _members(code: str) -> str:
    return f"chat_{code}_active_users"


def _add(code: str, username: str) -> None:
    members: set[str] = cache.get(_members(code), set())
    cache.set(_members(code), members | {username}, timeout=_LIFE)


def issue(code: str, username: str) -> str:
    """A token of one member of one room."""
    _add(code, username)
    return signing.dumps({"chat_code": code, "username": username, "user_id": None})


def validate(token: str, code: str, username: str | None = None) -> dict[str, Any]:
    """What a token says; raises InvalidTokenError when it is none of this room and member."""
    try:
        session: dict[str, Any] = signing.loads(token, max_age=_LIFE)
    except signing.BadSignature as error:
        raise InvalidTokenError from error
    if session["chat_code"] != code or (username and session["username"] != username):
        raise InvalidTokenError
    if session["username"] not in cache.get(_members(code), set()):
        _add(code, session["username"])
    return session
