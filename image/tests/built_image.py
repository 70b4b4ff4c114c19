"""The image itself, built and run: `image/test --build`. Slow, so that no other test run collects this file.

buildah builds in chroot isolation: that needs root, and neither Docker nor a daemon. PYTHON_IMAGE names the base;
without it the base is a Debian made by debootstrap, where no registry is within reach. ARCH names the architecture,
amd64 or arm64; without it, it is this machine's. CHATPOP_SOURCE names a ChatPop checkout; without it, the stand-in is
built.
"""

import http.client
import json
import os
import platform
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
from websockets.sync.client import connect

from conftest import ENVIRONMENT, World
from dockerfile import command, entry_point, lock_of
from services import IMAGE, PATIENCE, STANDIN, Process, eventually, listens, running

FOREIGN = "203.0.113.7:9000"
PORT = 9000
USER = "10001"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
DATABASE = "built"
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
ARCH = os.environ.get("ARCH") or next(name for name, machine in MACHINES.items() if machine == platform.machine())


class Builder:
    """buildah with a store of its own, which goes with the test run."""

    def __init__(self, folder: Path) -> None:
        """Keeps everything under a folder."""
        self.folder = folder
        store = ["--root", folder / "store", "--runroot", folder / "run", "--storage-driver", "vfs"]
        self.line = ["buildah", *map(str, store)]
        (folder / "tmp").mkdir()
        self.environment = {**os.environ, "BUILDAH_ISOLATION": "chroot", "TMPDIR": str(folder / "tmp")}

    def answer(self, *arguments: str | Path) -> str:
        """Runs buildah, and gives what it prints."""
        line = [*self.line, *map(str, arguments)]
        process = subprocess.run(line, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert process.returncode == 0, f"buildah {arguments[0]} failed; what it said is above"
        return process.stdout

    def __call__(self, *arguments: str | Path) -> str:
        """Runs buildah, and gives the last line that it prints."""
        return self.answer(*arguments).strip().rpartition("\n")[2]

    def base(self) -> str:
        """The base image: the given one, or Debian's Python where no registry is within reach."""
        if given := os.environ.get("PYTHON_IMAGE"):
            return given
        root = self.folder / "debian"
        packages = "ca-certificates,python3,python3-venv,python-is-python3"
        subprocess.run(
            ["debootstrap", f"--arch={ARCH}", "--variant=minbase", f"--include={packages}", "bookworm", root],
            check=True,
        )
        container = self("from", "scratch")
        self("add", "-q", container, root, "/")
        self("config", "--arch", ARCH, container)
        self("commit", "-q", "--rm", container, "chatpop-base")
        shutil.rmtree(root)
        return "localhost/chatpop-base"

    def build(self) -> str:
        """Builds the image, and gives a container of it."""
        context = _context(self.folder / "context")
        mounts = [f"{file}:{file}:ro" for file in (AUTHORITIES, "/etc/pip.conf") if Path(file).exists()]
        dockerfile = ["-f", f"{IMAGE}/Dockerfile", "--ignorefile", f"{IMAGE}/Dockerfile.dockerignore"]
        volumes = [part for mount in mounts for part in ("-v", mount)]
        base = f"PYTHON_IMAGE={self.base()}"
        self(
            "bud",
            "--layers=false",
            "--arch",
            ARCH,
            *dockerfile,
            *volumes,
            "--build-arg",
            base,
            "-t",
            "chatpop",
            context,
        )
        [image] = json.loads(self.answer("images", "--json", "localhost/chatpop"))
        print(f"the image: {image['size']}")
        return self("from", "localhost/chatpop")


def _context(folder: Path) -> Path:
    """A checkout with the overlay beside it, as a builder wants it that knows no named contexts."""
    backend = folder / "backend"
    if source := os.environ.get("CHATPOP_SOURCE"):
        shutil.copytree(Path(source) / "backend", backend, symlinks=True)
    else:
        shutil.copytree(STANDIN, backend, ignore=shutil.ignore_patterns("__pycache__", "staticfiles"))
        frozen, _, _ = (IMAGE / "tests" / "requirements.txt").read_text().partition("# Tools")
        (backend / "requirements.txt").write_text(frozen)
    (backend / ".env").write_text("SECRET=must stay out of the image\n")
    shutil.copytree(IMAGE, folder / "image", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return folder


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    folder = tmp_path_factory.mktemp("buildah")
    yield Builder(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def container(builder: Builder) -> str:
    return builder.build()


class Task:
    """Runs commands in the container as ECS would: by the entry point, as the image's user, on this network."""

    def __init__(self, builder: Builder, container: str, world: World) -> None:
        """Gives the container a database of its own."""
        self.builder, self.container = builder, container
        variables = {name: value for name, value in ENVIRONMENT.items() if name != "DJANGO_SETTINGS_MODULE"}
        variables |= {"POSTGRES_DB": DATABASE, "ALLOWED_HOSTS": "chat.example.com"}
        self.variables = [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]

    def line(self, *words: str) -> list[str]:
        """What starts a command."""
        return [*self.builder.line, "run", *self.variables, self.container, "--", *entry_point(), *words]

    def run(self, *words: str) -> str:
        """The output of a command that ends well."""
        process = subprocess.run(self.line(*words), env=self.builder.environment, capture_output=True, text=True)
        assert process.returncode == 0, process.stdout + process.stderr
        return process.stdout

    @contextmanager
    def running(self, *words: str, log: Path) -> Iterator[Process]:
        """A command that goes on until the block ends."""
        with running(self.line(*words), environment=self.builder.environment, log=log) as process:
            yield process


@pytest.fixture(scope="module")
def task(builder: Builder, container: str, world: World) -> Iterator[Task]:
    ask("postgres", f"CREATE DATABASE {DATABASE}")
    task = Task(builder, container, world)
    task.run("python", "manage.py", "migrate", "--noinput")
    yield task
    ask("postgres", f"DROP DATABASE {DATABASE} WITH (FORCE)")


def ask(database: str, query: str) -> list[tuple[object, ...]]:
    """The answer of a database of the test's server."""
    connection = psycopg2.connect(
        host=ENVIRONMENT["POSTGRES_HOST"],
        port=ENVIRONMENT["POSTGRES_PORT"],
        user=ENVIRONMENT["POSTGRES_USER"],
        password=ENVIRONMENT["POSTGRES_PASSWORD"],
        dbname=database,
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


@pytest.fixture(scope="module")
def server(task: Task, folder: Path) -> Iterator[Process]:
    """The image's own command."""
    assert not listens(PORT), f"something on this machine has taken port {PORT}"
    with task.running(*command(), log=folder / "built.log") as process:
        eventually(lambda: listens(PORT) or process.poll() is not None, "the server")
        yield process


def get(path: str, host: str) -> tuple[int, str, str]:
    """Status, type and beginning of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    response = connection.getresponse()
    answer = response.status, response.getheader("Content-Type", ""), response.read(200).decode(errors="replace")
    connection.close()
    return answer


def processes(word: str) -> list[int]:
    """Python processes of the image's user with a word in their command line, which buildah's own repeats."""
    # An emulator stands before the program.
    line = rf"^(\S*binfmt\S* )?\S*python\S* .*{word}"
    found = subprocess.run(["pgrep", "-u", USER, "-f", line], capture_output=True, text=True)
    return [int(pid) for pid in found.stdout.split()]


def test_gap44_commands_run_as_user_10001_who_owns_nothing_but_the_media(task: Task) -> None:
    code = "import os; print(os.getuid(), os.getgid(), os.access('.', os.W_OK), os.access('media', os.W_OK))"
    assert task.run("python", "-c", code).split() == ["10001", "10001", "False", "True"]


def test_the_image_is_of_the_architecture_that_was_asked_for(builder: Builder, task: Task) -> None:
    image = json.loads(builder.answer("inspect", "--type", "image", "localhost/chatpop"))
    assert image["OCIv1"]["architecture"] == ARCH
    assert task.run("python", "-c", "import platform; print(platform.machine())").strip() == MACHINES[ARCH]


def test_the_image_holds_neither_compiler_nor_pip_nor_what_git_ignores(task: Task) -> None:
    code = (
        "import json, os, shutil, importlib.util as u; print(json.dumps(["
        "shutil.which('gcc'), u.find_spec('pip') and 'pip', os.path.exists('.env'), os.path.exists('image')]))"
    )
    assert json.loads(task.run("python", "-c", code)) == [None, None, False, False]


def test_what_is_installed_is_what_the_lock_says(builder: Builder, task: Task) -> None:
    context = builder.folder / "context"
    lock = lock_of(context / "backend" / "requirements.txt")
    if not lock.exists():
        pytest.skip(f"{lock.name} is not there: image/lock writes it")
    locked = {line.split()[0] for line in lock.read_text().splitlines() if "==" in line}
    code = "import json, importlib.metadata as m; print(json.dumps([[d.name, d.version] for d in m.distributions()]))"
    found = {
        f"{name.lower().replace('_', '-').replace('.', '-')}=={version}"
        for name, version in json.loads(task.run("python", "-c", code))
    }
    assert {each for each in found - locked if not each.startswith("setuptools==")} == set()


def test_the_list_of_what_is_in_the_image_is_complete(builder: Builder, task: Task) -> None:
    found = json.loads(task.run("python", "-m", "chatpop_aws.sbom"))
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.5")
    purls = [each["purl"] for each in found["components"]]
    assert len(purls) == len(set(purls))
    installed = task.run(
        "python", "-c", "import importlib.metadata as m; print(len({d.name for d in m.distributions()}))"
    )
    assert sum(each.startswith("pkg:pypi/") for each in purls) == int(installed)
    assert any(each.startswith("pkg:pypi/django@5.0") for each in purls)
    status = task.run("cat", "/var/lib/dpkg/status")
    assert sum(each.startswith("pkg:deb/debian/") for each in purls) == status.count("\nStatus: install ok installed")
    assert any(each.startswith("pkg:deb/debian/ffmpeg@") for each in purls)


def test_ffmpeg_encodes_what_a_phone_records(task: Task) -> None:
    sound = ["-f", "lavfi", "-i", "sine=duration=0.1"]
    task.run("ffmpeg", "-loglevel", "error", *sound, "-c:a", "libopus", "media/voice.webm")
    task.run("ffmpeg", "-loglevel", "error", "-i", "media/voice.webm", "-c:a", "aac", "media/voice.m4a")
    assert "codec_name=aac" in task.run("ffprobe", "-loglevel", "error", "-show_streams", "media/voice.m4a")


def test_the_code_is_compiled_since_nobody_can_write_it_down_later(task: Task) -> None:
    code = "import os, django, chatpop_aws as own; print([os.path.exists(x.__cached__) for x in (own, django)])"
    assert task.run("python", "-c", code).strip() == "[True, True]"


def test_g46_the_migration_applies_everything(task: Task) -> None:
    task.run("python", "manage.py", "migrate", "--check", "--noinput")
    assert ask(DATABASE, "SELECT to_regclass('chats_outboxevent')::text") == [("chats_outboxevent",)]


@pytest.mark.usefixtures("server")
def test_gap1_health_answers_a_foreign_host_and_the_admin_does_not() -> None:
    assert get("/healthz", FOREIGN)[0] == 200
    assert get("/admin/login/", FOREIGN)[0] == 400
    assert get("/admin/login/", "chat.example.com")[0] == 200


@pytest.mark.usefixtures("server")
def test_gap20_static_files_are_served() -> None:
    status, kind, _ = get("/static/admin/css/login.css", "chat.example.com")
    assert (status, kind.partition(";")[0]) == (200, "text/css")


@pytest.mark.usefixtures("server")
@pytest.mark.skipif("CHATPOP_SOURCE" in os.environ, reason="only the stand-in lets strangers write")
def test_a_message_goes_from_socket_to_socket_by_outbox_and_relay(task: Task, folder: Path) -> None:
    create = "from chats.models import ChatRoom; ChatRoom.objects.create(code='lobby')"
    task.run("python", "manage.py", "shell", "-c", create)
    log = folder / "relay.log"
    with task.running("python", "manage.py", "relay_outbox", log=log) as relay:
        eventually(lambda: "The relay is running" in log.read_text() or relay.poll() is not None, "the relay")
        address = f"ws://127.0.0.1:{PORT}/ws/chat/lobby/"
        with connect(address) as speaker, connect(address) as listener:
            speaker.send(json.dumps({"message": "hello"}))
            assert "hello" in str(listener.recv(timeout=PATIENCE))
        for pid in processes("relay_outbox"):
            os.kill(pid, signal.SIGTERM)
        assert relay.wait(60) == 0
    assert "The relay has stopped" in log.read_text()


def test_gap44_sigterm_ends_the_server(server: Process) -> None:
    # The last one with the server. buildah hands no signal on: the server itself gets it, as on ECS.
    assert get("/healthz", FOREIGN)[0] == 200
    for pid in processes("chatpop"):
        os.kill(pid, signal.SIGTERM)
    assert server.wait(60) == 0
    assert not listens(PORT)
