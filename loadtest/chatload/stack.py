"""The load test against a stack: its whole load, from workers in its own network."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .fleet import Fleet, Stack, StackError, cost, longest, workers_for
from .scenario import Scale, Scenario, ScenarioError, order
from .thresholds import added


def whole(scale: Scale, options: argparse.Namespace) -> Scenario:
    """All of a scale's load, or what was asked for in its place."""
    if options.shape in ("storm", "deploy"):
        raise ScenarioError(
            f"shape {options.shape}: only offline; on a stack, stop tasks or deploy while shape hold is running"
        )
    return Scenario(
        rooms=options.rooms or scale.rooms,
        users_per_room=options.users or scale.users_per_room,
        messages_per_second=scale.messages_per_second if options.rate is None else options.rate,
        duration=options.duration,
        ramp=options.ramp,
        idle=options.idle,
        joins=options.joins,
    )


def divided(scenario: Scenario, workers: int) -> list[Scenario]:
    """Each worker's part: whole rooms, so that each worker knows what its readers are owed."""
    workers = min(workers, scenario.rooms)
    rooms = [scenario.rooms // workers + (number < scenario.rooms % workers) for number in range(workers)]
    return [
        replace(
            scenario,
            rooms=count,
            messages_per_second=scenario.messages_per_second * count / scenario.rooms,
            ramp=max(1, scenario.ramp * count / scenario.rooms),
            seed=number + 1,
        )
        for number, count in enumerate(rooms)
    ]


def outputs(name: str) -> dict[str, Any]:
    """The stack's outputs, by the Pulumi of PATH or of the variable PULUMI."""
    words = [os.environ.get("PULUMI", "pulumi"), "stack", "output", "--json", "--stack", name]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StackError(f"stack {name}: {done.stderr.strip() or 'pulumi says nothing'}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def run(options: argparse.Namespace, scenario: Scenario, ask: Callable[[str], str] = input) -> dict[str, Any] | None:
    """The added results of all workers, or None when nobody agreed to the cost or a worker has none."""
    stack = Stack.of_outputs(options.stack, outputs(options.stack), options.url)
    if not options.image:
        raise StackError("image: missing; build loadtest/Dockerfile, push it, and name it with --image")
    parts = divided(scenario, workers_for(scenario.sockets))
    seconds = longest(scenario.sockets / scenario.ramp, scenario.idle, scenario.duration)
    frames = scenario.messages_per_second * scenario.duration * scenario.users_per_room
    dollars = cost(len(parts), seconds, frames)
    load = f"{scenario.sockets} sockets, {scenario.messages_per_second:g} messages/s"
    print(f"{stack.url}: {load} from {len(parts)} workers")
    print(f"cost: at most ${dollars:.2f} for {seconds / 60:.0f} minutes, and what the load makes the stack cost")
    if not options.yes and ask("Start? [y/N] ").lower() != "y":
        return None
    import boto3

    clients = [boto3.client(service, region_name=stack.region) for service in ("ecs", "logs")]
    results = Fleet(stack, options.image, *clients).run([order(part, [stack.url]) for part in parts], seconds)
    if len(results) < len(parts):
        print(f"loadtest: {len(parts) - len(results)} of {len(parts)} workers have no result", file=sys.stderr)
        return None
    return added(results)
