"""The servers of an offline run: PostgreSQL, Redis, the relay, and tasks that are limited as Fargate's are."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from .limit import Limit, limit

REPOSITORY = Path(__file__).resolve().parents[2]
IMAGE = REPOSITORY / "image"
sys.path.append(str(IMAGE / "tests"))

from services import Process, eventually, free_port, postgres, redis, running  # noqa: E402

_USER = "chatpop_admin"
_HEALTH = "/admin/login/"


@dataclass(frozen=True)
class Setup:
    """What is measured.

    Attributes:
        python: The interpreter that has the application's packages.
        backend: The folder of the application: ChatPop's own or the stand-in's.
        server: `daphne` or `uvicorn`.
        layer: `core` or `pubsub`.
        outbox: Whether messages go through the outbox and its relay.
        cpu: CPU units of a task, 1024 to a core; None for no limit.
        memory: MiB of a task.
        variables: Further variables of the application.
    """

    python: Path
    backend: Path
    server: str = "daphne"
    layer: str = "core"
    outbox: bool = False
    cpu: int | None = 512
    memory: int = 1024
    variables: dict[str, str] = field(default_factory=dict)


@dataclass
class Task:
    """One server process and its limit."""

    url: str
    process: Process
    limit: Limit

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.process.pid


@dataclass
class Stage:
    """All servers of a run."""

    setup: Setup
    folder: Path
    environment: dict[str, str]
    database: Process
    cache: Process
    beside: Limit
    relay: Process | None = None
    tasks: list[Task] = field(default_factory=list)
    _ends: ExitStack = field(default_factory=ExitStack)

    def start(self) -> Task:
        """Starts one more task and waits until it answers."""
        port = free_port()
        number = len(self.tasks) + 1
        control = limit(f"task{number}", self.setup.memory)
        self._ends.callback(control.close)
        log = self.folder / f"task{number}.log"
        command = server_command(self.setup)
        environment = {**self.environment, "CHATPOP_SERVER": self.setup.server, "CHATPOP_PORT": str(port)}
        process = self._ends.enter_context(running(command, environment=environment, log=log, folder=self.folder))
        control.add(process.pid)
        task = Task(f"http://127.0.0.1:{port}", process, control)
        self.tasks.append(task)
        try:
            eventually(lambda: _answers(task), f"the server of task {number}")
        except AssertionError as error:
            raise SystemExit(f"loadtest: {error}; its log ends with\n{log.read_text()[-2000:]}") from None
        return task

    def start_relay(self) -> None:
        """Starts the relay, beside the tasks and not limited, as it is a service of its own."""
        command = [*_python(self.setup), "-m", "django", "relay_outbox"]
        log = self.folder / "relay.log"
        self.relay = self._ends.enter_context(
            running(command, environment=self.environment, log=log, folder=self.folder)
        )
        self.beside.add(self.relay.pid)

    def start_elsewhere(self) -> str:
        """Starts what writes into rooms as other tasks would, and gives the path of its socket."""
        path = self.folder / "elsewhere"
        command = [*_python(self.setup), str(Path(__file__).with_name("elsewhere.py")), str(path)]
        log = self.folder / "elsewhere.log"
        process = self._ends.enter_context(running(command, environment=self.environment, log=log, folder=self.folder))
        self.beside.add(process.pid)
        eventually(path.exists, "the other tasks' writer")
        return str(path)

    def log_tail(self) -> str:
        """What the tasks have said last."""
        return "".join(log.read_text()[-1000:] for log in sorted(self.folder.glob("task*.log")))


def server_command(setup: Setup) -> list[str]:
    """How the image starts the server (`image/Dockerfile`)."""
    return [*_python(setup), "-m", "chatpop_aws.server"]


def _python(setup: Setup) -> list[str]:
    return [str(setup.python)]


def _answers(task: Task) -> bool:
    if task.process.poll() is not None:
        raise AssertionError(f"the server has ended with {task.process.returncode}")
    with suppress(OSError), urllib.request.urlopen(task.url + _HEALTH, timeout=5) as answer:  # noqa: S310 - loopback
        return bool(answer.status == 200)  # noqa: PLR2004
    return False


@contextmanager
def stage(setup: Setup) -> Iterator[Stage]:
    """PostgreSQL with the migrated schema, and Redis; all that was started ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="chatload-"))
    folder.chmod(0o755)
    password = secrets.token_hex(8)
    database_port, cache_port = free_port(), free_port()
    certificate = trustme.CA().issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(folder / "server.crt")
    certificate.private_key_pem.write_to_path(folder / "server.key")
    data = folder / "postgres"
    data.mkdir()
    search = os.pathsep.join([str(IMAGE), str(setup.backend)])
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": search,
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "chatpop_aws.settings",
        "DJANGO_SECRET_KEY": secrets.token_hex(32),
        "DEBUG": "False",
        "ALLOWED_HOSTS": "127.0.0.1",
        "POSTGRES_HOST": "127.0.0.1",
        "POSTGRES_PORT": str(database_port),
        "POSTGRES_DB": "postgres",
        "POSTGRES_USER": _USER,
        "POSTGRES_PASSWORD": password,
        "POSTGRES_SSLMODE": "require",
        "REDIS_HOST": "127.0.0.1",
        "REDIS_PORT": str(cache_port),
        "OUTBOX_ENABLED": str(setup.outbox),
        "CHANNEL_LAYER": setup.layer,
        **setup.variables,
    }
    with ExitStack() as ends:
        beside = limit("beside", None)
        ends.callback(beside.close)
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        files = (folder / "server.crt", folder / "server.key")
        database = ends.enter_context(
            postgres(data, database_port, _USER, password, *files, max_connections="300", shared_buffers="256MB")
        )
        cache = ends.enter_context(redis(cache_port))
        # Not limited, since they are machines of their own; but as far ahead of this machine's other work as tasks.
        for process in (database, cache):
            beside.add(process.pid)
        result = Stage(setup, folder, environment, database, cache, beside)
        ends.enter_context(result._ends)
        migrate = [*_python(setup), "-m", "django", "migrate", "-v", "0"]
        done = subprocess.run(migrate, env=environment, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"loadtest: migrate has failed with\n{done.stderr[-2000:]}")
        yield result
