"""Registry of messages that this process has just saved with an event in the outbox."""

from collections import OrderedDict
from typing import Any

# A message is announced by the process that has saved it, right after; one that was saved through REST, never.
_REMEMBERED = 10_000
_recorded: OrderedDict[str, None] = OrderedDict()


def recorded(message_id: str) -> None:
    """Notes that the relay will announce this message."""
    _recorded[message_id] = None
    if len(_recorded) > _REMEMBERED:
        _recorded.popitem(last=False)


def covered(event: dict[str, Any]) -> bool:
    """Whether the relay will announce the message of this channel event; says so once, and forgets the message."""
    message = event.get("message_data")
    if not isinstance(message, dict) or (key := str(message.get("id"))) not in _recorded:
        return False
    del _recorded[key]
    return True
