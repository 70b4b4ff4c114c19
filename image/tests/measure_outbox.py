"""Measures the outbox on a PostgreSQL and Redis of its own: `python tests/measure_outbox.py [PART]… [ROWS]`.

PART is `table`, `relay` or `poison`; all of them without one. With CHATPOP_SOURCE the relay sends the messages of a
checkout: `CHATPOP_SOURCE=../ChatPop ../.engine/python-chatpop/bin/python tests/measure_outbox.py relay`.
ROWS (200000) is the number of entries that an old transaction holds; 3600000 are an hour of 1,000 messages a second.
"""

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import conftest

SOURCE = os.environ.get("CHATPOP_SOURCE")
if SOURCE:
    sys.path.insert(0, f"{SOURCE}/backend")
conftest.pytest_configure()

import trustme  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
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
from test_poison import NESTED, NUMBER  # noqa: E402

ROWS = next((int(each) for each in sys.argv[1:] if each.isdigit()), 200_000)
MESSAGES = 5_000
PAIRS, ROUNDS, HEALTHY = 5, 4, 5
# With the five characters before it the core layer refuses this room's name; the relay's sends to the other never end.
LONG, STALLED = "x" * 98, "stalled"


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
    """Messages a second, and processor time for each, saved and relayed."""
    more = {"host": get_user_model().objects.create(email="host@example.com")} if SOURCE else {}
    rooms = [ChatRoom.objects.create(code=f"ROOM{n}", **more) for n in range(200)]
    started = time.perf_counter()
    for number in range(MESSAGES):
        Message.objects.create(chat_room=rooms[number % len(rooms)], username="member", content="hello")
    print(f"{(time.perf_counter() - started) * 1000 / MESSAGES:.2f} ms to save a message with its event")
    courier = Relay().courier
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    while courier.relay_batch():
        pass
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{MESSAGES / seconds:.0f} messages a second, {cpu * 1000 / MESSAGES:.2f} ms of processor time each")


def poison() -> None:
    """From sending to hearing in healthy rooms, beside good messages of other rooms and beside poison."""
    for layer in ("pubsub", "core"):
        beside_poison(layer)


def beside_poison(layer: str) -> None:
    """The same with one of the channel layers."""
    Message.objects.all().delete()
    ChatRoom.objects.all().delete()
    world, port = conftest.World(), free_port()
    environment = world.environment(CHANNEL_LAYER=layer)
    codes = [f"healthy{n}" for n in range(HEALTHY)]
    rooms = {code: ChatRoom.objects.create(code=code) for code in [*codes, "noisy", "long", LONG, STALLED]}
    inputs = [("noisy", [NUMBER]), ("noisy", NESTED), (LONG, None), (STALLED, None)]
    good = [(code if code == "noisy" else "long", None) for code, _ in inputs]
    command = [sys.executable, str(Path(__file__).parent / "broken_relay.py"), "stall", STALLED]
    with ExitStack() as stack:
        stack.enter_context(container(world, port, CHANNEL_LAYER=layer))
        stack.enter_context(running(command, environment=environment))
        members = [stack.enter_context(connect(f"ws://127.0.0.1:{port}/ws/chat/{code}/")) for code in codes]
        heard(members, [], rooms)
        found: dict[bool, list[list[float]]] = {False: [], True: []}
        for turn in range(2 * PAIRS):
            # Good first, poison first, and so on: whatever else the machine does meets both.
            poisoned = turn % 4 in (1, 2)
            with transaction.atomic():
                left = OutboxEvent.objects.exclude(chat_code__in=codes).select_for_update(skip_locked=True)
                OutboxEvent.objects.filter(pk__in=[each.pk for each in left]).delete()
            found[poisoned].append(
                [each for _ in range(ROUNDS) for each in heard(members, inputs if poisoned else good, rooms)]
            )
    ratios = [
        statistics.median(bad) / statistics.median(well) for well, bad in zip(found[False], found[True], strict=True)
    ]
    for what, poisoned in (("good messages", False), ("poison", True)):
        quantiles = statistics.quantiles([each for turn in found[poisoned] for each in turn], n=100)
        print(f"{layer}, beside {what}: median {quantiles[49]:.0f} ms, 99 % within {quantiles[98]:.0f} ms")
    said = ", ".join(f"{each:.2f}" for each in ratios)
    print(f"{layer}, median beside poison / median beside good messages, pair by pair: {said}")


def heard(members: list[ClientConnection], others: list[tuple[str, Any]], rooms: dict[str, ChatRoom]) -> list[float]:
    """Milliseconds from each member's sending to hearing, right behind such messages of other rooms."""
    found = []
    for member in members:
        for code, waveform in others:
            Message.objects.create(chat_room=rooms[code], content="x", voice_waveform=waveform)
        started = time.perf_counter()
        member.send(json.dumps({"message": "hello"}))
        member.recv(timeout=120)
        found.append((time.perf_counter() - started) * 1000)
    return found


PARTS = [table, relay, poison]


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
        named = [part for part in PARTS if part.__name__ in sys.argv[1:]]
        for part in named or PARTS:
            part()
        connection.close()


if __name__ == "__main__":
    main()
