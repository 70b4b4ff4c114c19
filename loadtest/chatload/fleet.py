"""Crowds on one-off Fargate Spot tasks in a stack's own network: started, waited for and ended by one command."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_STARTED_BY = "chatpop-loadtest"
_CONTAINER = "crowd"
_CPU, _MEMORY = 1024, 2048
# On demand in us-east-1, which Spot stays below: $ an hour for a vCPU and for a GB; $ for a GB between two zones.
_VCPU_HOUR, _GB_HOUR, _TRAFFIC_GB = 0.04048, 0.004445, 0.02
# Beside the scenario's own parts: to start tasks, open rooms, join.
_START_SECONDS = 900
_SOCKETS_PER_WORKER = 10_000
_POLL_SECONDS = 10


class StackError(Exception):
    """The stack cannot be tested, or is not what was named."""


@dataclass(frozen=True)
class Stack:
    """A stack's outputs that matter here."""

    name: str
    url: str
    cluster: str
    service: str
    log_group: str
    region: str

    @classmethod
    def of_outputs(cls, name: str, outputs: dict[str, Any], url: str | None = None) -> "Stack":
        """The stack, of what `pulumi stack output --json` says.

        Args:
            name: Of the stack.
            outputs: Its outputs.
            url: What the caller wants tested; anything but the stack's own raises StackError.
        """
        own = str(outputs.get("url", ""))
        if not own:
            raise StackError(f"stack {name} has no output url; deploy it first: pulumi up --stack {name}")
        if url is not None and url.rstrip("/") != own.rstrip("/"):
            raise StackError(f"url {url}: not stack {name}'s own, which is {own}; leave --url out")
        task_definition = str(outputs["delivery"]["taskDefinition"])
        region = task_definition.split(":")[3]
        cluster, service, log_group = (str(outputs[key]) for key in ("clusterName", "serviceName", "logGroupName"))
        return cls(name, own.rstrip("/"), cluster, service, log_group, region)


@dataclass
class Fleet:
    """Workers against one stack.

    Args:
        stack: What is tested.
        image: The load test's image (`loadtest/Dockerfile`), which the stack's execution role can pull.
        ecs: boto3's client.
        logs: boto3's client of CloudWatch Logs.
        say: Gets progress.
    """

    stack: Stack
    image: str
    ecs: Any
    logs: Any
    say: Callable[[str], None] = print
    sleep: Callable[[float], None] = time.sleep
    _tasks: list[str] = field(default_factory=list)

    def run(self, orders: list[dict[str, Any]], seconds: float) -> list[dict[str, Any]]:
        """The workers' results. Whatever happens, no task of the run is left behind.

        Args:
            orders: One for each worker.
            seconds: After which all are stopped, finished or not.
        """
        network = self._network()
        definition = self._register()
        try:
            for order in orders:
                self._tasks.append(self._start(definition, network, order))
            self.say(f"{len(self._tasks)} workers started; they end after {seconds:.0f} s at the latest")
            self._wait(seconds)
            return [result for task in self._tasks if (result := self._result(task))]
        finally:
            for task in self._tasks:
                self.ecs.stop_task(cluster=self.stack.cluster, task=task, reason="the load test is over")
            self.ecs.deregister_task_definition(taskDefinition=definition)

    def _network(self) -> dict[str, Any]:
        """The service's own subnets and groups."""
        services = self.ecs.describe_services(cluster=self.stack.cluster, services=[self.stack.service])["services"]
        if not services:
            raise StackError(f"stack {self.stack.name}: ECS knows no service {self.stack.service}; run pulumi up again")
        network: dict[str, Any] = services[0]["networkConfiguration"]
        self._definition = services[0]["taskDefinition"]
        return network

    def _register(self) -> str:
        served = self.ecs.describe_task_definition(taskDefinition=self._definition)["taskDefinition"]
        logging = {
            "awslogs-group": self.stack.log_group,
            "awslogs-region": self.stack.region,
            "awslogs-stream-prefix": "loadtest",
        }
        registered = self.ecs.register_task_definition(
            family=f"chatpop-loadtest-{self.stack.name}",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu=str(_CPU),
            memory=str(_MEMORY),
            executionRoleArn=served["executionRoleArn"],
            runtimePlatform=served.get("runtimePlatform", {}),
            containerDefinitions=[
                {
                    "name": _CONTAINER,
                    "image": self.image,
                    "essential": True,
                    "ulimits": [{"name": "nofile", "softLimit": 65_536, "hardLimit": 65_536}],
                    "logConfiguration": {"logDriver": "awslogs", "options": logging},
                }
            ],
        )
        arn: str = registered["taskDefinition"]["taskDefinitionArn"]
        return arn

    def _start(self, definition: str, network: dict[str, Any], order: dict[str, Any]) -> str:
        environment = [{"name": "CHATLOAD_ORDER", "value": json.dumps(order)}]
        answer = self.ecs.run_task(
            cluster=self.stack.cluster,
            taskDefinition=definition,
            capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
            count=1,
            startedBy=_STARTED_BY,
            networkConfiguration=network,
            overrides={"containerOverrides": [{"name": _CONTAINER, "environment": environment}]},
        )
        if not answer["tasks"]:
            reasons = ", ".join(failure["reason"] for failure in answer["failures"])
            raise StackError(f"ECS starts no worker: {reasons}; wait for capacity or a higher Fargate quota")
        arn: str = answer["tasks"][0]["taskArn"]
        return arn

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            running = 0
            # DescribeTasks takes a hundred.
            for start in range(0, len(self._tasks), 100):
                tasks = self.ecs.describe_tasks(cluster=self.stack.cluster, tasks=self._tasks[start : start + 100])
                running += sum(task["lastStatus"] != "STOPPED" for task in tasks["tasks"])
            if not running:
                return
            self.say(f"  {running} workers running")
            self.sleep(_POLL_SECONDS)
        self.say("the time is over: the workers are stopped")

    def _result(self, task: str) -> dict[str, Any] | None:
        stream = f"loadtest/{_CONTAINER}/{task.rsplit('/', 1)[-1]}"
        events = self.logs.get_log_events(logGroupName=self.stack.log_group, logStreamName=stream, limit=20)["events"]
        for event in reversed(events):
            if event["message"].startswith('{"result"'):
                result: dict[str, Any] = json.loads(event["message"])["result"]
                return result
        last = events[-1]["message"] if events else "no log"
        self.say(f"  worker {stream} has no result; its last line: {last}")
        return None


def workers_for(sockets: int) -> int:
    """Workers that so many sockets take."""
    return -(-sockets // _SOCKETS_PER_WORKER)


def longest(ramp_seconds: float, idle: float, duration: float) -> float:
    """Seconds after which a run is stopped."""
    return _START_SECONDS + ramp_seconds + idle + duration


def cost(workers: int, seconds: float, frames: float, frame_bytes: int = 560) -> float:
    """Dollars that a run costs at most, beside what the load makes the stack itself cost."""
    hours = seconds / 3600
    return (
        workers * hours * (_CPU / 1024 * _VCPU_HOUR + _MEMORY / 1024 * _GB_HOUR)
        + frames * frame_bytes / 1e9 * _TRAFFIC_GB
    )
