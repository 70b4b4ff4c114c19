"""The application's settings as the environment changes them."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from conftest import World
from services import IMAGE, REPOSITORY

SCRIPT = """
import json, sys
from chatpop_aws import settings
print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[1:]}, default=str))
"""


def load(world: World, *names: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SCRIPT, *names]
    return subprocess.run(command, env=world.environment(**changes), capture_output=True, text=True)


def settings(world: World, *names: str, **changes: str | None) -> dict[str, Any]:
    process = load(world, *names, **changes)
    assert process.returncode == 0, process.stderr
    result: dict[str, Any] = json.loads(process.stdout)
    return result


def test_every_variable_that_the_overlay_reads_is_in_the_documentation() -> None:
    page = (REPOSITORY / "docs" / "image.md").read_text()
    read = re.compile(r'(?:number|flag)\(\w*\.?environ\w*, "([A-Z_0-9]+)"|environ\w*\.get\("([A-Z_0-9]+)"')
    code = "".join(path.read_text() for path in sorted((IMAGE / "chatpop_aws").rglob("*.py")))
    names = {one or other for one, other in read.findall(code)} - {"CSRF_TRUSTED_ORIGINS"}
    assert {"OUTBOX_ENABLED", "CHATPOP_FRAME_RATE", "POSTGRES_REPLICA_HOST"} <= names
    assert {name for name in names if f"| `{name}`" not in page} == set()


def test_g113_no_router_and_no_alias_without_a_replica(world: World) -> None:
    found = settings(world, "DATABASES", "DATABASE_ROUTERS")
    assert found["DATABASE_ROUTERS"] == []
    assert list(found["DATABASES"]) == ["default"]


@pytest.mark.parametrize(("alias", "host"), [("default", "127.0.0.1"), ("read_replica", "replica")])
def test_g108_both_aliases_suit_the_proxy(world: World, alias: str, host: str) -> None:
    changes = {"POSTGRES_REPLICA_HOST": "replica", "POSTGRES_SSLMODE": "verify-full"}
    found = settings(world, "DATABASES", "DATABASE_ROUTERS", **changes)
    database = found["DATABASES"][alias]
    assert database["CONN_MAX_AGE"] == 0
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert database["OPTIONS"]["sslmode"] == "verify-full"
    assert database["HOST"] == host
    assert found["DATABASE_ROUTERS"] == ["chatpop_aws.db_router.ChatReadReplicaRouter"]


def test_tls_of_the_database_is_the_applications_choice_unless_set(world: World) -> None:
    options = settings(world, "DATABASES", POSTGRES_SSLMODE=None)["DATABASES"]["default"]["OPTIONS"]
    assert "sslmode" not in options
    assert options["tcp_user_timeout"] == 10_000, "a server that is gone without a word is noticed"


def test_the_channel_layer_sends_each_message_once_unless_set(world: World) -> None:
    found = settings(world, "CHANNEL_LAYERS", "CACHES", OUTBOX_ENABLED=None, REDIS_HOST="redis", REDIS_PORT="6379")
    assert found["CHANNEL_LAYERS"]["default"] == {
        "BACKEND": "chatpop_aws.channel_layer.PubSubChannelLayer",
        "CONFIG": {"hosts": [["redis", 6379]]},
    }
    assert found["CACHES"]["default"]["LOCATION"] == "redis://redis:6379/1"


def test_gap39_rooms_spread_over_several_hosts(world: World) -> None:
    found = settings(world, "CHANNEL_LAYERS", CHANNEL_LAYER_HOSTS="one:6380, two,")
    assert found["CHANNEL_LAYERS"]["default"]["CONFIG"]["hosts"] == [["one", 6380], ["two", 6379]]
    found = settings(world, "CHANNEL_LAYERS", CHANNEL_LAYER_HOSTS="one:6380,two", REDIS_TLS="True")
    assert found["CHANNEL_LAYERS"]["default"]["CONFIG"]["hosts"] == ["rediss://one:6380", "rediss://two:6379"]


def test_gap9_tls_reaches_every_use_of_redis(world: World) -> None:
    changes = {"REDIS_TLS": "True", "REDIS_HOST": "redis", "REDIS_PORT": "6379"}
    found = settings(world, "CHANNEL_LAYERS", "CACHES", **changes)
    assert found["CHANNEL_LAYERS"]["default"]["CONFIG"]["hosts"] == ["rediss://redis:6379"]
    assert found["CACHES"]["default"]["LOCATION"] == "rediss://redis:6379/1"


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("OUTBOX_ENABLED", "on", "allowed are True and False"),
        ("REDIS_TLS", "1", "allowed are True and False"),
        ("CHANNEL_LAYER_HOSTS", "one:port", "allowed is host or host:port"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(world: World, name: str, value: str, remedy: str) -> None:
    process = load(world, "DEBUG", **{name: value})
    assert process.returncode != 0
    last = process.stderr.strip().splitlines()[-1]
    assert name in last
    assert value in last
    assert remedy in last


def test_gap1_blanks_in_allowed_hosts_do_no_harm(world: World) -> None:
    found = settings(world, "ALLOWED_HOSTS", ALLOWED_HOSTS=" chat.example.com, ,10.0.0.7")
    assert found["ALLOWED_HOSTS"] == ["chat.example.com", "10.0.0.7"]


def test_gap16_gap19_media_go_to_the_bucket_with_the_tasks_role_and_no_acl(world: World) -> None:
    found = settings(world, "DEFAULT_FILE_STORAGE", "AWS_DEFAULT_ACL", AWS_STORAGE_BUCKET_NAME="media")
    assert found == {"DEFAULT_FILE_STORAGE": "storages.backends.s3boto3.S3Boto3Storage", "AWS_DEFAULT_ACL": None}
    without = settings(world, "DEFAULT_FILE_STORAGE")
    assert without["DEFAULT_FILE_STORAGE"] == "django.core.files.storage.FileSystemStorage"


def test_gap20_static_files_have_a_place_in_both_revisions(world: World) -> None:
    assert settings(world, "STATIC_ROOT")["STATIC_ROOT"].endswith("/standin/staticfiles")


def test_check_deploy_finds_nothing_where_there_is_https(world: World) -> None:
    changes = {
        "CSRF_TRUSTED_ORIGINS": "https://chat.example.com",
        "DJANGO_SECRET_KEY": "".join(map(chr, range(48, 112))),
    }
    line = [sys.executable, "-m", "django", "check", "--deploy", "--tag", "security", "--fail-level", "WARNING"]
    process = subprocess.run(line, env=world.environment(**changes), capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    found = settings(world, "SECURE_HSTS_SECONDS", CHATPOP_HSTS_SECONDS="60", **changes)
    assert found == {"SECURE_HSTS_SECONDS": 60}
    assert settings(world, "SECURE_HSTS_SECONDS") == {"SECURE_HSTS_SECONDS": None}
