"""Measures the outbox's table and relay on a PostgreSQL and Redis of its own: `python tests/measure_outbox.py [ROWS]`.

ROWS (200000) is the number of entries that an old transaction holds; 3600000 are an hour of 1,000 messages a second.
"""

import json
import resource
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import conftest

conftest.pytest_configure()

import trustme  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from websockets.sync.client import ClientConnection, connect  # noqa: E402

from chatpop_aws.events import CleanUp, FreshEvents, Stragglers  # noqa: E402
from chatpop_aws.models import OutboxEvent  # noqa: E402
from chatpop_aws.relay import Relay  # noqa: E402
from chats.models import ChatRoom, Message  # noqa: E402
from services import free_port, postgres, redis, running  # noqa: E402
from test_container import container  # noqa: E402
from test_outbox_table import FILL, GUIDE, execute, old_transaction  # noqa: E402

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
MESSAGES = 5_000
TURNS, ROUNDS = 4, 100
# What a room's member can send and the channel layer cannot: a number of thirty digits, and 600 lists in lists.
POISON = ["[" + "9" * 30 + "]", "[" * 600 + "]" * 600]


def look(source: FreshEvents | Stragglers) -> float:
    """Milliseconds of a look that finds nothing, the best of ten."""
    found = []
    for _ in range(10):
        started = time.perf_counter()
        with transaction.atomic():
            source.take(100)
        found.append(time.perf_counter() - started)
    return min(found) * 1000


def table() -> None:
    """Size, clean-up, and a look behind an old transaction."""
    execute(FILL.replace("statement_timestamp()", "clock_timestamp()"), count=ROWS)
    execute("VACUUM ANALYZE chats_outboxevent")
    [(size,)] = execute("SELECT pg_total_relation_size('chats_outboxevent')")
    print(f"{size / ROWS:.0f} bytes a waiting event, with all indexes")
    source = FreshEvents(0)
    with old_transaction():
        OutboxEvent.objects.all().delete()
        print(f"{look(Stragglers(source)):.1f} ms for a look at the whole table behind {ROWS} old entries")
        with transaction.atomic():
            source.take(100)
        print(f"{look(source):.2f} ms for a look at what is new")
    execute(FILL, count=50_000)
    execute("UPDATE chats_outboxevent SET processed = true, processed_at = now() - interval '2 hours'")
    clean_up, started = CleanUp(timedelta(hours=1)), time.perf_counter()
    deleted = sum(iter(clean_up, 0))
    print(f"{deleted / (time.perf_counter() - started):.0f} kept events a second are cleaned up")


def relay() -> None:
    """Messages a second, and processor time for each, on the stand-in's small messages."""
    rooms = [ChatRoom.objects.create(code=f"ROOM{n}") for n in range(200)]
    for number in range(MESSAGES):
        Message.objects.create(chat_room=rooms[number % len(rooms)], content="hello")
    courier = Relay().courier
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    while courier.relay_batch():
        pass
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{MESSAGES / seconds:.0f} messages a second, {cpu * 1000 / MESSAGES:.2f} ms of processor time each")


def poison() -> None:
    """From sending to hearing in one room, while another says nothing, says as much, and sends what cannot be sent."""
    world, port = conftest.World(), free_port()
    for code in ("calm", "noisy"):
        ChatRoom.objects.create(code=code)
    address = f"ws://127.0.0.1:{port}/ws/chat/"
    command = [sys.executable, "manage.py", "relay_outbox"]
    good = ['{"message": "x"}'] * len(POISON)
    bad = [f'{{"message": "x", "voice_waveform": {waveform}}}' for waveform in POISON]
    with ExitStack() as stack:
        stack.enter_context(container(world, port))
        stack.enter_context(running(command, environment=world.environment()))
        member = stack.enter_context(connect(f"{address}calm/"))
        other = stack.enter_context(connect(f"{address}noisy/", max_queue=None))
        heard(member, other, [], 20)
        found: dict[str, list[float]] = {}
        # In turns, so that whatever else the machine does meets all three.
        for _ in range(TURNS):
            for what, frames in (("nothing", []), ("as much", good), ("poison", bad)):
                OutboxEvent.objects.filter(attempts__gt=0).delete()
                found.setdefault(what, []).extend(heard(member, other, frames, ROUNDS))
    for what, times in found.items():
        quantiles = statistics.quantiles(times, n=100)
        print(f"the other room says {what}: {quantiles[49]:.1f} ms, 1 % over {quantiles[98]:.1f} ms")


def heard(member: ClientConnection, other: ClientConnection, frames: list[str], rounds: int) -> list[float]:
    """Milliseconds from sending to hearing, each time beside such frames of the other room."""
    found = []
    for _ in range(rounds):
        for frame in frames:
            other.send(frame)
        started = time.perf_counter()
        member.send(json.dumps({"message": "hello"}))
        member.recv(timeout=60)
        found.append((time.perf_counter() - started) * 1000)
        time.sleep(0.05)
    return found


def main() -> None:
    """Starts the servers, and measures."""
    environment = conftest.ENVIRONMENT
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="outbox-")))
        folder.chmod(0o755)
        certificate = trustme.CA().issue_cert("127.0.0.1")
        certificate.cert_chain_pems[0].write_to_path(folder / "own.crt")
        certificate.private_key_pem.write_to_path(folder / "own.key")
        (folder / "postgres").mkdir()
        user, password = environment["POSTGRES_USER"], environment["POSTGRES_PASSWORD"]
        port = int(environment["POSTGRES_PORT"])
        files = folder / "own.crt", folder / "own.key"
        stack.enter_context(postgres(folder / "postgres", port, user, password, *files))
        stack.enter_context(redis(int(environment["REDIS_PORT"])))
        call_command("migrate", verbosity=0)
        execute(GUIDE)
        table()
        relay()
        poison()
        connection.close()


if __name__ == "__main__":
    main()
