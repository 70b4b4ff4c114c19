"""No message is missing from what a reconnecting reader has seen, whatever is killed.

The sample of the suite becomes a trial of any number of saved messages, and of the real application:

    DELIVERY_MESSAGES=10000 CHATPOP_SOURCE=../ChatPop image/test -s -k reconnecting_reader
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
import pytest

from conftest import ENVIRONMENT, IMAGE, TESTS, World
from dockerfile import command, entry_point
from readers import Reader
from services import STANDIN, Process, cluster, eventually, free_port, listens, make_cluster, redis, running

ROOMS, READERS = 4, 3
# Faults of a longer run, the least number of messages saved between two, and those said while something is away.
FAULTS, BETWEEN, FEW = 16, 20, 20
# Messages said for each that must be saved, at most; what is said while something is away may be lost.
MOST = 5
# Seconds to wait for messages that may have been lost.
LONGEST_PAUSE = 0.1
# Seconds for everything to be right again after the last fault; a bound, and no measure of speed.
PATIENCE = 60

# Makes rooms, and what a member of each needs to connect, with the application's own means.
ROOMS_OF_THE_STANDIN = """
import django, json, sys; django.setup()
from chats.models import ChatRoom
codes = [f"ROOM{n}" for n in range(int(sys.argv[1]))]
for code in codes: ChatRoom.objects.create(code=code)
print(json.dumps([[code, ""] for code in codes for _ in range(int(sys.argv[2]))]))
"""
ROOMS_OF_CHATPOP = """
import django, json, sys; django.setup()
from django.contrib.auth import get_user_model
from chats.models import ChatRoom
try:
    from chats.security import ChatSessionValidator
except ImportError:
    from chats.utils.security.auth import ChatSessionValidator
host = get_user_model().objects.create_user(email="host@example.com", password="p")
members = []
for n in range(int(sys.argv[1])):
    code = f"ROOM{n}"
    ChatRoom.objects.create(code=code, name=code, host=host)
    for m in range(int(sys.argv[2])):
        token = ChatSessionValidator.create_session_token(code, f"member{m}")
        members.append([code, f"?session_token={token}"])
print(json.dumps(members))
"""


@dataclass
class Part:
    """A server that can be killed and started again."""

    start: Callable[[], AbstractContextManager[Process]]
    process: Process = field(init=False)
    _context: AbstractContextManager[Process] = field(init=False)

    def __enter__(self) -> "Part":
        self._context = self.start()
        self.process = self._context.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._context.__exit__(None, None, None)

    def kill(self) -> None:
        """Ends it and all that it has started, without a word."""
        # Stopped first: a child that it starts meanwhile would hold PostgreSQL's memory for ever.
        self.process.send_signal(signal.SIGSTOP)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        ids = children.read_text().split() if children.exists() else []
        self.process.kill()
        for each in ids:
            with suppress(ProcessLookupError):
                os.kill(int(each), signal.SIGKILL)
        self.process.wait()

    def start_again(self) -> None:
        """As ECS, RDS or ElastiCache does; PostgreSQL refuses while the memory of the one before is still in use."""
        for _ in range(PATIENCE):
            self.__exit__()
            self.__enter__()
            if self.process.poll() is None:
                return
            time.sleep(1)
        raise AssertionError(f"it ends with {self.process.returncode} whenever it is started")


@dataclass
class Chat:
    """Two tasks, two relays, PostgreSQL and Redis of their own, and the application."""

    folder: Path
    world: World
    stack: ExitStack
    parts: dict[str, list[Part]] = field(default_factory=dict)
    readers: list[Reader] = field(default_factory=list)
    said: int = 0
    kills: int = 0

    def __post_init__(self) -> None:
        source = os.environ.get("CHATPOP_SOURCE")
        self.home = Path(source) / "backend" if source else STANDIN
        self.ports = [free_port(), free_port()]
        self.database, cache = free_port(), free_port()
        path = os.pathsep.join([str(IMAGE), str(self.home), str(TESTS)])
        self.changes = {"POSTGRES_PORT": str(self.database), "REDIS_PORT": str(cache), "PYTHONPATH": path}
        self.environment = self.world.environment(**self.changes, PYTHONWARNINGS="ignore")
        (self.folder / "postgres").mkdir()
        user, password = ENVIRONMENT["POSTGRES_USER"], ENVIRONMENT["POSTGRES_PASSWORD"]
        make_cluster(self.folder / "postgres", user, password, *self._certificate())
        self.add("PostgreSQL", lambda: cluster(self.folder / "postgres", self.database))
        self.add("Redis", lambda: redis(cache))
        self._run("manage.py", "migrate", "--verbosity=0")
        rooms = ROOMS_OF_CHATPOP if source else ROOMS_OF_THE_STANDIN
        members = json.loads(self._run("-c", rooms, str(ROOMS), str(READERS)).splitlines()[-1])
        self.readers = [Reader(self.ports, code, query) for code, query in members]
        for number, port in enumerate(self.ports):
            self.add("server", self._server(number, port))
        for number in (1, 2):
            self.add("relay", self._relay(number))

    def _certificate(self) -> tuple[Path, Path]:
        certificate = self.world.authority.issue_cert("127.0.0.1")
        certificate.cert_chain_pems[0].write_to_path(self.folder / "own.crt")
        certificate.private_key_pem.write_to_path(self.folder / "own.key")
        return self.folder / "own.crt", self.folder / "own.key"

    def _server(self, number: int, port: int) -> Callable[[], AbstractContextManager[Process]]:
        line = [sys.executable if part == "python" else part for part in [*entry_point(), *command()]]
        log, environment = self.folder / f"server{number}.log", {**self.environment, "CHATPOP_PORT": str(port)}

        @contextmanager
        def start() -> Iterator[Process]:
            with running(line, environment=environment, log=log, folder=self.home) as process:
                eventually(lambda: listens(port) or process.poll() is not None, "the server")
                yield process

        return start

    def _relay(self, number: int) -> Callable[[], AbstractContextManager[Process]]:
        line = [sys.executable, "manage.py", "relay_outbox"]
        log = self.folder / f"relay{number}.log"
        return lambda: running(line, environment=self.environment, log=log, folder=self.home)

    def add(self, name: str, start: Callable[[], AbstractContextManager[Process]]) -> None:
        """Starts a part, which ends with the chat."""
        part = Part(start)
        self.stack.enter_context(part)
        self.parts.setdefault(name, []).append(part)

    def _run(self, *arguments: str) -> str:
        line = [sys.executable, *arguments]
        run = subprocess.run(line, cwd=self.home, env=self.environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return run.stdout

    def query(self, statement: str) -> list[tuple[str, ...]]:
        """Asks the database, as soon as it has recovered."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self._query(statement)
            except psycopg2.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def _query(self, statement: str) -> list[tuple[str, ...]]:
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.database,
            dbname=ENVIRONMENT["POSTGRES_DB"],
            user=ENVIRONMENT["POSTGRES_USER"],
            password=ENVIRONMENT["POSTGRES_PASSWORD"],
        )
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall()
        finally:
            connection.close()

    def saved(self) -> int:
        """Messages in the database."""
        [(count,)] = self.query("SELECT count(*)::text FROM chats_message")
        return int(count)

    def missing(self) -> int:
        """Messages that a member of their room has not seen, summed over the members."""
        rows = self.query(
            "SELECT r.code, m.id::text FROM chats_message m, chats_chatroom r WHERE r.id = m.chat_room_id"
        )
        seen = [(each.room, each.seen) for each in self.readers]
        return sum(room == where and key not in ids for room, key in rows for where, ids in seen)


@contextmanager
def chat(folder: Path, world: World) -> Iterator[Chat]:
    with ExitStack() as stack:
        yield Chat(folder, world, stack)


@contextmanager
def reading(readers: list[Reader]) -> Iterator[asyncio.AbstractEventLoop]:
    """All of them, in a thread of their own: a process ends with the thread that has started it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    tasks = [asyncio.run_coroutine_threadsafe(each.read(), loop) for each in readers]
    eventually(lambda: all(each.connects for each in readers), "everybody's connection")
    yield loop
    for each in tasks:
        each.cancel()
    # The sockets are closed within the loop, before it ends.
    asyncio.run_coroutine_threadsafe(asyncio.sleep(1), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def say(chat: Chat, count: int, loop: asyncio.AbstractEventLoop) -> None:
    """Messages by all members in turns, not many more at once than the servers that are left save."""
    for _ in range(count):
        writer = chat.readers[chat.said % len(chat.readers)]
        asyncio.run_coroutine_threadsafe(writer.write(f"message {chat.said}"), loop)
        chat.said += 1
        end = time.monotonic() + LONGEST_PAUSE
        time.sleep(0.01)
        while time.monotonic() < end and sum(each.unheard for each in chat.readers) > len(chat.readers):
            time.sleep(0.01)


def talk(chat: Chat, messages: int, between: int) -> None:
    """Until so many are saved, while after so many each a part is killed, and started again after a few more."""
    faults = [(name, part) for number in (0, 1) for name, parts in chat.parts.items() for part in parts[number:][:1]]
    with reading(chat.readers) as loop:
        while chat.kills < len(faults) or chat.saved() < messages:
            goal = chat.saved() + between
            while chat.saved() < goal:
                assert chat.said < MOST * messages, f"{chat.saved()} of {chat.said} messages were saved"
                say(chat, FEW, loop)
            name, part = faults[chat.kills % len(faults)]
            print(f"{chat.said} said, {chat.saved()} saved: kill -9 of {name}")
            part.kill()
            chat.kills += 1
            say(chat, FEW, loop)
            part.start_again()
            eventually(lambda: all(each.connected for each in chat.readers), "everybody's return")
        say(chat, FEW, loop)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            time.sleep(1)
            if not chat.query("SELECT 1 FROM chats_outboxevent WHERE NOT processed LIMIT 1") and not chat.missing():
                break


def report(chat: Chat) -> dict[str, int]:
    """What the run has shown."""
    frames = [count for each in chat.readers for count in each.frames.values()]
    return {
        "messages said": chat.said,
        "messages saved": chat.saved(),
        "kills": chat.kills,
        "readers": len(chat.readers),
        "reconnects": sum(each.connects - 1 for each in chat.readers),
        "frames": sum(frames),
        "frames seen twice": sum(count - 1 for count in frames),
        "only in the history": sum(len(each.loaded - set(each.frames)) for each in chat.readers),
        "missing": chat.missing(),
    }


@pytest.mark.skipif(sys.platform != "linux", reason="children of a process are found in /proc")
def test_nothing_is_missing_from_what_a_reconnecting_reader_has_seen(world: World, folder: Path) -> None:
    messages = int(os.environ.get("DELIVERY_MESSAGES", 6 * BETWEEN))
    # Not pytest's own: any other pytest that begins meanwhile shuts PostgreSQL's user out of that.
    files = folder / "delivery"
    files.mkdir()
    with chat(files, world) as running_chat:
        talk(running_chat, messages, max(BETWEEN, messages // FAULTS))
        found = report(running_chat)
    print(json.dumps(found))
    assert found["messages saved"] >= messages
    assert found["reconnects"] > 0
    assert found["missing"] == 0
