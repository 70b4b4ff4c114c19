"""The planner's figures say what the results say."""

import json
from pathlib import Path
from typing import Any

import pytest

from chatload.collect import GIVEN, MEASURED, FitError, measured, write

COST = {"daphne": (3.0, 0.1, 0.02), "uvicorn": (2.0, 0.05, 0.01)}
OUTBOX = 1.5
REDIS = {
    "date": "2026-11-30T00:00:00+00:00",
    "layer": "pubsub",
    "usersPerRoom": 50,
    "redis": [
        {"processes": processes, "milliseconds_per_message": each}
        for processes, each in ((25, 0.1), (25, 0.15), (40, 0.2))
    ],
}
LOADS = [(500, 10, 50, False), (500, 25, 20, False), (6_250, 25, 50, False), (2_000, 40, 50, True)]


def run(server: str, load: tuple[int, int, int, bool], **changes: Any) -> dict[str, Any]:
    """A result of a machine on which everything costs exactly what COST says."""
    sockets, rate, users, outbox = load
    message, frame, socket = COST[server]
    cost = message + users * frame + OUTBOX * outbox + sockets / rate * socket
    scenario = {"shape": "hold", "spread": False, "messages_per_second": rate, "duration": 60, "users_per_room": users}
    return {
        "date": "2026-11-30T00:00:00+00:00",
        "application": "ChatPop 3acf471",
        "server": server,
        "layer": "pubsub",
        "outbox": outbox,
        "variables": {},
        "sockets": sockets,
        "machine": {"model": "m", "cores": 2},
        "scenario": scenario | changes.pop("scenario", {}),
        "counts": {"lost": changes.pop("lost", 0)},
        "delivery": {"p50": 5, "p99": 10},
        "figures": {
            "cpuMillisecondsPerMessageWithPings": cost,
            "cpuMillisecondsPerConnect": sockets / 1000,
            "referenceMilliseconds": 4.0,
            "memoryMiB": 100 + sockets * 0.05,
        },
        **changes,
    }


def results(**more: dict[str, Any]) -> dict[str, dict[str, Any]]:
    runs = {f"{server}{n}": run(server, load) for server in COST for n, load in enumerate(LOADS)}
    return {"redis": REDIS, **runs, **more}


def of(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return measured(found, {"read": 31, "core": [{"tasks": t, "usersPerRoom": 50, "cpuPerMessage": t} for t in (2, 3)]})


def test_the_parts_of_a_message_are_found_again() -> None:
    found = of(results())
    for server, (message, frame, socket) in COST.items():
        parts = found["servers"][server]
        assert parts == pytest.approx({"message": message, "frame": frame, "socket": socket, "connect": 6.25})
    assert found["outbox"] == pytest.approx(OUTBOX)
    assert found["memory"] == pytest.approx({"process": 100, "socket": 0.05})
    assert len(found["runs"]) == len(LOADS) * len(COST)


def test_it_says_how_busy_the_machine_was() -> None:
    busy = run("uvicorn", LOADS[0])
    busy["figures"]["referenceMilliseconds"] = 9.0
    assert of(results(uvicorn0=busy))["machine"] == "m, 2 cores; loopback; reference 4.0 to 9.0 ms"


def test_what_says_nothing_of_a_message_does_not_count() -> None:
    odd: dict[str, dict[str, Any]] = {
        "lost": {"lost": 1},
        "storm": {"scenario": {"shape": "storm"}},
        "spread": {"scenario": {"spread": True}},
        "layer": {"layer": "core"},
        "standin": {"application": "stand-in"},
        "changed": {"variables": {"CHATPOP_DATABASE_CONNECTIONS": "0"}},
    }
    more = {name: run("daphne", LOADS[0], **changes) for name, changes in odd.items()}
    for each in more.values():
        each["figures"]["cpuMillisecondsPerMessageWithPings"] *= 9
    assert of(results(**more)) == of(results())


def test_redis_counts_by_its_dearest_message_on_the_average_of_results() -> None:
    other = {**REDIS, "redis": [{"processes": 25, "milliseconds_per_message": 0.19}]}
    found = [each for each in of(results(other=other))["redisRuns"] if each["layer"] == "pubsub"]
    assert [(each["tasks"], each["cpuPerMessage"]) for each in found] == [(25, 0.17), (40, 0.2)]


@pytest.mark.parametrize("left_out", ["uvicorn1", "daphne2"])
def test_too_few_runs_are_refused(left_out: str) -> None:
    few = {name: result for name, result in results().items() if name[-1] != "3" and name != left_out}
    with pytest.raises(FitError, match="needs runs of different rooms"):
        of(few)


def test_the_planners_file_is_what_the_committed_results_give(tmp_path: Path) -> None:
    assert GIVEN.exists()
    found = json.loads(write(target=tmp_path / "measured.json").read_text())
    assert found == json.loads(MEASURED.read_text())
