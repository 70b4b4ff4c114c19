"""One run from the command line: servers, crowd, thresholds, results."""

import argparse
import json
import shlex
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import python, report
from .fleet import StackError
from .meter import Machine
from .scenario import SHAPES, Scale, Scenario, ScenarioError, Surge
from .thresholds import BROKEN, added, thresholds

_DELIVERY_P99 = {"large": 2_000, "medium": 1_000, "small": 1_000}
_WRONG, _FAILED, _INTERRUPTED = 2, 1, 130


def arguments(words: list[str]) -> argparse.Namespace:
    """The command's arguments."""
    parser = argparse.ArgumentParser(prog="loadtest/run", description="Runs one task's share of a scale on loopback.")
    add = parser.add_argument
    add(
        "--share", default="small", help="small, medium or large; redis: Redis under all of large's load; churn: visits"
    )
    add("--rooms", type=int, help="rooms, instead of the share's")
    add("--users", type=int, help="users of a room, instead of the share's")
    add("--rate", type=float, help="messages a second over all rooms, instead of the share's")
    add("--duration", type=float, default=60, help="seconds of talking")
    add("--shape", default="hold", choices=SHAPES, help="what happens meanwhile")
    add("--ramp", type=float, default=120, help="connections a second")
    add("--idle", type=float, default=20, help="seconds of silence before the talking")
    add("--joins", type=int, default=3, help="users of a room that join, 0 for all; the rest share their tokens")
    add("--spread", action="store_true", help="rooms have their members on all tasks of the scale")
    add("--server", choices=("daphne", "uvicorn"), help="default: as the scale has it")
    add("--layer", choices=("core", "pubsub"), help="default: as the scale has it")
    add("--outbox", choices=("on", "off"), help="default: as the scale has it")
    add("--cpu", type=int, help="CPU units of the task, 1024 to a core, 0 for no limit; default: the scale's")
    add("--memory", type=int, help="MiB of the task; default: the scale's")
    add("--source", type=Path, help="a ChatPop checkout; without one, the stand-in")
    add("--variable", action="append", default=[], metavar="NAME=VALUE", help="of the application, may be repeated")
    add("--p99", type=float, help="milliseconds within which 99 %% of the deliveries must be")
    add("--json", type=Path, help="result file")
    add("--html", type=Path, help="report with Locust's charts")
    add("--collect", action="store_true", help="only write stacks/measured.json anew, from all files of results/")
    stack = parser.add_argument_group(
        "against a stack", "the scale's whole load, from tasks in the stack's own network"
    )
    stack.add_argument("--stack", help="name of the stack, as Pulumi knows it")
    stack.add_argument("--image", help="the load test's image (loadtest/Dockerfile)")
    stack.add_argument("--url", help="refused unless it is the stack's own")
    stack.add_argument("--yes", action="store_true", help="start without asking")
    return parser.parse_args(words)


def scenario_of(options: argparse.Namespace, scale: Scale) -> Scenario:
    """What is to be done, from the scale and what was asked for in its place."""
    changes: dict[str, Any] = {
        "duration": options.duration,
        "shape": options.shape,
        "ramp": options.ramp,
        "idle": options.idle,
        "joins": options.joins,
    }
    given = {"rooms": options.rooms, "users_per_room": options.users, "messages_per_second": options.rate}
    changes |= {name: value for name, value in given.items() if value is not None}
    scenario = scale.spread(**changes) if options.spread else scale.share(**changes)
    if options.shape == "surge":
        # From a fifth of the full load to all of it in two minutes, as the simulation has it.
        first = max(1, scenario.users_per_room // 5)
        rate = scenario.messages_per_second
        coming = Surge(scenario.sockets - scenario.rooms * first, min(120, options.duration / 2), rate)
        scenario = replace(scenario, users_per_room=first, messages_per_second=rate / 5, surge=coming)
    return scenario


def main(words: list[str]) -> int:
    """Runs, reports, and gives the exit code."""
    options = arguments(words)
    try:
        return _task(options)(options, shlex.join(words))
    except (ScenarioError, StackError) as error:
        print(f"loadtest: {error}", file=sys.stderr)
        return _WRONG
    except KeyboardInterrupt:
        print("loadtest: interrupted; all that it started has ended", file=sys.stderr)
        return _INTERRUPTED


def _task(options: argparse.Namespace) -> Callable[[argparse.Namespace, str], int]:
    if options.collect:
        return _collect
    if options.stack:
        return _on_stack
    return {"redis": _redis, "churn": _churn}.get(options.share, _here)


def _collect(*_: object) -> int:
    from . import collect

    try:
        print(collect.write())
    except collect.FitError as error:
        print(f"loadtest: {error}", file=sys.stderr)
        return _WRONG
    return 0


def _redis(options: argparse.Namespace, command: str) -> int:
    from .redis_share import measure_redis

    return measure_redis(options.duration, options.json, command)


def _on_stack(options: argparse.Namespace, command: str) -> int:
    from . import stack

    scale = Scale.read(options.share)
    scenario = stack.whole(scale, options)
    result = stack.run(options, scenario)
    if result is None:
        return _FAILED
    about = {"application": "as deployed", "server": "the stack's", "layer": "the stack's", "outbox": None}
    task = {"cpu": None, "memory": None, "limit": "Fargate"}
    return _judge(options, command, scale, scenario, result, {**about, "task": task, "figures": None, "events": []})


def _churn(options: argparse.Namespace, command: str) -> int:
    from .churn import measure_churn

    setup = _setup(options, replace(Scale.read("large"), outbox=False))
    return measure_churn(replace(setup, cpu=None), python.revision(options.source), options.json, command)


def _setup(options: argparse.Namespace, scale: Scale) -> Any:
    from .servers import Setup

    source = options.source.resolve() if options.source else None
    return Setup(
        python=python.for_application(source),
        backend=python.backend(source),
        server=options.server or scale.server,
        layer=options.layer or scale.layer,
        outbox=scale.outbox if options.outbox is None else options.outbox == "on",
        cpu=(scale.cpu if options.cpu is None else options.cpu) or None,
        memory=options.memory or scale.memory,
        variables=dict(variable.split("=", 1) for variable in options.variable),
    )


def _here(options: argparse.Namespace, command: str) -> int:
    scale = Scale.read(options.share)
    scenario = scenario_of(options, scale)
    from .local import Run

    setup = _setup(options, scale)
    run = Run(scenario, setup)
    results = run.run()
    if not results:
        return _FAILED
    result = added(results)
    about = {
        "application": python.revision(options.source),
        "server": setup.server,
        "layer": setup.layer,
        "outbox": setup.outbox,
        "variables": setup.variables,
        "task": {"cpu": setup.cpu, "memory": setup.memory, "limit": run.limit},
        "figures": run.figures(result),
        "events": run.events,
    }
    return _judge(options, command, scale, scenario, result, about, run.machine, run.html)


def _judge(
    options: argparse.Namespace,
    command: str,
    scale: Scale,
    scenario: Scenario,
    result: dict[str, Any],
    about: dict[str, Any],
    machine: Machine | None = None,
    html: Callable[[], str] = lambda: "<body></body>",
) -> int:
    """Holds a result against its thresholds, shows it, and writes the files that were asked for."""
    conditions = thresholds(scenario, result, options.p99 or _DELIVERY_P99[scale.name])
    outcome = {
        "schema": 1,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"loadtest/run {command}",
        "machine": asdict(machine or Machine.here()),
        **about,
        "scenario": {**scenario.as_json(), "share": scale.name, "spread": options.spread},
        "thresholds": [asdict(condition) for condition in conditions],
        **report.numbers(result),
    }
    outcome["planned"] = report.planned(outcome, scale)
    print(report.text(outcome))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(outcome, indent=2, ensure_ascii=False) + "\n")
    if options.html:
        options.html.write_text(report.html(outcome, html()))
    return 0 if all(condition.kept for condition in conditions) else BROKEN
