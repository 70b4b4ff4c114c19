"""What sockets of a room share: one object, one text, and no way to change it for the others."""

import json
from types import ModuleType, SimpleNamespace

import pytest

from chatpop_aws.payload import encode_once, share


def consumers() -> tuple[ModuleType, list[object]]:
    """A module that uses `json` as the application's does, and what it has encoded."""
    encoded: list[object] = []

    def dumps(value: object, **options: object) -> str:
        encoded.append(value)
        return json.dumps(value, **options)  # type: ignore[arg-type]

    module = ModuleType("consumers")
    module.json = SimpleNamespace(dumps=dumps, loads=json.loads)  # type: ignore[attr-defined]
    encode_once(module)
    return module, encoded


def test_a_rooms_message_is_encoded_once() -> None:
    module, encoded = consumers()
    message = share({"type": "chat_message", "message_data": {"content": "hello"}})
    texts = [module.json.dumps(message["message_data"]) for _ in range(50)]
    assert set(texts) == {'{"content": "hello"}'}
    assert len(encoded) == 1


def test_all_else_is_encoded_as_ever() -> None:
    module, encoded = consumers()
    mine = {"error": "no"}
    assert module.json.dumps(mine) == '{"error": "no"}'
    mine["error"] = "yes"
    assert module.json.dumps(mine) == '{"error": "yes"}'
    part = share({"a": {"b": 1}})["a"]
    assert module.json.dumps(part, separators=(",", ":")) == '{"b":1}'
    assert module.json.loads("[1]") == [1]
    assert len(encoded) == 3


def test_a_change_for_one_socket_is_refused() -> None:
    part = share({"a": {"b": 1}})["a"]
    with pytest.raises(TypeError, match=r"dict\(message\)"):
        part["b"] = 2
    with pytest.raises(TypeError):
        part.pop("b")
    assert dict(part) | {"b": 2} == {"b": 2}
