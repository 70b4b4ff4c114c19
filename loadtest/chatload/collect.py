"""`stacks/measured.json`: what the planner counts with, fitted to the committed results."""

import json
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy

_FOLDER = Path(__file__).parents[1]
RESULTS = _FOLDER / "results"
MEASURED = _FOLDER.parent / "stacks" / "measured.json"
GIVEN = _FOLDER / "given.json"
_OF_SERVER = ("message", "frame", "socket")


class FitError(ValueError):
    """Results that do not say what the planner asks."""


def measured(results: dict[str, dict[str, Any]], given: dict[str, Any]) -> dict[str, Any]:
    """The file's content.

    Args:
        results: Results by file name.
        given: What the load test does not measure (`given.json`).
    """
    runs = {name: result for name, result in sorted(results.items()) if _counts(result)}
    if not runs:
        raise FitError("no result of the application itself; run loadtest/run --source ../ChatPop --json …")
    figures = _figures(list(runs.values()))
    memory = _line([(run["sockets"], run["figures"]["memoryMiB"]) for run in runs.values()])
    redis = [*_pubsub(results), *({"layer": "core", **run} for run in given["core"])]
    newest = max(runs.values(), key=lambda run: str(run["date"]))
    return {
        "$comment": "Made by `loadtest/run --collect` of loadtest/results. CPU of a message = message + members of its "
        "room * frame + (with the outbox) outbox + open sockets / messages a second * socket, in ms of one core: least "
        "squares of the runs below, each of which tests/stacks/plan/autoscaling.test.ts holds against them.",
        "date": newest["date"][:10],
        "machine": _machine(list(runs.values())),
        "command": "the command of each file in loadtest/results; loadtest/run --collect",
        "application": newest["application"],
        "servers": {
            server: {
                **{name: round(figures[f"{server} {name}"], 4) for name in _OF_SERVER},
                "connect": round(_connect(list(runs.values()), server), 2),
            }
            for server in sorted({run["server"] for run in runs.values()})
        },
        "outbox": round(figures["outbox"], 2),
        "read": given["read"],
        "memory": {"process": round(memory[0]), "socket": round(memory[1], 4)},
        "channelLayers": {
            layer: _layer([run for run in redis if run["layer"] == layer]) for layer in ("pubsub", "core")
        },
        "runs": [_run(name, run) for name, run in runs.items()],
        "redisRuns": redis,
    }


def _counts(result: dict[str, Any]) -> bool:
    """Whether a run says what a message costs: of the application, undisturbed, not overloaded, its rooms whole."""
    return bool(
        str(result.get("application", "")).startswith("ChatPop")
        and result["layer"] == "pubsub"
        and not result["variables"]
        and result["scenario"]["shape"] == "hold"
        and not result["scenario"]["spread"]
        and result["counts"]["lost"] == 0
    )


def _machine(runs: list[dict[str, Any]]) -> str:
    """Where, and how busy: the reference (`meter.reference`) grows with what else the machine does."""
    machines = sorted({f"{run['machine']['model']}, {run['machine']['cores']} cores" for run in runs})
    references = sorted(run["figures"]["referenceMilliseconds"] for run in runs)
    return f"{'; '.join(machines)}; loopback; reference {references[0]:.1f} to {references[-1]:.1f} ms"


def _cost(run: dict[str, Any]) -> float:
    return float(run["figures"]["cpuMillisecondsPerMessageWithPings"])


def _figures(runs: list[dict[str, Any]]) -> dict[str, float]:
    """The parts of a message's cost that together miss the runs least, each run weighing the same."""
    names = [f"{server} {name}" for server in sorted({run["server"] for run in runs}) for name in _OF_SERVER]
    names.append("outbox")
    rows = []
    for run in runs:
        scenario = run["scenario"]
        parts = {
            f"{run['server']} message": 1.0,
            f"{run['server']} frame": scenario["users_per_room"],
            f"{run['server']} socket": run["sockets"] / scenario["messages_per_second"],
            "outbox": float(run["outbox"]),
        }
        rows.append([parts.get(name, 0.0) / _cost(run) for name in names])
    table = numpy.array(rows)
    values, _, rank, _ = numpy.linalg.lstsq(table, numpy.ones(len(rows)))
    if values[-1] < 0:
        # The relay publishes in the task's place: that saves as much as writing the event costs.
        values = numpy.append(numpy.linalg.lstsq(table[:, :-1], numpy.ones(len(rows)))[0], 0)
    found = dict(zip(names, map(float, values), strict=True))
    if rank < len(names) or min(values[:-1]) <= 0:
        raise FitError(
            f"{len(rows)} results do not tell apart {', '.join(names)}: {found}; "
            "each server needs runs of different rooms, numbers of sockets and rates, and one with the outbox"
        )
    return found


def _connect(runs: list[dict[str, Any]], server: str) -> float:
    """Of the run that has seen most connections."""
    most = max((run for run in runs if run["server"] == server), key=lambda run: int(run["sockets"]))["figures"]
    return float(most["cpuMillisecondsPerConnect"])


def _line(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Begin and slope of the line that misses the points least."""
    rows = numpy.array([[1.0, x] for x, _ in points])
    begin, slope = numpy.linalg.lstsq(rows, numpy.array([y for _, y in points]))[0]
    return float(begin), float(slope)


def _pubsub(results: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Redis's dearest message of each number of tasks, on the average of all results."""
    dearest: dict[tuple[int, int], list[float]] = defaultdict(list)
    for result in (each for each in results.values() if "redis" in each):
        for tasks in {share["processes"] for share in result["redis"]}:
            costs = [each["milliseconds_per_message"] for each in result["redis"] if each["processes"] == tasks]
            dearest[tasks, result["usersPerRoom"]].append(max(costs))
    return [
        {"layer": "pubsub", "tasks": tasks, "usersPerRoom": users, "cpuPerMessage": round(statistics.mean(costs), 3)}
        for (tasks, users), costs in sorted(dearest.items())
    ]


def _layer(runs: list[dict[str, Any]]) -> dict[str, float]:
    """What a message costs Redis, and each task more that has a member of its room."""
    points = [(_reached(run["tasks"], run["usersPerRoom"]), run["cpuPerMessage"]) for run in runs]
    begin, slope = _line(points)
    return {"message": round(begin, 4), "task": round(slope, 5)}


def _reached(tasks: int, users: int) -> float:
    """Tasks that hold a member of a room."""
    return float(tasks * (1 - (1 - 1 / tasks) ** users))


def _run(name: str, result: dict[str, Any]) -> dict[str, Any]:
    """What a task was asked to hold, and what became of it."""
    scenario = result["scenario"]
    return {
        "file": name,
        "server": result["server"],
        "sockets": result["sockets"],
        "messagesPerSecond": scenario["messages_per_second"],
        "usersPerRoom": scenario["users_per_room"],
        "seconds": scenario["duration"],
        "outbox": result["outbox"],
        "cpuPerMessage": round(_cost(result), 2),
        "lost": result["counts"]["lost"],
        "p50": result["delivery"]["p50"],
        "p99": result["delivery"]["p99"],
        "memory": result["figures"]["memoryMiB"],
    }


def write(results: Path = RESULTS, target: Path = MEASURED) -> Path:
    """Writes the file anew from all results."""
    content = measured(
        {file.name: json.loads(file.read_text()) for file in results.glob("*.json")}, json.loads(GIVEN.read_text())
    )
    target.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return target
