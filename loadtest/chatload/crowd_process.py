"""A crowd as a process of its own: gevent's sockets cost too much for thousands of them.

`python -m chatload.crowd_process` takes a JSON line with the scenario and the targets on its standard input, then
commands, and says every second how it goes, a JSON object a line.
"""

import asyncio
import json
import os
import resource
import sys
import threading
from typing import Any

import uvloop

from .api import RefusedError
from .crowd import Crowd
from .scenario import Scenario


def _say(message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


async def _main() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    order = json.loads(sys.stdin.readline())
    crowd = Crowd(Scenario.of_json(order["scenario"]), order["targets"], order.get("elsewhere"), _say)
    loop = asyncio.get_running_loop()

    def listen() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(crowd.command, json.loads(line))
        # Whoever started this process is gone: nobody would end it.
        os._exit(1)

    threading.Thread(target=listen, daemon=True).start()
    # No run lasts for ever, whatever hangs: twice what it needs, and what a slow server may add.
    scenario = crowd.scenario
    limit = 600 + 2 * (scenario.idle + scenario.duration + scenario.sockets / scenario.ramp)
    try:
        await asyncio.wait_for(crowd.run(), limit)
    except (RefusedError, OSError, TimeoutError) as error:
        _say({"failed": f"{type(error).__name__}: {error}"})
    os._exit(0)


if __name__ == "__main__":
    uvloop.run(_main())
