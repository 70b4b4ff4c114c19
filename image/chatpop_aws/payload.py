"""A room's message is unpacked once a process, handed to all of its sockets, and encoded as JSON once."""

import json
from types import ModuleType, SimpleNamespace
from typing import Any, NoReturn


class Payload(dict[str, Any]):
    """A part of a message that many sockets hold at once, and its JSON."""

    text: str | None = None

    def _shared(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this message is shared by all sockets of the room: change a copy of it, dict(message)")

    # A change would reach other clients, or none of them once the text is made.
    __setitem__ = __delitem__ = __ior__ = _shared
    clear = pop = popitem = setdefault = update = _shared


def share(message: dict[str, Any]) -> dict[str, Any]:
    """The message with its parts made safe to be shared."""
    return {key: Payload(value) if type(value) is dict else value for key, value in message.items()}


def encode_once(module: ModuleType) -> None:
    """Lets the consumer module's `json.dumps` look whether it has encoded the very same payload before."""
    dumps = module.json.dumps

    def dumps_once(value: Any, **options: Any) -> str:
        if type(value) is not Payload or options:
            text: str = dumps(value, **options)
            return text
        if value.text is None:
            value.text = dumps(value)
        return value.text

    module.json = SimpleNamespace(**{**vars(json), "dumps": dumps_once})  # type: ignore[attr-defined]
