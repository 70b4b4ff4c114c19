"""Who was sent which message, and what became of it: the counting, without any network."""

import secrets
from collections import Counter
from dataclasses import dataclass, field

from .histogram import Histogram

_MARK = b"lt~"
_SEPARATOR = b"~"
_NANOSECONDS = 1e6


@dataclass(eq=False)
class Member:
    """A reader of a room, through all its connections."""

    room: "Room"
    # Of this room's members, in the order in which they came.
    index: int = 0
    connected: bool = False
    # The first message that it is owed: those before were sent before it had ever been connected.
    first: int | None = None
    newest: int = -1
    live: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)

    def opened(self) -> None:
        """The connection stands; from the first one on, every message of the room is owed."""
        self.connected = True
        if self.first is None:
            self.first = len(self.room.sent)


@dataclass(eq=False)
class Room:
    """A room with its messages in the order in which they were sent; the index is a message's number."""

    number: int
    members: list[Member] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    # When the first reader had it; 0 as long as nobody has.
    heard: list[int] = field(default_factory=list)
    # The connection through which a message went has ended before anybody heard it: its writer knows that it failed.
    failed: set[int] = field(default_factory=set)


@dataclass
class Ledger:
    """What was sent, and who received it how often and when."""

    rooms: list[Room] = field(default_factory=list)
    run: str = field(default_factory=lambda: secrets.token_hex(3))
    delivery: Histogram = field(default_factory=Histogram)
    duplicated: int = 0
    out_of_order: int = 0
    # Messages of another room: nobody may ever see one.
    foreign: int = 0
    # Frames that are no message of this run, such as the application's errors.
    other: Counter[str] = field(default_factory=Counter)
    size: int = 0
    frames: int = 0

    def send(self, room: Room, now: int, padding: int = 60) -> str:
        """Notes a message as sent, and gives its text, which says which one it is.

        Args:
            room: Where it goes.
            now: Nanoseconds of the monotonic clock.
            padding: Characters of the text beside what identifies it.
        """
        text = f"lt~{self.run}~{room.number}~{len(room.sent)}~{'x' * padding}"
        room.sent.append(now)
        room.heard.append(0)
        return text

    def receive(self, member: Member, frame: bytes, now: int) -> int | None:
        """Notes a frame as received, and gives the number of its message, or None if it is no message of this run."""
        self.frames += 1
        self.size += len(frame)
        number = self._number(member.room, frame)
        if number is None:
            return None
        room = member.room
        if number in member.live or number in member.late:
            # What history has brought already and comes again is shown once by a client, so it is no duplicate.
            self.duplicated += number in member.live
            return number
        member.live.add(number)
        self.delivery.add((now - room.sent[number]) / _NANOSECONDS)
        if number < member.newest:
            # Only if the newer one was sent when this one had been heard: else either order is right.
            self.out_of_order += 0 < room.heard[number] < room.sent[member.newest]
        else:
            member.newest = number
        room.heard[number] = room.heard[number] or now
        return number

    def read(self, member: Member, history: bytes, now: int) -> None:
        """Notes what a reader that was away finds in the room's history."""
        room = member.room
        for part in history.split(_MARK)[1:]:
            number = self._number(room, _MARK + part)
            if number is not None and number not in member.live:
                member.late.add(number)
                room.heard[number] = room.heard[number] or now

    def _number(self, room: Room, frame: bytes) -> int | None:
        start = frame.find(_MARK)
        if start < 0:
            self.other[frame[:60].decode(errors="replace")] += 1
            return None
        _, run, number_of_room, number, *_ = frame[start : start + 60].split(_SEPARATOR)
        if run != self.run.encode():
            return None
        if int(number_of_room) != room.number:
            self.foreign += 1
            return None
        return int(number)

    def counts(self) -> dict[str, int]:
        """Messages sent; deliveries expected, received at once, received late from history, lost; and what is odd."""
        expected = received = late = 0
        for room in self.rooms:
            failed = {number for number in room.failed if not room.heard[number]}
            for member in room.members:
                if member.first is None:
                    continue
                owed = len(room.sent) - member.first - sum(number >= member.first for number in failed)
                expected += owed
                received += len(member.live)
                late += len(member.late - member.live)
        return {
            "sent": sum(len(room.sent) for room in self.rooms),
            "failedSends": sum(not room.heard[number] for room in self.rooms for number in room.failed),
            "expected": expected,
            "received": received,
            "receivedLate": late,
            "lost": max(0, expected - received - late),
            "duplicated": self.duplicated,
            "outOfOrder": self.out_of_order,
            "foreign": self.foreign,
        }
