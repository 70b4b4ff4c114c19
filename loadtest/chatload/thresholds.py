"""What a run must keep, and whether it has."""

from dataclasses import dataclass
from typing import Any

from .histogram import Histogram
from .scenario import Scenario

# The exit code of a run that has broken one, as other load tests have it.
BROKEN = 99


@dataclass(frozen=True)
class Threshold:
    """One condition with what was measured."""

    condition: str
    value: str
    kept: bool

    def line(self) -> str:
        """As the summary shows it."""
        return f"{'✓' if self.kept else '✗'} {self.condition:<42} {self.value}"


def thresholds(scenario: Scenario, result: dict[str, Any], delivery_p99: float) -> list[Threshold]:
    """The conditions of a run.

    Args:
        scenario: What was to be done.
        result: The crowd's result, or that of several added up.
        delivery_p99: Milliseconds within which 99 % of the deliveries must be.
    """
    counts = result["counts"]
    connect = times(result["connect"])
    delivery = times(result["delivery"])
    disturbed = scenario.shape in ("storm", "deploy")
    planned = scenario.messages_per_second * scenario.duration
    offered = counts["sent"] / planned if planned and not scenario.surge and not scenario.elsewhere else 1

    def at_most(name: str, value: float, most: float, unit: str = "") -> Threshold:
        return Threshold(f"{name} ≤ {most:g}{unit}", f"{value:g}{unit}", value <= most)

    def none(name: str, value: int) -> Threshold:
        return Threshold(f"{name} = 0", str(value), value == 0)

    conditions = [
        none("lost", counts["lost"]),
        at_most("delivery p99", delivery.percentile(99), delivery_p99, " ms"),
        none("out of order", counts["outOfOrder"]),
        none("messages of other rooms", counts["foreign"]),
        none("errors instead of messages", sum(result["otherFrames"].values())),
        at_most("connect p95", connect.percentile(95), 30_000 if disturbed else 2_000, " ms"),
        Threshold("received something", str(counts["received"]), counts["received"] > 0),
        # A client that cannot keep up measures itself.
        Threshold("offered ≥ 95 % of the planned messages", f"{offered:.1%}", offered >= 0.95),  # noqa: PLR2004
        at_most("client's loop lag p99", times(result["loopLag"]).percentile(99), 100, " ms"),
    ]
    if disturbed:
        # A batch may come twice when its sender is killed.
        conditions.append(at_most("duplicated", counts["duplicated"], counts["expected"] // 100))
        conditions.append(at_most("back after an end, p99", times(result["reconnected"]).percentile(99), 60_000, " ms"))
    else:
        conditions.append(none("duplicated", counts["duplicated"]))
        conditions.append(none("connects refused", sum(result["refused"].values())))
        conditions.append(none("connections that ended", sum(result["closeCodes"].values())))
    return conditions


def times(counts: dict[str, int]) -> Histogram:
    """A histogram that came through JSON."""
    return Histogram({int(time): count for time, count in counts.items()})


def added(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Several crowds' results as one."""
    total: dict[str, Any] = {}
    for result in results:
        for name, value in result.items():
            if isinstance(value, dict):
                part = total.setdefault(name, {})
                for key, count in value.items():
                    part[key] = part.get(key, 0) + count
            elif name == "bytesPerFrame":
                total[name] = value
            else:
                total[name] = total.get(name, 0) + value
    return total
