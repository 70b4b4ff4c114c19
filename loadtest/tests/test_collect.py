"""The planner's file says what the results say."""

import json
from pathlib import Path
from typing import Any

from chatload.collect import RESULTS, capacity, write


def result(fan_out: int, each: float, sockets: int = 100, **changes: Any) -> dict[str, Any]:
    figures = {
        "fanOut": fan_out,
        "cpuMillisecondsPerMessage": each,
        "redisMillisecondsPerMessage": each / 100,
        "databaseMillisecondsPerMessage": each / 10,
        "cpuMillisecondsPerConnect": sockets / 1000,
        "idleCorePer10000Sockets": 0.05,
        "bytesPerSocket": sockets * 10,
        "baseMemoryMiB": 100,
        "referenceMilliseconds": 7.0,
        "core": 0.3,
        "cpuMillisecondsPerMessageWithPings": each + 1,
        "memoryMiB": 200,
    }
    scenario = {
        "share": "large",
        "shape": "hold",
        "spread": False,
        "messages_per_second": 40,
        "duration": 60,
        "users_per_room": 50,
    }
    return {
        "date": "2026-11-30T00:00:00+00:00",
        "server": "daphne",
        "layer": "core",
        "outbox": False,
        "application": "stand-in",
        "sockets": sockets,
        "machine": {"model": "m"},
        "task": {"cpu": 512, "memory": 1024},
        "scenario": scenario | changes.pop("scenario", {}),
        "counts": {"lost": changes.pop("lost", 0)},
        "delivery": {"p50": 5, "p99": 10},
        "thresholds": [{"kept": True}],
        "figures": figures,
        **changes,
    }


def test_fan_outs_of_one_server_are_one_entry() -> None:
    entries = capacity({"a.json": result(20, 5.0), "b.json": result(50, 9.0, sockets=10_000)})["servers"]
    assert [entry["cpuMillisecondsPerMessage"] for entry in entries] == [{"20": 5.0, "50": 9.0}]
    assert (entries[0]["bytesPerSocket"], entries[0]["cpuMillisecondsPerConnect"]) == (100_000, 10)
    assert entries[0]["from"] == ["a.json", "b.json"]


def test_the_newest_run_counts() -> None:
    old, new = result(50, 9.0), result(50, 7.0, date="2026-12-01T00:00:00+00:00")
    for order in ({"a.json": old, "b.json": new}, {"a.json": new, "b.json": old}):
        assert capacity(order)["servers"][0]["cpuMillisecondsPerMessage"] == {"50": 7.0}


def test_servers_and_layers_stay_apart() -> None:
    results = {"a": result(50, 9.0), "b": result(50, 7.0, layer="pubsub"), "c": result(50, 6.0, server="uvicorn")}
    assert len(capacity(results)["servers"]) == 3


def test_overload_storms_and_spread_rooms_say_nothing_about_a_message() -> None:
    odd = {
        "a": result(50, 9.0, lost=1),
        "b": result(50, 9.0, scenario={"shape": "storm"}),
        "c": result(50, 9.0, scenario={"spread": True}),
    }
    content = capacity(odd)
    assert content["servers"] == []
    assert [run["lost"] for run in content["runs"]] == [1, 0, 0]


def test_redis_counts_by_its_dearest_message() -> None:
    shares = [{"processes": 25, "milliseconds_per_message": each} for each in (0.11, 0.15)]
    content = capacity({"r": {"date": "2026", "layer": "pubsub", "redis": shares}})
    assert content["redis"] == {"pubsub": [{"processes": 25, "millisecondsPerMessage": 0.15}]}


def test_the_committed_file_is_what_the_committed_results_give(tmp_path: Path) -> None:
    for file in RESULTS.glob("*.json"):
        (tmp_path / file.name).write_text(file.read_text())
    assert json.loads(write(tmp_path).read_text()) == json.loads((RESULTS / "capacity.json").read_text())
