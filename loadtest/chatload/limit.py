"""Limits a process as Fargate limits a task, and says how often it ran into the limit."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_ROOT = Path("/sys/fs/cgroup")
_PERIOD = 100_000
_UNITS = 1024
_MIB = 1 << 20
# Fargate gives a task its share whatever its neighbours do, so that other work of this machine goes after all of ours:
# the most that each version of the control groups knows.
_SHARES, _WEIGHT = 262_144, 10_000


class Limit(Protocol):
    """A share of a processor and of memory."""

    kind: str

    def add(self, pid: int) -> None:
        """Takes in a process with all its threads."""

    def processor(self, units: int | None) -> None:
        """Allows CPU units, 1024 to a core; None: as many as there are."""

    def throttled(self) -> float:
        """Seconds for which its threads have waited for the next period."""

    def close(self) -> None:
        """Forgets the limit; its processes have ended."""


class NoLimit:
    """Where this machine lets nobody limit anything."""

    kind = "none"

    def add(self, pid: int) -> None:
        """Does nothing."""

    def processor(self, units: int | None) -> None:
        """Does nothing."""

    def throttled(self) -> float:
        """Nothing ever waits."""
        return 0.0

    def close(self) -> None:
        """Does nothing."""


@dataclass
class Cgroup1:
    """Control groups of version 1: a hierarchy each for processor and memory."""

    cpu: Path
    memory: Path
    kind: str = "cgroup v1"

    def __init__(self, name: str, memory: int | None) -> None:
        self.cpu, self.memory = _ROOT / "cpu" / name, _ROOT / "memory" / name
        self.cpu.mkdir()
        try:
            self.memory.mkdir()
            (self.memory / "memory.limit_in_bytes").write_text(str(memory * _MIB if memory else -1))
            (self.cpu / "cpu.cfs_period_us").write_text(str(_PERIOD))
            (self.cpu / "cpu.shares").write_text(str(_SHARES))
        except OSError:
            self.close()
            raise

    def add(self, pid: int) -> None:
        """Takes in a process with all its threads."""
        for folder in (self.cpu, self.memory):
            (folder / "cgroup.procs").write_text(str(pid))

    def processor(self, units: int | None) -> None:
        """Allows CPU units; None: as many as there are."""
        (self.cpu / "cpu.cfs_quota_us").write_text("-1" if units is None else str(_PERIOD * units // _UNITS))

    def throttled(self) -> float:
        """Seconds for which its threads have waited."""
        return _value(self.cpu / "cpu.stat", "throttled_time") / 1e9

    def close(self) -> None:
        """Forgets the limit."""
        _remove(self.cpu)
        _remove(self.memory)


@dataclass
class Cgroup2:
    """Control groups of version 2: one hierarchy."""

    folder: Path
    kind: str = "cgroup v2"

    def __init__(self, name: str, memory: int | None) -> None:
        (_ROOT / "cgroup.subtree_control").write_text("+cpu +memory")
        self.folder = _ROOT / name
        self.folder.mkdir()
        try:
            (self.folder / "memory.max").write_text(str(memory * _MIB) if memory else "max")
            (self.folder / "cpu.weight").write_text(str(_WEIGHT))
            with suppress(OSError):
                (self.folder / "memory.swap.max").write_text("0")
        except OSError:
            self.close()
            raise

    def add(self, pid: int) -> None:
        """Takes in a process with all its threads."""
        (self.folder / "cgroup.procs").write_text(str(pid))

    def processor(self, units: int | None) -> None:
        """Allows CPU units; None: as many as there are."""
        quota = "max" if units is None else str(_PERIOD * units // _UNITS)
        (self.folder / "cpu.max").write_text(f"{quota} {_PERIOD}")

    def throttled(self) -> float:
        """Seconds for which its threads have waited."""
        return _value(self.folder / "cpu.stat", "throttled_usec") / 1e6

    def close(self) -> None:
        """Forgets the limit."""
        _remove(self.folder)


def limit(name: str, memory: int | None) -> Limit:
    """A group for one task's processes.

    Args:
        name: Of the group, unique on this machine.
        memory: MiB beyond which the kernel ends the process, as Fargate would; None for no limit.
    """
    unique = f"chatload-{os.getpid()}-{name}"
    try:
        if (_ROOT / "cgroup.controllers").exists():
            return Cgroup2(unique, memory)
        if (_ROOT / "cpu").exists() and (_ROOT / "memory").exists():
            return Cgroup1(unique, memory)
    except OSError:
        pass
    return NoLimit()


def _value(file: Path, name: str) -> int:
    return next((int(line.split()[1]) for line in file.read_text().splitlines() if line.startswith(name)), 0)


def _remove(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
