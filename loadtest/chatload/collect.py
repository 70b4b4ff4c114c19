"""`results/capacity.json`: the figures of all committed results in one small file, for the planner."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parents[1] / "results"
_CAPACITY = "capacity.json"
_KEY = ("server", "layer", "outbox", "application")
# They do not depend on the fan-out, so that the run with the most sockets knows them best.
_OF_SOCKETS = ("cpuMillisecondsPerConnect", "idleCorePer10000Sockets", "bytesPerSocket", "baseMemoryMiB")


def capacity(results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The file's content.

    Args:
        results: Results by file name.
    """
    newest_first = sorted(results.items(), key=lambda item: item[1]["date"], reverse=True)
    groups: dict[tuple[Any, ...], list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for name, result in newest_first:
        if "figures" in result and _is_figure(result):
            groups[tuple(result[key] for key in _KEY)].append((name, result))
    return {
        "schema": 1,
        "servers": [_entry(key, runs) for key, runs in sorted(groups.items())],
        "redis": {
            result["layer"]: _redis(result["redis"]) for _, result in reversed(newest_first) if "redis" in result
        },
        "runs": [_run(name, result) for name, result in sorted(results.items()) if "scenario" in result],
    }


def _is_figure(result: dict[str, Any]) -> bool:
    # A task that is overloaded or whose rooms are elsewhere too says something else about a message.
    scenario = result["scenario"]
    return bool(scenario["shape"] == "hold" and not scenario["spread"] and result["counts"]["lost"] == 0)


def _entry(key: tuple[Any, ...], runs: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    messages: dict[str, float] = {}
    redis: dict[str, float] = {}
    database: dict[str, float] = {}
    used: set[str] = set()
    for name, result in runs:
        figures = result["figures"]
        fan_out = str(figures["fanOut"])
        if fan_out not in messages:
            messages[fan_out] = figures["cpuMillisecondsPerMessage"]
            redis[fan_out] = figures["redisMillisecondsPerMessage"]
            database[fan_out] = figures["databaseMillisecondsPerMessage"]
            used.add(name)
    name, most = max(runs, key=lambda run: run[1]["sockets"])
    return {
        **dict(zip(_KEY, key, strict=True)),
        "cpuMillisecondsPerMessage": messages,
        "databaseMillisecondsPerMessage": database,
        "redisMillisecondsPerMessage": redis,
        **{figure: most["figures"][figure] for figure in _OF_SOCKETS},
        "referenceMilliseconds": most["figures"]["referenceMilliseconds"],
        "machine": most["machine"]["model"],
        "from": sorted(used | {name}),
    }


def _redis(shares: list[dict[str, Any]]) -> list[dict[str, float]]:
    """The dearest message of each number of processes."""
    dearest: dict[int, float] = {}
    for share in shares:
        each = share["milliseconds_per_message"]
        dearest[share["processes"]] = max(each, dearest.get(share["processes"], 0))
    return [{"processes": count, "millisecondsPerMessage": value} for count, value in sorted(dearest.items())]


def _run(name: str, result: dict[str, Any]) -> dict[str, Any]:
    """What a task was asked to hold, and what became of it."""
    scenario, figures = result["scenario"], result["figures"] or {}
    return {
        "file": name,
        **{key: result[key] for key in _KEY},
        "share": scenario["share"],
        "shape": scenario["shape"],
        "spread": scenario["spread"],
        "sockets": result["sockets"],
        "messagesPerSecond": scenario["messages_per_second"],
        "usersPerRoom": scenario["users_per_room"],
        "seconds": scenario["duration"],
        "cpuUnits": result["task"]["cpu"],
        "memoryLimit": result["task"]["memory"],
        "cpuPerMessage": figures.get("cpuMillisecondsPerMessageWithPings"),
        "core": figures.get("core"),
        "memory": figures.get("memoryMiB"),
        "lost": result["counts"]["lost"],
        "p50": result["delivery"]["p50"],
        "p99": result["delivery"]["p99"],
        "kept": all(threshold["kept"] for threshold in result["thresholds"]),
    }


def write(folder: Path = RESULTS) -> Path:
    """Writes the file anew from all results beside it."""
    files = sorted(file for file in folder.glob("*.json") if file.name != _CAPACITY)
    content = capacity({file.name: json.loads(file.read_text()) for file in files})
    target = folder / _CAPACITY
    target.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return target
