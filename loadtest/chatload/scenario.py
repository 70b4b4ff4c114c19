"""What a run does: how many people in how many rooms say how much for how long, and what happens meanwhile."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

SHAPES = ("hold", "storm", "deploy", "surge")
# No run is larger or longer, whatever it is asked for.
_MOST_SOCKETS, _MOST_MESSAGES, _LONGEST = 300_000, 5_000, 3_600


class ScenarioError(ValueError):
    """A parameter that no run can have."""


@dataclass(frozen=True)
class Surge:
    """People that come at once, while those who are there talk more."""

    sockets: int
    # Seconds within which they come.
    seconds: float
    messages_per_second: float


@dataclass(frozen=True)
class Scenario:
    """A run's parameters.

    Attributes:
        rooms: Open rooms.
        users_per_room: Sockets in each.
        messages_per_second: Over all rooms, each to all of its room.
        duration: Seconds of talking.
        ramp: Connections opened in a second.
        idle: Seconds of silence before, which show what sockets cost by themselves.
        shape: `hold`; `storm`: a server is killed; `deploy`: a server is replaced; `surge`: people come at once.
        joins: Users of a room who join through the API; further sockets are second devices of theirs. 0: all join.
        elsewhere: Messages a second that members on other tasks write into these rooms.
        padding: Characters of a message's text beside what identifies it.
        settle: Seconds that stragglers have at the end.
        base: Seconds before the first socket, which show what the server needs without any.
        seed: Of all that is random.
    """

    rooms: int
    users_per_room: int
    messages_per_second: float
    duration: float = 60
    ramp: float = 120
    idle: float = 20
    shape: str = "hold"
    joins: int = 3
    elsewhere: float = 0
    padding: int = 60
    settle: float = 15
    base: float = 2
    seed: int = 1
    surge: Surge | None = None

    def __post_init__(self) -> None:
        limits: list[tuple[str, float, float, float]] = [
            ("rooms", self.rooms, 1, _MOST_SOCKETS),
            ("users", self.users_per_room, 1, _MOST_SOCKETS),
            ("rooms x users", self.sockets, 1, _MOST_SOCKETS),
            ("rate", self.messages_per_second, 0, _MOST_MESSAGES),
            ("duration", self.duration, 0.5, _LONGEST),
            ("ramp", self.ramp, 1, 10_000),
            ("idle", self.idle, 0, 600),
            ("elsewhere", self.elsewhere, 0, _MOST_MESSAGES),
        ]
        for name, value, least, most in limits:
            if not least <= value <= most:
                raise ScenarioError(f"{name} {value:g}: allowed {least:g} to {most:g}; choose a number between them")
        if self.shape not in SHAPES:
            raise ScenarioError(f"shape {self.shape}: allowed {', '.join(SHAPES)}; choose one of them")

    @property
    def sockets(self) -> int:
        """Sockets that are open when all have come."""
        return self.rooms * self.users_per_room

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Self:
        """The reverse of `as_json`."""
        surge = data.get("surge")
        return cls(**{**data, "surge": Surge(**surge) if surge else None})


@dataclass(frozen=True)
class Scale:
    """One scale's load and what one of its tasks is, from `scales.json`, which the program itself writes."""

    name: str
    rooms: int
    users_per_room: int
    messages_per_second: float
    tasks: int
    cpu: int
    memory: int
    server: str
    layer: str
    outbox: bool

    @classmethod
    def read(cls, name: str) -> Self:
        """The scale of this name."""
        scales: dict[str, dict[str, Any]] = json.loads((Path(__file__).parents[1] / "scales.json").read_text())
        if name not in scales:
            raise ScenarioError(f"share {name}: allowed {', '.join([*scales, 'redis', 'churn'])}; choose one of them")
        return cls(name=name, **scales[name])

    def share(self, **changes: Any) -> Scenario:
        """What falls to one task, its rooms whole: the task does the same work, whoever of a room is on it.

        Spread with `spread`, rooms have their members on all tasks, as behind a load balancer that knows no rooms.
        """
        sockets = self.rooms * self.users_per_room / self.tasks
        return Scenario(
            **{
                "rooms": max(1, round(sockets / self.users_per_room)),
                "users_per_room": self.users_per_room,
                "messages_per_second": self.messages_per_second / self.tasks,
                **changes,
            }
        )

    def spread(self, **changes: Any) -> Scenario:
        """What falls to one task when each room has its members on all tasks: more messages, each to fewer sockets."""
        here = max(1, round(self.users_per_room / self.tasks))
        sockets = self.rooms * self.users_per_room / self.tasks
        rate = self.messages_per_second / self.tasks
        rooms = round(sockets / here)
        return Scenario(
            **{
                "rooms": rooms,
                "users_per_room": here,
                "messages_per_second": rate,
                "elsewhere": self.messages_per_second * rooms / self.rooms - rate,
                **changes,
            }
        )


def order(scenario: Scenario, targets: list[str], elsewhere: str | None = None) -> dict[str, Any]:
    """What a crowd is told at its start.

    Args:
        scenario: What to do.
        targets: The servers, each as often as its share of the sockets.
        elsewhere: The socket of who writes what other tasks would.
    """
    return {"scenario": scenario.as_json(), "targets": targets, "elsewhere": elsewhere}
