"""One run from the command line: servers, crowd, thresholds, results."""

import argparse
import json
import shlex
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import collect, python, report
from .scenario import SHAPES, Scale, Scenario, ScenarioError, Surge
from .thresholds import BROKEN, added, thresholds

_DELIVERY_P99 = {"large": 2_000, "medium": 1_000, "small": 1_000}


def arguments(words: list[str]) -> argparse.Namespace:
    """The command's arguments."""
    parser = argparse.ArgumentParser(prog="loadtest/run", description="Runs one task's share of a scale on loopback.")
    add = parser.add_argument
    add(
        "--share",
        default="small",
        help="small, medium or large: one task's share; or redis: Redis alone under large's load",
    )
    add("--rooms", type=int, help="rooms, instead of the share's")
    add("--users", type=int, help="users of a room, instead of the share's")
    add("--rate", type=float, help="messages a second over all rooms, instead of the share's")
    add("--duration", type=float, default=60, help="seconds of talking")
    add("--shape", default="hold", choices=SHAPES, help="what happens meanwhile")
    add("--ramp", type=float, default=120, help="connections a second")
    add("--idle", type=float, default=20, help="seconds of silence before the talking")
    add(
        "--joins",
        type=int,
        default=3,
        help="users of a room that join through the API, 0 for all; the rest share their tokens",
    )
    add("--spread", action="store_true", help="rooms have their members on all tasks of the scale")
    add("--server", default="daphne", choices=("daphne", "uvicorn"))
    add("--layer", default="core", choices=("core", "pubsub"))
    add("--outbox", choices=("on", "off"), help="default: as the scale has it")
    add("--cpu", type=int, help="CPU units of the task, 1024 to a core, 0 for no limit; default: the scale's")
    add("--memory", type=int, help="MiB of the task; default: the scale's")
    add("--source", default=None, help="a ChatPop checkout; without one, the stand-in")
    add("--variable", action="append", default=[], metavar="NAME=VALUE", help="of the application, may be repeated")
    add("--p99", type=float, help="milliseconds within which 99 %% of the deliveries must be")
    add("--json", type=Path, help="result file")
    add("--collect", action="store_true", help="only write results/capacity.json anew from the results beside it")
    add("--html", type=Path, help="report with Locust's charts")
    return parser.parse_args(words)


def scenario_of(options: argparse.Namespace, scale: Scale) -> Scenario:
    """What is to be done, from the scale and what was asked for otherwise."""
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
    if options.collect:
        print(collect.write())
        return 0
    try:
        if options.share == "redis":
            from .redis_share import measure_redis

            return measure_redis(options.duration, options.json, shlex.join(words))
        scale = Scale.read(options.share)
        scenario = scenario_of(options, scale)
    except ScenarioError as error:
        print(f"loadtest: {error}", file=sys.stderr)
        return 2
    source = Path(options.source).resolve() if options.source else None
    outbox = scale.outbox if options.outbox is None else options.outbox == "on"
    from .local import Run
    from .servers import Setup

    setup = Setup(
        python=python.for_application(source),
        backend=python.backend(source),
        server=options.server,
        layer=options.layer,
        outbox=outbox,
        cpu=(scale.cpu if options.cpu is None else options.cpu) or None,
        memory=options.memory or scale.memory,
        variables=dict(variable.split("=", 1) for variable in options.variable),
    )
    run = Run(scenario, setup)
    try:
        results = run.run()
    except KeyboardInterrupt:
        print("loadtest: interrupted; all processes have ended", file=sys.stderr)
        return 130
    if not results:
        return 1
    result = added(results)
    conditions = thresholds(scenario, result, options.p99 or _DELIVERY_P99[scale.name])
    outcome = {
        "schema": 1,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"loadtest/run {shlex.join(words)}",
        "machine": asdict(run.machine),
        "application": python.revision(source),
        "server": options.server,
        "layer": options.layer,
        "outbox": outbox,
        "task": {"cpu": setup.cpu, "memory": setup.memory, "limit": run.limit},
        "variables": setup.variables,
        "scenario": {**scenario.as_json(), "share": scale.name, "spread": options.spread},
        "thresholds": [asdict(condition) for condition in conditions],
        **report.numbers(result),
        "figures": run.figures(result),
        "events": run.events,
    }
    print(report.text(outcome))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(outcome, indent=2, ensure_ascii=False) + "\n")
    if options.html:
        options.html.write_text(report.html(outcome, run.html))
    return 0 if all(condition.kept for condition in conditions) else BROKEN
