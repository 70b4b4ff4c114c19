"""When Python looks for objects that only refer to each other: seldom, because nothing is delivered meanwhile.

Python looks through all objects whenever a quarter more of them have grown old. With 10,000 sockets that takes 1.2 s
to 2.4 s of half a core, and makes the slowest hundredth of all deliveries (docs/performance.md). What is left behind is
about 5 kB of each socket that has ended. So the oldest objects are looked through when as many sockets have ended as
are open: what waits for it stays within about a tenth of what open sockets hold, and each socket pays for it once. What
requests leave behind is found once in an hour or two.
"""

import asyncio
import gc
import random
import threading
import time

# Fewer are not worth the pause.
_LEAST = 1_000
_ended = 0


def spare() -> None:
    """Leaves the oldest objects to reference counts and to what is below."""
    gc.set_threshold(5_000, 20, 100_000)

    def collect() -> None:
        while True:
            # Tasks of one deployment must not stand still at the same time.
            time.sleep(random.uniform(3_600, 7_200))  # noqa: S311
            gc.collect()

    threading.Thread(target=collect, name="collect", daemon=True).start()


def ended(still_open: int) -> None:
    """Counts a socket that has ended, in the event loop that served it."""
    global _ended  # noqa: PLW0603
    _ended += 1
    if _ended >= max(_LEAST, still_open):
        _ended = 0
        asyncio.get_running_loop().call_soon(gc.collect)
