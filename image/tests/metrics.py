"""CloudWatch's metric filters, and the lines of a log that they would count."""

import json
import re
from pathlib import Path

from services import REPOSITORY

METRICS = json.loads((REPOSITORY / "stacks" / "plan" / "monitoring" / "logMetrics.json").read_text())


def matches(pattern: str, line: str) -> bool:
    """CloudWatch's filter syntax, as far as it is used: `"every" "phrase"`, `?"one" ?"phrase"`, `{ $.number >= 0 }`."""
    if re.fullmatch(r'\?"[^"]+"( \?"[^"]+")*', pattern):
        return any(phrase in line for phrase in re.findall('"([^"]+)"', pattern))
    if re.fullmatch('"[^"]+"( "[^"]+")*', pattern):
        return all(phrase in line for phrase in re.findall('"([^"]+)"', pattern))
    field = re.fullmatch(r"\{ \$\.(\w+) >= 0 \}", pattern)
    assert field, f"the test does not know patterns like {pattern}"
    try:
        value = json.loads(line)[field[1]]
    except (ValueError, KeyError, TypeError):
        return False
    return isinstance(value, int | float) and value >= 0


def counted(log: Path, key: str) -> list[str]:
    """The lines of a log that a metric filter would count."""
    return [line for line in log.read_text().splitlines() if matches(METRICS[key]["pattern"], line)]
