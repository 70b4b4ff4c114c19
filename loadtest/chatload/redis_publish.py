"""Publishes messages at a steady rate through the overlay's own channel layer.

Run by its path with the application's packages: `redis_publish.py <port> <rooms> <messages a second> <seconds>`.
Says at its end how many it has sent and how many processes have received them by Redis's own count.
"""

import asyncio
import json
import random
import sys
import time

from elsewhere import event

from chatpop_aws.channel_layer import PubSubChannelLayer


async def main(port: int, rooms: int, rate: float, seconds: float) -> None:
    """Sends, each message at its time, whether or not the last one has been answered."""
    layer = PubSubChannelLayer(hosts=[("127.0.0.1", port)])
    sending: set[asyncio.Task[int]] = set()
    received = sent = 0

    def done(task: asyncio.Task[int]) -> None:
        nonlocal received
        received += task.result()
        sending.discard(task)

    start = time.monotonic()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, start + number / rate - time.monotonic()))
        room = random.randrange(rooms)  # noqa: S311
        task = asyncio.create_task(layer.group_send(f"chat_{room}", event(str(room), "x" * 100)))
        sending.add(task)
        task.add_done_callback(done)
        sent += 1
    await asyncio.gather(*sending)
    print(json.dumps({"sent": sent, "received": received, "seconds": round(time.monotonic() - start, 2)}))
    await layer.flush()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))
