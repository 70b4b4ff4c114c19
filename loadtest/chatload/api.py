"""The application's own API, as its frontend uses it: register, open a room, join, read the history."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

_PATIENCE = 60
# Names of consonants: the application reads digits as letters, and refuses words that it does not like.
_CONSONANTS = "bcdfghjkmn"


class RefusedError(Exception):
    """The application answered otherwise than with success."""


@dataclass
class Api:
    """One user's HTTP connection to the application.

    Args:
        url: Scheme, host and port.
    """

    url: str
    _session: requests.Session = field(default_factory=requests.Session)

    def register(self) -> str:
        """Becomes a registered user, who may open rooms, and gives the token for it."""
        name = secrets.token_hex(8)
        answer = self._post(
            "/api/auth/register/", {"email": f"{name}@loadtest.invalid", "password": secrets.token_hex(16)}
        )
        token: str = answer["token"]
        return token

    def open_room(self, name: str, token: str) -> str:
        """Opens a public room and gives its code."""
        body = {"name": name, "access_mode": "public"}
        code: str = self._post("/api/chats/create/", body, {"Authorization": f"Token {token}"})["code"]
        return code

    def join(self, code: str, number: int) -> str:
        """Joins as the anonymous user of this number, and gives the token for the socket.

        An address may bring three anonymous users into a room, so each user has one of its own: the application takes
        the first of X-Forwarded-For, which a load balancer leaves in its place.
        """
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        name = "".join(_CONSONANTS[int(digit)] for digit in str(number))
        body = {"username": f"crowd_{name}", "fingerprint": secrets.token_hex(16)}
        token: str = self._post(f"/api/chats/{code}/join/", body, {"X-Forwarded-For": address})["session_token"]
        return token

    def history(self, code: str) -> bytes:
        """The room's last messages, as they come."""
        answer = self._session.get(f"{self.url}/api/chats/{code}/messages/?limit=50", timeout=_PATIENCE)
        return answer.content if answer.ok else b""

    def _post(self, path: str, body: dict[str, str], headers: dict[str, str] | None = None) -> Any:
        answer = self._session.post(self.url + path, json=body, headers=headers, timeout=_PATIENCE)
        if not answer.ok:
            raise RefusedError(f"POST {path}: {answer.status_code} {answer.text[:200]}")
        return answer.json()


def socket_url(url: str, code: str, token: str) -> str:
    """Where a member of the room opens its socket."""
    scheme = "wss" if urlsplit(url).scheme == "https" else "ws"
    return f"{scheme}://{urlsplit(url).netloc}/ws/chat/{code}/?session_token={token}"
