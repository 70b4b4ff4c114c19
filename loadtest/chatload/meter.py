"""What a process uses, from /proc."""

import json
import os
import platform
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def _fields(pid: int) -> list[str]:
    # The name, second and in brackets, may hold anything.
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def cpu_seconds(pid: int) -> float:
    """Processor seconds of a process, its children, and those that it has waited for; 0 when it is gone."""
    try:
        fields = _fields(pid)
    except OSError:
        return 0.0
    total = sum(int(field) for field in fields[11:15]) / _TICKS
    with suppress(OSError):
        for task in (_PROC / str(pid) / "task").iterdir():
            children = (task / "children").read_text().split()
            total += sum(cpu_seconds(int(child)) for child in children)
    return total


def memory(pid: int) -> int:
    """Bytes that a process holds in memory; 0 when it is gone."""
    with suppress(OSError):
        for line in (_PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return 0


def reference() -> float:
    """Milliseconds of processor that a fixed piece of work takes now, by which machines and moments can be compared.

    A core that shares its circuits with a busy one takes longer for the same work, although it counts as one core.
    """
    work = {"id": "0" * 36, "content": "x" * 100, "numbers": list(range(20))}
    start = time.thread_time()
    for _ in range(500):
        json.loads(json.dumps(work))
    return (time.thread_time() - start) * 1000


@dataclass(frozen=True)
class Machine:
    """Where a figure comes from."""

    cores: int
    model: str
    load: float

    @staticmethod
    def here() -> "Machine":
        """The machine of this process, now."""
        model = platform.processor() or platform.machine()
        with suppress(OSError):
            lines = (_PROC / "cpuinfo").read_text().splitlines()
            model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), model)
        return Machine(os.cpu_count() or 1, model, round(os.getloadavg()[0], 1))
