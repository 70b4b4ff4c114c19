"""A run on this machine: Locust's runner holds the crowd, this side holds the servers."""

import signal
from typing import Any

import gevent
from locust.env import Environment
from locust.html import get_html_report
from locust.stats import stats_history

from .measure import Measure
from .meter import Machine, reference
from .scenario import Scenario, order
from .servers import Setup, Stage, stage
from .users import CrowdUser, end

_PROGRESS = 5


class Run:
    """One run with its servers."""

    def __init__(self, scenario: Scenario, setup: Setup) -> None:
        self.scenario, self.setup = scenario, setup
        self.machine = Machine.here()
        self.limit = "none"
        self.events: list[str] = []
        self._results: list[dict[str, Any]] = []
        self._measure: Measure | None = None
        self._said = 0
        self._beside: set[int] = set()

    def run(self) -> list[dict[str, Any]]:
        """The crowds' results; none when the run has failed."""
        # SIGTERM ends this process like Ctrl-C, also where a shell has Ctrl-C ignored, so that nothing of it stays.
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, signal.default_int_handler)
        with stage(self.setup) as servers:
            for _ in range(2 if self.scenario.shape == "storm" else 1):
                servers.start()
            if self.setup.outbox:
                servers.start_relay()
            elsewhere = servers.start_elsewhere() if self.scenario.elsewhere else None
            self.limit = servers.tasks[0].limit.kind
            self._measure = Measure(servers)
            self._crowd(servers, elsewhere)
        return self._results

    def _crowd(self, servers: Stage, elsewhere: str | None) -> None:
        urls = [task.url for task in servers.tasks]
        # A third of the people are in the zone that will be lost.
        targets = [urls[0], urls[0], urls[1]] if self.scenario.shape == "storm" else urls
        CrowdUser.order = order(self.scenario, targets, elsewhere)
        CrowdUser.marks = [lambda message: self._heard(servers, message)]
        environment = Environment(user_classes=[CrowdUser])
        runner = environment.create_local_runner()
        history = gevent.spawn(stats_history, runner)
        try:
            runner.start(1, spawn_rate=1)
            while not self._results and not self._failed(servers):
                gevent.sleep(0.2)
        finally:
            history.kill()
            for process in list(CrowdUser.crowds):
                end(process)
            runner.quit()
        self._environment = environment

    def html(self) -> str:
        """Locust's own report."""
        report: str = get_html_report(self._environment, show_download_link=False)  # type: ignore[no-untyped-call]
        return report

    def _failed(self, servers: Stage) -> bool:
        died = [
            task for task in servers.tasks if task.process.poll() not in (None, 0, -signal.SIGKILL, -signal.SIGTERM)
        ]
        if died:
            self.events.append(f"server ended with {died[0].process.returncode}")
        if died or (self._said < 0):
            print(f"loadtest: failed; {'; '.join(self.events)}\n{servers.log_tail()}")
            return True
        return False

    def _heard(self, servers: Stage, message: dict[str, Any]) -> None:
        if message["pid"] not in self._beside:
            self._beside.add(message["pid"])
            servers.beside.add(message["pid"])
        if failure := message.get("failed"):
            self.events.append(failure)
            self._said = -1
        elif phase := message.get("phase"):
            self._phase(servers, phase, message["cpu"])
        elif result := message.get("result"):
            self._results.append(result)
        elif "connected" in message:
            self._said += 1
            if self._measure and message["sent"]:
                self._measure.references.append(reference())
            if self._said % _PROGRESS == 0:
                received = sum(message["delivery"].values())
                print(f"  {message['connected']} connected, {message['sent']} sent, {received} frames/s", flush=True)

    def _phase(self, servers: Stage, phase: str, client: float) -> None:
        print(f"{phase}: {_ABOUT.get(phase, '')}", flush=True)
        if self._measure:
            self._measure.mark(phase, client)
        if phase == "base":
            # People have been made ready without a limit: in operation they come over days.
            for task in servers.tasks:
                task.limit.processor(self.setup.cpu)
        if phase == "hold" and self.scenario.shape in ("storm", "deploy"):
            gevent.spawn_later(self.scenario.duration / 3, self._disturb, servers)

    def _disturb(self, servers: Stage) -> None:
        old = servers.tasks[-1]
        if self.scenario.shape == "storm":
            CrowdUser.tell({"targets": [servers.tasks[0].url]})
            old.process.kill()
            self.events.append("a task was killed with a third of the sockets")
            return
        new = servers.start()
        new.limit.processor(self.setup.cpu)
        CrowdUser.tell({"targets": [new.url]})
        start = gevent.get_hub().loop.now()
        old.process.terminate()
        while old.process.poll() is None:
            gevent.sleep(0.1)
        gevent.get_hub().loop.update_now()
        self.events.append(f"the old task has ended {gevent.get_hub().loop.now() - start:.1f} s after SIGTERM")

    def figures(self, result: dict[str, Any]) -> dict[str, float] | None:
        """What the planner needs; none of a run in which tasks came or went."""
        if self._measure is None or self.scenario.shape in ("storm", "deploy"):
            return None
        return self._measure.figures(self.scenario, result)


_ABOUT = {
    "prepare": "users register, open rooms and join (the task is not limited)",
    "base": "the task is limited from here on",
    "ramp": "sockets open",
    "idle": "silence",
    "hold": "people talk",
    "surge": "people come at once",
    "settle": "stragglers",
    "leave": "the end",
}
