"""How many frames a client may send (`CHATPOP_FRAME_RATE`)."""

from time import monotonic

# A client that was away sends what it has gathered at once.
_SECONDS_AT_ONCE = 10


class Allowance:
    """The frames of one socket: so many a second in the long run, and ten seconds' worth at once; 0 is any number."""

    __slots__ = ("_left", "_rate", "_since")

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._left = float(rate * _SECONDS_AT_ONCE)
        self._since = monotonic()

    def take(self) -> bool:
        """Counts a frame; False for one too many."""
        if not self._rate:
            return True
        now = monotonic()
        self._left = min(self._left + (now - self._since) * self._rate, float(self._rate * _SECONDS_AT_ONCE))
        self._since = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
