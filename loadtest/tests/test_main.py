"""Exit codes and bounds: 0 kept, 99 broken, 2 wrong argument, 130 interrupted."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chatload import python
from chatload.main import arguments, main, scenario_of
from chatload.meter import Machine
from chatload.scenario import Scale, Scenario, ScenarioError

KEPT = {
    "counts": {
        "sent": 1200,
        "failedSends": 0,
        "expected": 12_000,
        "received": 12_000,
        "receivedLate": 0,
        "lost": 0,
        "duplicated": 0,
        "outOfOrder": 0,
        "foreign": 0,
        "unsent": 0,
    },
    "delivery": {"9": 12_000},
    "connect": {"5": 1000},
    "reconnected": {},
    "loopLag": {"1": 100},
    "refused": {},
    "closeCodes": {},
    "otherFrames": {},
    "sockets": 1000,
    "frames": 12_000,
    "bytesPerFrame": 491,
}
FIGURES = {
    "fanOut": 10,
    "cpuMillisecondsPerMessage": 5.0,
    "idleCorePer10000Sockets": 0.1,
    "baseMemoryMiB": 100,
    "bytesPerSocket": 50_000,
}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Replaces the servers and the crowd; gives what they would have found."""
    found = SimpleNamespace(results=[KEPT], error=None)

    class Run:
        machine, limit, events = Machine(2, "m", 0.0), "none", ["nothing"]

        def __init__(self, scenario: Scenario, setup: Any) -> None:
            found.scenario, found.setup = scenario, setup

        def run(self) -> Any:
            if found.error:
                raise found.error
            return found.results

        def html(self) -> str:
            return "<body></body>"

        def figures(self, _: Any) -> dict[str, float]:
            return FIGURES

    # Locust would change the sockets of this process.
    monkeypatch.setitem(sys.modules, "chatload.local", SimpleNamespace(Run=Run))
    monkeypatch.setattr(python, "for_application", lambda _: Path("python"))
    return found


def test_all_kept_is_0(run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", str(tmp_path / "r.json"), "--html", str(tmp_path / "r.html")]) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[:2] == ["THRESHOLDS", "  ✓ lost = 0                                     0"]
    assert any("NOT limited" in line for line in lines)
    outcome = json.loads((tmp_path / "r.json").read_text())
    assert all(each["kept"] for each in outcome["thresholds"])
    assert (outcome["server"], outcome["layer"], outcome["figures"]) == ("daphne", "pubsub", FIGURES)
    assert "THRESHOLDS" in (tmp_path / "r.html").read_text()
    assert run.scenario.sockets == 1000


@pytest.mark.parametrize(
    "change",
    [
        {"counts": {"lost": 1}},
        {"counts": {"duplicated": 1}},
        {"counts": {"outOfOrder": 1}},
        {"counts": {"sent": 600}},
        {"delivery": {"1100": 12_000}},
        {"connect": {"2100": 1000}},
        {"refused": {"HTTP 503": 1}},
        {"closeCodes": {"1006": 1}},
        {"loopLag": {"150": 100}},
        {"otherFrames": {"error": 1}},
    ],
)
def test_any_broken_one_is_99(run: Any, change: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    counts = KEPT["counts"] | change.get("counts", {})  # type: ignore[operator]
    run.results = [{**KEPT, **change, "counts": counts}]
    assert main([]) == 99
    assert sum("✗" in line for line in capsys.readouterr().out.splitlines()) == 1


def test_a_run_without_result_is_1_and_an_interrupted_one_130(run: Any) -> None:
    run.results = []
    assert main([]) == 1
    run.error = KeyboardInterrupt()
    assert main([]) == 130


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--share", "huge"], "share huge: allowed small, medium, large"),
        (["--rooms", "1000000"], "rooms 1e+06: allowed 1 to 300000"),
        (["--rooms", "1000", "--users", "1000"], "rooms x users 1e+06: allowed 1 to 300000"),
        (["--rate", "6000"], "rate 6000: allowed 0 to 5000"),
        (["--duration", "7200"], "duration 7200: allowed 0.5 to 3600"),
        (["--ramp", "0"], "ramp 0: allowed 1 to 10000"),
    ],
)
def test_what_no_run_can_have_is_2(run: Any, words: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert why in capsys.readouterr().err


@pytest.mark.parametrize(
    ("scale", "rooms", "users", "rate"), [("small", 100, 10, 20), ("medium", 250, 20, 50), ("large", 200, 50, 40)]
)
def test_g182_a_share_is_what_falls_to_a_task(scale: str, rooms: int, users: int, rate: float) -> None:
    share = Scale.read(scale).share()
    assert share.sockets >= 1_000
    assert (share.rooms, share.users_per_room, share.messages_per_second) == (rooms, users, rate)


def test_spread_rooms_are_the_same_sockets_and_frames_but_more_messages() -> None:
    scale = Scale.read("large")
    share, spread = scale.share(), scale.spread()
    assert spread.sockets == share.sockets
    frames = (spread.messages_per_second + spread.elsewhere) * spread.users_per_room
    assert frames == share.messages_per_second * share.users_per_room
    assert spread.elsewhere > 20 * share.messages_per_second


def test_a_surge_ends_at_the_whole_share() -> None:
    scale = Scale.read("large")
    scenario = scenario_of(arguments(["--share", "large", "--shape", "surge"]), scale)
    assert scenario.surge is not None
    assert scenario.sockets + scenario.surge.sockets == scale.share().sockets
    assert scenario.surge.messages_per_second == scale.share().messages_per_second


def test_an_order_survives_json() -> None:
    scenario = scenario_of(arguments(["--shape", "surge"]), Scale.read("small"))
    assert Scenario.of_json(json.loads(json.dumps(scenario.as_json()))) == scenario
    with pytest.raises(ScenarioError):
        Scenario(1, 1, 1, shape="unknown")


def test_no_checkout_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no ChatPop checkout"):
        python.backend(tmp_path)
