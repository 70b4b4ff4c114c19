"""Locust's user: it holds a whole crowd, in a process of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from locust import User, task
from locust.exception import StopUser
from locust.stats import StatsEntry

Mark = Callable[[dict[str, Any]], None]


class CrowdUser(User):
    """Many members of many rooms. Their messages show in Locust's own statistics as requests.

    Attributes:
        order: Scenario, targets and what else the crowd takes.
        marks: Whoever wants to hear of phases and results.
        crowds: The processes that run.
    """

    order: ClassVar[dict[str, Any]] = {}
    marks: ClassVar[list[Mark]] = []
    crowds: ClassVar[list["subprocess.Popen[str]"]] = []

    @task
    def live(self) -> None:
        """Runs the scenario once."""
        process = subprocess.Popen(
            [sys.executable, "-m", "chatload.crowd_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
            start_new_session=True,
        )
        self.crowds.append(process)
        try:
            self.tell(self.order)
            if process.stdout is None:
                raise StopUser
            for line in process.stdout:
                self._heard(json.loads(line), process.pid)
            if code := process.wait():
                self._heard({"failed": f"the crowd's process has ended with {code}"}, process.pid)
        finally:
            self.crowds.remove(process)
            end(process)
        raise StopUser

    @classmethod
    def tell(cls, order: dict[str, Any]) -> None:
        """Gives an order to all crowds of this process."""
        for process in cls.crowds:
            if process.stdin is not None:
                with suppress(BrokenPipeError):
                    process.stdin.write(json.dumps(order) + "\n")
                    process.stdin.flush()

    def _heard(self, message: dict[str, Any], pid: int) -> None:
        if delivery := message.get("delivery"):
            self._log("message", {int(time): count for time, count in delivery.items()})
        if result := message.get("result"):
            self._log("connect", {int(time): count for time, count in result["connect"].items()})
            lost = result["counts"]["lost"]
            if lost:
                self.environment.stats.log_error("WS", "message", f"{lost} lost")
        for mark in self.marks:
            mark({**message, "pid": pid})

    def _log(self, name: str, times: dict[int, int]) -> None:
        """Adds many times at once, since an event of Locust's for each message would cost more than the message."""
        stats = self.environment.stats
        entry = StatsEntry(stats, name, "WS")
        for time, count in times.items():
            entry.response_times[time] += count
            entry.total_response_time += time * count
        entry.num_requests = sum(times.values())
        if not entry.num_requests:
            return
        entry.min_response_time, entry.max_response_time = min(times), max(times)
        entry.last_request_timestamp = _now()
        entry.num_reqs_per_sec[int(_now())] += entry.num_requests
        stats.get(name, "WS").extend(entry)
        stats.total.extend(entry)


def _now() -> float:
    import time

    return time.time()


def end(process: "subprocess.Popen[str]") -> None:
    """Ends a process that this one has started, however it takes it."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
