"""A crowd on a task of its own, against a stack: `python -m chatload.worker`, the order in CHATLOAD_ORDER.

The last line of its log is the result.
"""

import json
import os
import sys
from typing import Any

import gevent
from locust.env import Environment

from .users import CrowdUser


def main() -> int:
    """Runs the crowd to its end."""
    results: list[dict[str, Any]] = []
    failures: list[str] = []

    def heard(message: dict[str, Any]) -> None:
        if result := message.get("result"):
            results.append(result)
        elif failure := message.get("failed"):
            failures.append(failure)
        elif phase := message.get("phase"):
            print(phase, flush=True)

    CrowdUser.order = json.loads(os.environ["CHATLOAD_ORDER"])
    CrowdUser.marks = [heard]
    runner = Environment(user_classes=[CrowdUser]).create_local_runner()
    runner.start(1, spawn_rate=1)
    while not results and not failures:
        gevent.sleep(0.5)
    runner.quit()
    print(json.dumps({"result": results[0]} if results else {"failed": failures[0]}), flush=True)
    return 0 if results else 1


if __name__ == "__main__":
    sys.exit(main())
