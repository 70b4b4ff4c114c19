"""The container's entry point, command and health check, run as the Dockerfile has them."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chatpop_aws.affinity import same_site
from chatpop_aws.entrypoint import allowed_hosts, own_address
from conftest import World
from dockerfile import command, entry_point
from services import STANDIN, Process, eventually, free_port, listens, running

FOREIGN = "203.0.113.7:9000"


@contextmanager
def container(world: World, port: int, log: Path | None = None, **changes: Any) -> Iterator[Process]:
    """The image's own entry point and command, except for the port."""
    line = [sys.executable if part == "python" else part for part in [*entry_point(), *command()]]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = world.environment(**{"PATH": path, "CHATPOP_PORT": str(port), **changes})
    with running(line, environment=environment, log=log) as process:
        eventually(lambda: listens(port) or process.poll() is not None, "the server")
        yield process


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def port(request: pytest.FixtureRequest, world: World, folder: Path) -> Iterator[int]:
    """A task whose load balancer is known as chat.example.com."""
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=STANDIN, env=world.environment(), check=True)
    number = free_port()
    changes = {"ALLOWED_HOSTS": "chat.example.com", "CHATPOP_SERVER": request.param}
    with container(world, number, folder / f"{request.param}.log", **changes):
        yield number
    shutil.rmtree(STANDIN / "staticfiles")


def get(port: int, path: str, host: str | None = None, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host or FOREIGN, **headers})
    response = connection.getresponse()
    response.msg["X-Body"] = response.read().decode(errors="replace")[:200].replace("\n", " ")
    connection.close()
    return response


def test_gap1_the_guides_health_check_passes_with_the_tasks_own_address(port: int) -> None:
    address = own_address()
    assert get(port, "/admin/login/", f"{address}:9000").status == 200
    assert get(port, "/admin/login/", "chat.example.com").status == 200


def test_gap1_any_other_host_is_refused(port: int) -> None:
    assert get(port, "/admin/login/", FOREIGN).status == 400


def test_an_unknown_host_writes_one_line(port: int, folder: Path, request: pytest.FixtureRequest) -> None:
    log = folder / f"{request.node.callspec.params['port']}.log"
    before = len(log.read_text().splitlines())
    for _ in range(3):
        get(port, "/admin/login/", "scanner.example.net")
    lines = log.read_text().splitlines()[before:]
    assert [("scanner.example.net" in line, len(line) < 200) for line in lines] == [(True, True)] * 3


def test_healthz_answers_whatever_the_host(port: int) -> None:
    response = get(port, "/healthz", FOREIGN)
    assert (response.status, response.msg["X-Body"]) == (200, "ok")
    assert response.getheader("Set-Cookie") is None


def test_healthz_deep_names_what_answers(port: int) -> None:
    response = get(port, "/healthz?deep", FOREIGN)
    assert response.status == 200
    assert json.loads(response.msg["X-Body"]) == {"database default": "ok", "redis 0": "ok"}


def test_a_failing_database_and_redis_take_no_task_out_of_service(world: World) -> None:
    number = free_port()
    nobody = str(free_port())
    with container(world, number, POSTGRES_PORT=nobody, REDIS_PORT=nobody):
        assert get(number, "/healthz").status == 200
        deep = get(number, "/healthz?deep")
    assert deep.status == 503
    assert json.loads(deep.msg["X-Body"]) == {"database default": "failed", "redis 0": "failed"}


def test_g55_the_first_answer_sets_the_affinity_cookie(port: int) -> None:
    cookie = get(port, "/admin/login/", "chat.example.com").msg.get_all("Set-Cookie", [])
    affinity = next(part for part in cookie if part.startswith("chatpop_affinity="))
    attributes = [part.strip() for part in affinity.split(";")[1:]]
    assert "HttpOnly" in attributes
    assert "SameSite=Lax" in attributes
    assert "Max-Age=86400" in attributes
    assert "Path=/" in attributes
    assert "Secure" not in attributes


def test_g55_the_cookie_is_secure_behind_https(port: int) -> None:
    forwarded = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https"}
    cookies = get(port, "/admin/login/", "chat.example.com", **forwarded).msg.get_all("Set-Cookie", [])
    assert any(cookie.startswith("chatpop_affinity=") and cookie.endswith("; Secure") for cookie in cookies)


def test_the_cookie_is_sent_from_other_sites_only_where_a_frontend_is_hosted_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert same_site(is_secure=True) == "Lax"
    monkeypatch.setenv("CHATPOP_SAME_SITE", "None")
    assert same_site(is_secure=True) == "None"
    assert same_site(is_secure=False) == "Lax"


def test_g55_a_client_that_has_the_cookie_keeps_it(port: int) -> None:
    response = get(port, "/admin/login/", "chat.example.com", Cookie="chatpop_affinity=mine")
    assert not any("chatpop_affinity" in cookie for cookie in response.msg.get_all("Set-Cookie", []))


def test_g36_gap20_static_files_are_served_without_debug(port: int) -> None:
    response = get(port, "/static/admin/css/login.css", "chat.example.com")
    assert response.status == 200
    assert response.getheader("Content-Type", "").startswith("text/css")


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_gap44_sigterm_reaches_the_server(world: World, server: str) -> None:
    number = free_port()
    with container(world, number, CHATPOP_SERVER=server) as process:
        # Daphne listens before it handles signals, and answers after.
        assert get(number, "/healthz").status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert not listens(number)


def test_gap24_a_thousand_clients_may_wait_for_their_connection(port: int) -> None:
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("only Linux tells the backlog of a socket")
    listening = subprocess.run(["ss", "-ltnH", f"sport = :{port}"], capture_output=True, text=True, check=True)
    limit = int(Path("/proc/sys/net/core/somaxconn").read_text())
    assert int(listening.stdout.split()[2]) == min(4096, limit)


def test_the_containers_health_check_tells_whether_daphne_answers(world: World) -> None:
    check = [sys.executable, "-m", "chatpop_aws.healthcheck"]
    assert not listens(9000), "the health check asks port 9000, which something else on this machine has taken"
    assert subprocess.run(check, env=world.environment(), stdout=subprocess.DEVNULL).returncode == 1
    with container(world, 9000):
        assert subprocess.run(check, env=world.environment(), stdout=subprocess.DEVNULL).returncode == 0


def test_g46_other_commands_pass_through_the_entry_point(world: World) -> None:
    line = [sys.executable, *entry_point()[1:], sys.executable, "manage.py", "migrate", "--check", "--noinput"]
    assert subprocess.run(line, cwd=STANDIN, env=world.environment()).returncode == 0


@pytest.mark.parametrize(("arguments", "sentence"), [([], "No command"), (["dafne"], "dafne: No such file")])
def test_a_wrong_command_is_told_in_one_sentence(world: World, arguments: list[str], sentence: str) -> None:
    line = [sys.executable, *entry_point()[1:], *arguments]
    process = subprocess.run(line, env=world.environment(), capture_output=True, text=True)
    assert process.returncode != 0
    assert process.stderr.startswith(sentence)
    assert "Traceback" not in process.stderr


def test_gap1_hosts_of_the_entry_point() -> None:
    assert allowed_hosts("chat.example.com", "10.0.0.7") == "chat.example.com,10.0.0.7"
    assert allowed_hosts("a, b ,", "10.0.0.7") == "a,b,10.0.0.7"
    assert allowed_hosts("10.0.0.7", "10.0.0.7") == "10.0.0.7"
    assert allowed_hosts(None, "10.0.0.7") == "localhost,127.0.0.1,10.0.0.7"
    assert allowed_hosts("chat.example.com", None) == "chat.example.com"


def test_a_host_name_without_address_does_not_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "nowhere.invalid")
    assert own_address() is None
