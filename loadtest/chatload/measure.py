"""What the servers use between the parts of a run, and the figures that follow."""

import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from . import meter
from .scenario import Scenario
from .servers import Stage

_MIB = 1 << 20


@dataclass(frozen=True)
class Sample:
    """Processor seconds and memory at a moment."""

    at: float
    tasks: float
    memory: int
    throttled: float
    redis: float
    database: float
    relay: float
    client: float


@dataclass
class Measure:
    """Samples by the phase that begins with them."""

    stage: Stage
    samples: dict[str, Sample] = field(default_factory=dict)
    references: list[float] = field(default_factory=list)

    def mark(self, phase: str, client: float) -> None:
        """Takes a sample at the beginning of a phase."""
        stage = self.stage
        self.samples[phase] = Sample(
            at=time.monotonic(),
            tasks=sum(meter.cpu_seconds(task.pid) for task in stage.tasks),
            memory=sum(meter.memory(task.pid) for task in stage.tasks),
            throttled=sum(task.limit.throttled() for task in stage.tasks),
            redis=meter.cpu_seconds(stage.cache.pid),
            database=meter.cpu_seconds(stage.database.pid),
            relay=meter.cpu_seconds(stage.relay.pid) if stage.relay else 0,
            client=client,
        )

    def figures(self, scenario: Scenario, result: dict[str, Any]) -> dict[str, float]:
        """What the planner needs to know, of a run whose tasks have all lived through it.

        Processor time of messages is that of talking and settling, less what the sockets cost in silence.
        """
        base, idle, hold, end = (self.samples[phase] for phase in ("ramp", "idle", "hold", "leave"))
        talking = end.at - hold.at
        silence = (hold.tasks - idle.tasks) / max(hold.at - idle.at, 0.001)
        sent = max(result["counts"]["sent"], 1)
        sockets = result["sockets"]

        def each(before: float, after: float) -> float:
            return float(round((after - before) * 1000 / sent, 3))

        messages = end.tasks - hold.tasks
        # Short silences are too coarse for a difference: pings come every 20 s.
        silent = silence * talking if scenario.idle >= 20 else 0  # noqa: PLR2004
        return {
            "fanOut": scenario.users_per_room,
            "cpuMillisecondsPerMessage": round((messages - silent) * 1000 / sent, 2),
            "cpuMillisecondsPerMessageWithPings": each(hold.tasks, end.tasks),
            "cpuMillisecondsPerConnect": round((idle.tasks - base.tasks) * 1000 / sockets, 2),
            "idleCorePer10000Sockets": round(silence / sockets * 10_000, 3),
            "bytesPerSocket": round((hold.memory - base.memory) / sockets),
            "baseMemoryMiB": round(base.memory / _MIB),
            "memoryMiB": round(end.memory / _MIB),
            "core": round(messages / talking, 3),
            "throttledSeconds": round(end.throttled - hold.throttled, 1),
            "redisMillisecondsPerMessage": each(hold.redis, end.redis),
            "databaseMillisecondsPerMessage": each(hold.database, end.database),
            "relayMillisecondsPerMessage": each(hold.relay, end.relay),
            "referenceMilliseconds": round(statistics.median(self.references or [meter.reference()]), 2),
            "clientCore": round((end.client - hold.client) / talking, 3),
        }
