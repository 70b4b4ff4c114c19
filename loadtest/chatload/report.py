"""What a run says at its end: thresholds first."""

import html as markup
from typing import Any

from .scenario import Scale
from .thresholds import times

_USABLE = 0.9


def numbers(result: dict[str, Any]) -> dict[str, Any]:
    """Counts, and times in milliseconds."""
    return {
        "counts": result["counts"],
        "delivery": times(result["delivery"]).summary(),
        "connect": times(result["connect"]).summary(),
        "reconnected": times(result["reconnected"]).summary(),
        "clientLoopLag": times(result["loopLag"]).summary(),
        "refused": result["refused"],
        "closeCodes": result["closeCodes"],
        "otherFrames": result["otherFrames"],
        "sockets": result["sockets"],
        "frames": result["frames"],
        "bytesPerFrame": result["bytesPerFrame"],
    }


def text(outcome: dict[str, Any]) -> str:
    """The summary on the terminal."""
    lines = ["", "THRESHOLDS"]
    for each in outcome["thresholds"]:
        lines.append(f"  {'✓' if each['kept'] else '✗'} {each['condition']:<44} {each['value']}")
    lines += ["", "COUNTS", f"  {_pairs(outcome['counts'])}", "", "TIMES (ms)"]
    for name in ("delivery", "connect", "reconnected", "clientLoopLag"):
        if outcome[name]["count"]:
            lines.append(f"  {name:<14} {_pairs(outcome[name])}")
    lines += ["", "SOCKETS", f"  {outcome['sockets']} sockets, {outcome['bytesPerFrame']} B a frame"]
    lines.append(
        f"  refused: {_pairs(outcome['refused']) or 'none'}; closed: {_pairs(outcome['closeCodes']) or 'none'}"
    )
    if outcome["otherFrames"]:
        lines.append(f"  other frames: {_pairs(outcome['otherFrames'])}")
    for event in outcome.get("events", []):
        lines.append(f"  {event}")
    task = outcome["task"]
    where = f"{outcome['server']}, {outcome['layer']} layer, outbox {'on' if outcome['outbox'] else 'off'}"
    lines += ["", f"FIGURES ({outcome['application']}; {where})"]
    cpu = f"{task['cpu']} CPU units" if task["cpu"] else "processor not limited"
    limited = f"{cpu}, {task['memory']} MiB by {task['limit']}"
    lines.append(f"  task: {limited if task['limit'] != 'none' else 'NOT limited: this machine lets nobody limit it'}")
    for name, value in (outcome["figures"] or {}).items():
        lines.append(f"  {name:<38} {value:g}")
    machine = outcome["machine"]
    lines.append(f"  machine: {machine['cores']} cores of {machine['model']}, load average {machine['load']} before")
    for line in outcome.get("planned", []):
        lines.append(f"  {line}")
    return "\n".join(lines)


def planned(outcome: dict[str, Any], scale: Scale) -> list[str]:
    """Measured capacity of a task beside what the scale asks of it, and what to set when it falls short.

    A task's capacity is what fits into 90 % of its processor and memory.
    """
    figures, task = outcome["figures"], outcome["task"]
    if not figures or not task["cpu"] or outcome["scenario"]["spread"]:
        return []
    asked = scale.share()
    sockets = outcome["sockets"]
    pings = figures["idleCorePer10000Sockets"] / 10_000
    core = _USABLE * task["cpu"] / 1024 - pings * asked.sockets
    messages = core * 1000 / max(figures["cpuMillisecondsPerMessage"], 0.01)
    memory = _USABLE * task["memory"] * (1 << 20) - figures["baseMemoryMiB"] * (1 << 20)
    fits = memory / max(figures["bytesPerSocket"], 1)
    lines = [
        f"a task holds {messages:.0f} messages/s at fan-out {figures['fanOut']}; "
        f"{scale.name} asks {asked.messages_per_second:g}",
        f"a task's memory holds {fits:.0f} sockets (measured with {sockets}); {scale.name} asks {asked.sockets}",
    ]
    if figures["fanOut"] == scale.users_per_room:
        needed = (
            max(scale.messages_per_second / messages, scale.rooms * scale.users_per_room / fits) if messages > 0 else 0
        )
        if needed > scale.tasks:
            count = f"{needed:.0f}"
            lines.append(
                f"set: pulumi config set chatpop:desiredTasks {count}; pulumi config set chatpop:maxTasks {count}"
            )
            if outcome["server"] == "daphne":
                lines.append("or: pulumi config set chatpop:server uvicorn")
        else:
            lines.append(f"nothing to set: {scale.name}'s {scale.tasks} tasks hold its load")
    return lines


def _pairs(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def html(outcome: dict[str, Any], locust: str) -> str:
    """Locust's report with the summary before its charts."""
    summary = f'<pre style="font-size:14px;padding:16px;margin:0">{markup.escape(text(outcome))}</pre>'
    before, body, after = locust.partition("<body>")
    return before + body + summary + after
