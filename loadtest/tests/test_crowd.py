"""The crowd counts what a server really did, over real sockets, and the run is judged by it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chatload import reception
from chatload.crowd import Crowd
from chatload.scenario import Scenario, Surge
from chatload.thresholds import thresholds
from scripted import Script, ScriptedServer, faithful

SCENARIO = Scenario(
    rooms=2, users_per_room=3, messages_per_second=100, duration=0.5, ramp=1_000, idle=0, settle=5, base=0, joins=1
)


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Runs a scenario against a scripted server and gives the crowd's result."""
    monkeypatch.setattr(reception, "_HISTORY_PAUSE", 0.1)

    def run(script: Script = faithful, scenario: Scenario = SCENARIO, **options: Any) -> dict[str, Any]:
        with ScriptedServer(script, **options) as server:
            address = f"ws://127.0.0.1:{server.port}/ws/chat"
            monkeypatch.setattr(reception, "socket_url", lambda _, code, __: f"{address}/{code}/?session_token=t")
            said: list[Any] = []
            asyncio.run(Crowd(scenario, [server.url], None, said.append).run())
            assert [each["phase"] for each in said if "phase" in each][-1] == "leave"
            result: dict[str, Any] = said[-1]["result"]
            assert result["counts"]["sent"] == server.messages
        return result

    return run


def broken(result: dict[str, Any], scenario: Scenario = SCENARIO) -> set[str]:
    """The broken conditions, but for those that a busy machine breaks."""
    names = (each.condition for each in thresholds(scenario, result, 5_000) if not each.kept)
    return {name.split(" = ")[0].split(" ≤ ")[0] for name in names if " p9" not in name and "offered" not in name}


def test_a_faithful_server_breaks_no_threshold(live: Callable[..., dict[str, Any]]) -> None:
    result = live()
    counts = result["counts"]
    assert counts["received"] == counts["expected"] == 3 * counts["sent"] > 0
    assert broken(result) == set()


def test_dropped_frames_are_lost(live: Callable[..., dict[str, Any]]) -> None:
    def forgetful(number: int, readers: int, text: str) -> list[tuple[int, str]]:
        return [(reader, text) for reader in range(readers) if reader or number % 5]

    result = live(forgetful, replace(SCENARIO, settle=1))
    counts = result["counts"]
    assert counts["lost"] == counts["sent"] // 5 > 0
    assert broken(result) == {"lost"}


def test_repeated_frames_are_duplicated(live: Callable[..., dict[str, Any]]) -> None:
    def stammering(number: int, readers: int, text: str) -> list[tuple[int, str]]:
        return [(reader, text) for reader in range(readers)] + [(0, text)] * (number % 2)

    result = live(stammering)
    assert result["counts"]["duplicated"] == (result["counts"]["sent"] + 1) // 2
    assert broken(result) == {"duplicated"}


def test_frames_that_change_places_are_out_of_order(live: Callable[..., dict[str, Any]]) -> None:
    kept: dict[str, str] = {}

    def late_for_the_last(_: int, readers: int, text: str) -> list[tuple[int, str]]:
        # The others have it at once; the last one after it has the next.
        room = text.split("~")[2]
        before = kept.pop(room, None)
        if before is None:
            kept[room] = text
            return [(reader, text) for reader in range(readers - 1)]
        return [(reader, text) for reader in range(readers)] + [(readers - 1, before)]

    result = live(late_for_the_last, replace(SCENARIO, settle=1))
    assert result["counts"]["outOfOrder"] > 0
    assert {"out of order"} <= broken(result) <= {"out of order", "lost"}


def test_a_message_in_the_wrong_room_is_foreign(live: Callable[..., dict[str, Any]]) -> None:
    def leaking(_: int, readers: int, text: str) -> list[tuple[int, str]]:
        run, room, *rest = text.split("~")[1:]
        other = "~".join(["lt", run, str(1 - int(room)), *rest])
        return [(reader, text) for reader in range(readers)] + [(0, other)]

    assert broken(live(leaking)) == {"messages of other rooms"}


def test_errors_instead_of_messages(live: Callable[..., dict[str, Any]]) -> None:
    result = live(lambda _, __, ___: [(0, "Failed to send message")], replace(SCENARIO, settle=1))
    assert {"lost", "errors instead of messages", "received something"} <= broken(result)


def test_whoever_is_cut_off_comes_back_and_reads_what_it_missed(live: Callable[..., dict[str, Any]]) -> None:
    scenario = replace(SCENARIO, duration=3.0, settle=10, shape="deploy")
    result = live(scenario=scenario, cut=(50, 4321))
    counts = result["counts"]
    assert result["closeCodes"] == {4321: 6}
    assert sum(result["reconnected"].values()) == 6
    assert counts["receivedLate"] > 0
    assert counts["lost"] == 0
    assert broken(result, scenario) == set()
    assert "connections that ended" in broken(result)


def test_whoever_is_refused_tries_again(live: Callable[..., dict[str, Any]]) -> None:
    result = live(refuse=4)
    assert result["refused"] == {"HTTP 503": 4}
    assert result["sockets"] == sum(result["connect"].values()) == 6
    assert broken(result) == {"connects refused"}


def test_a_surge_brings_people(live: Callable[..., dict[str, Any]]) -> None:
    scenario = replace(SCENARIO, duration=1, shape="surge", surge=Surge(10, 0.2, 200))
    result = live(scenario=scenario)
    assert result["sockets"] == 16
    assert result["counts"]["sent"] > 120
    assert broken(result, scenario) == set()
