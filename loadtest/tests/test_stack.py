"""Against a stack: only its own address, bounded in time and number, and nothing is left behind."""

import argparse
import json
from typing import Any

import pytest

from chatload import stack
from chatload.fleet import Fleet, Stack, StackError, cost, longest, workers_for
from chatload.main import arguments, main
from chatload.scenario import Scale, Scenario, ScenarioError, order

OUTPUTS = {
    "url": "https://chat.example.com/",
    "clusterName": "chatpop-large",
    "serviceName": "backend",
    "logGroupName": "/ecs/chatpop-large",
    "delivery": {"taskDefinition": "arn:aws:ecs:eu-west-1:111111111111:task-definition/chatpop-backend-large:3"},
}
STACK = Stack.of_outputs("large", OUTPUTS)
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}}


class Aws:
    """ECS and its log, as far as a run speaks to them; each worker ends at the given look at it."""

    def __init__(self, ends_after: int = 1, failures: int = 0) -> None:
        self.ends_after, self.failures = ends_after, failures
        self.started: list[dict[str, Any]] = []
        self.stopped: list[str] = []
        self.deregistered: list[str] = []
        self.looks = 0

    def describe_services(self, **_: Any) -> Any:
        return {"services": [{"networkConfiguration": NETWORK, "taskDefinition": "backend:3"}]}

    def describe_task_definition(self, **_: Any) -> Any:
        return {"taskDefinition": {"executionRoleArn": "role"}}

    def register_task_definition(self, **arguments: Any) -> Any:
        self.registered = arguments
        return {"taskDefinition": {"taskDefinitionArn": "loadtest:1"}}

    def deregister_task_definition(self, **arguments: Any) -> None:
        self.deregistered.append(arguments["taskDefinition"])

    def run_task(self, **arguments: Any) -> Any:
        if len(self.started) == self.failures - 1:
            return {"tasks": [], "failures": [{"reason": "Capacity is unavailable at this time"}]}
        self.started.append(arguments)
        return {"tasks": [{"taskArn": f"arn/task/{len(self.started)}"}], "failures": []}

    def describe_tasks(self, **arguments: Any) -> Any:
        self.looks += 1
        status = "STOPPED" if self.looks >= self.ends_after else "RUNNING"
        return {"tasks": [{"taskArn": arn, "lastStatus": status} for arn in arguments["tasks"]]}

    def stop_task(self, **arguments: Any) -> None:
        self.stopped.append(arguments["task"])

    def get_log_events(self, **arguments: Any) -> Any:
        number = int(arguments["logStreamName"].rsplit("/", 1)[-1])
        lines = ["hold", json.dumps({"result": {"sockets": number}})] if number < 3 else ["ramp"]
        return {"events": [{"message": line} for line in lines]}


def fleet(aws: Aws, said: list[str] | None = None) -> Fleet:
    said = [] if said is None else said
    return Fleet(STACK, "registry/loadtest:1", aws, aws, said.append, lambda _: None)


def test_only_the_stacks_own_url() -> None:
    assert Stack.of_outputs("large", OUTPUTS, "https://chat.example.com") == STACK
    for foreign in ("https://example.com", "http://chat.example.com", "https://chat.example.com.evil.org"):
        with pytest.raises(StackError, match="not stack large's own, which is https"):
            Stack.of_outputs("large", OUTPUTS, foreign)
    with pytest.raises(StackError, match="no output url; deploy it first"):
        Stack.of_outputs("large", {})


def test_a_foreign_url_starts_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(stack, "outputs", lambda _: OUTPUTS)
    words = ["--stack", "large", "--share", "large", "--image", "i", "--yes", "--url", "https://example.com"]
    assert main(words) == 2
    assert "leave --url out" in capsys.readouterr().err


def test_workers_run_in_the_services_network_on_spot() -> None:
    aws = Aws(ends_after=3)
    orders = [order(Scenario(1, 2, 1), [STACK.url])] * 2
    assert fleet(aws).run(orders, 60) == [{"sockets": 1}, {"sockets": 2}]
    for started in aws.started:
        assert started["networkConfiguration"] == NETWORK
        assert [each["capacityProvider"] for each in started["capacityProviderStrategy"]] == ["FARGATE_SPOT"]
        (container,) = started["overrides"]["containerOverrides"]
        assert json.loads(container["environment"][0]["value"])["targets"] == [STACK.url]
    assert aws.registered["containerDefinitions"][0]["image"] == "registry/loadtest:1"


def test_no_task_is_left_behind() -> None:
    for aws, seconds, count in ((Aws(), 60, 2), (Aws(ends_after=10**9), 0, 2)):
        fleet(aws).run([{}] * count, seconds)
        assert aws.stopped == [f"arn/task/{number + 1}" for number in range(count)]
        assert aws.deregistered == ["loadtest:1"]


def test_what_was_started_ends_when_the_rest_does_not_start() -> None:
    aws = Aws(failures=3)
    with pytest.raises(StackError, match="Capacity is unavailable"):
        fleet(aws).run([{}] * 4, 60)
    assert aws.stopped == ["arn/task/1", "arn/task/2"]
    assert aws.deregistered == ["loadtest:1"]


def test_a_worker_without_a_result_is_named() -> None:
    said: list[str] = []
    assert len(fleet(Aws(), said).run([{}] * 3, 60)) == 2
    assert any("loadtest/crowd/3 has no result; its last line: ramp" in line for line in said)


def test_the_whole_load_is_divided_by_rooms() -> None:
    scenario = stack.whole(Scale.read("large"), arguments(["--duration", "60", "--ramp", "2500"]))
    parts = stack.divided(scenario, workers_for(scenario.sockets))
    assert len(parts) == 25
    assert sum(part.sockets for part in parts) == 250_000
    assert sum(part.messages_per_second for part in parts) == pytest.approx(1_000)
    assert sum(part.ramp for part in parts) == pytest.approx(2_500)
    assert len({part.seed for part in parts}) == 25


def test_disturbances_are_offline_only() -> None:
    with pytest.raises(ScenarioError, match="only offline"):
        stack.whole(Scale.read("small"), arguments(["--shape", "storm"]))


def test_nobody_agrees_nothing_starts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(stack, "outputs", lambda _: OUTPUTS)
    options: argparse.Namespace = arguments(["--stack", "large", "--share", "large", "--image", "i"])
    scenario = stack.whole(Scale.read("large"), options)
    assert stack.run(options, scenario, ask=lambda _: "n") is None
    assert "cost: at most $" in capsys.readouterr().out


def test_cost_and_time_have_a_bound() -> None:
    assert longest(100, 20, 300) == 1_320
    # 25 workers of 1 vCPU and 2 GB for an hour, and 100 GB between zones.
    assert cost(25, 3_600, 100e9 / 560) == pytest.approx(25 * (0.04048 + 2 * 0.004445) + 2)
