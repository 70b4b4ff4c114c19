"""Starts PostgreSQL and Redis once, and runs Django on the stand-in under the overlay's settings."""

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import django
import psycopg2
import pytest
import trustme

TESTS = Path(__file__).resolve().parent
IMAGE = TESTS.parent
sys.path[:0] = [str(IMAGE), str(TESTS / "standin"), str(TESTS)]

from services import free_port, postgres, redis  # noqa: E402

if TYPE_CHECKING:
    from room import Room

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "chatpop_aws.settings",
    "DJANGO_SECRET_KEY": "test",
    "DEBUG": "False",
    "POSTGRES_HOST": "127.0.0.1",
    "POSTGRES_PORT": str(free_port()),
    "POSTGRES_DB": "postgres",
    "POSTGRES_USER": "chatpop_admin",
    "POSTGRES_PASSWORD": "#not secret, but special!",
    "POSTGRES_SSLMODE": "require",
    "REDIS_HOST": "127.0.0.1",
    "REDIS_PORT": str(free_port()),
    "OUTBOX_ENABLED": "True",
}


@dataclass
class World:
    """The servers of a test run."""

    authority: trustme.CA = field(default_factory=trustme.CA)

    def environment(self, **changes: str | None) -> dict[str, str]:
        """Variables for a process under the overlay; None leaves one out."""
        search = os.pathsep.join([str(IMAGE), str(TESTS / "standin"), str(TESTS)])
        merged = {**ENVIRONMENT, "PATH": os.environ["PATH"], "PYTHONPATH": search, "PYTHONUNBUFFERED": "1", **changes}
        return {name: value for name, value in merged.items() if value is not None}


def pytest_configure() -> None:
    """Test modules import the application's models, so Django is set up before they are."""
    os.environ.update(ENVIRONMENT)
    # ChatPop's choice of a file storage is by a setting that goes with Django 5.1 (GAP-47).
    warnings.filterwarnings("ignore", message="The DEFAULT_FILE_STORAGE setting is deprecated")
    django.setup()


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder that another user may enter, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="chatpop-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def world(folder: Path) -> Iterator[World]:
    """PostgreSQL with the migrated schema, and Redis."""
    from django.core.management import call_command
    from django.db import connections

    world = World()
    certificate = world.authority.issue_cert("127.0.0.1", "localhost")
    certificate.cert_chain_pems[0].write_to_path(folder / "server.crt")
    certificate.private_key_pem.write_to_path(folder / "server.key")
    data = folder / "postgres"
    data.mkdir()
    database = postgres(
        data,
        int(ENVIRONMENT["POSTGRES_PORT"]),
        ENVIRONMENT["POSTGRES_USER"],
        ENVIRONMENT["POSTGRES_PASSWORD"],
        folder / "server.crt",
        folder / "server.key",
    )
    with database, redis(int(ENVIRONMENT["REDIS_PORT"])):
        call_command("migrate", verbosity=0)
        yield world
        connections.close_all()


@pytest.fixture
def empty(world: World) -> World:
    """The same, without messages, events and rooms."""
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("TRUNCATE chats_message, chats_chatroom, chats_outboxevent RESTART IDENTITY CASCADE")
    connection.close()
    return world


def connect() -> "psycopg2.extensions.connection":
    """A database connection of the test's own, beside Django's."""
    return psycopg2.connect(
        host=ENVIRONMENT["POSTGRES_HOST"],
        port=ENVIRONMENT["POSTGRES_PORT"],
        dbname=ENVIRONMENT["POSTGRES_DB"],
        user=ENVIRONMENT["POSTGRES_USER"],
        password=ENVIRONMENT["POSTGRES_PASSWORD"],
    )


@pytest.fixture
def room(empty: World) -> Iterator["Room"]:
    """An empty room with one member."""
    from room import Room

    member = Room()
    yield member
    member.close()
