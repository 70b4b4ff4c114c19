"""The local test's services fit each other and the image (G-39)."""

import re
from typing import Any

import pytest
import yaml

from dockerfile import stages
from services import IMAGE

COMPOSE: dict[str, Any] = yaml.safe_load((IMAGE / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OWN = ["migrate", "backend", "relay"]


def test_g39_postgresql_redis_and_the_backend_on_port_9000() -> None:
    assert set(SERVICES) == {"postgres", "redis", *OWN}
    assert SERVICES["backend"]["ports"] == [f"9000:{stages()[-1].last('EXPOSE')}"]
    assert "command" not in SERVICES["backend"], "the image's own command is what is tested"
    environment = SERVICES["backend"]["environment"]
    assert (environment["DJANGO_SECRET_KEY"], environment["DEBUG"]) == ("test", "True")


def test_images_of_others_are_pinned_by_digest() -> None:
    others = [each["image"] for name, each in SERVICES.items() if name not in OWN]
    assert [each for each in others if not re.fullmatch(r"\S+:\S+@sha256:[0-9a-f]{64}", each)] == []


def test_the_backend_finds_its_database_and_redis() -> None:
    backend, database = SERVICES["backend"]["environment"], SERVICES["postgres"]["environment"]
    assert backend["POSTGRES_HOST"] in SERVICES
    assert backend["REDIS_HOST"] in SERVICES
    for name in ("POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD"):
        assert backend[name] == database[name]


@pytest.mark.parametrize("service", OWN)
def test_every_service_of_ours_waits_for_healthy_servers(service: str) -> None:
    waits = SERVICES[service]["depends_on"]
    for server in ("postgres", "redis"):
        assert waits[server] == {"condition": "service_healthy"}
        assert SERVICES[server]["healthcheck"]["test"]
    if service != "migrate":
        assert waits["migrate"] == {"condition": "service_completed_successfully"}


def test_the_overlay_is_the_folder_of_the_dockerfile() -> None:
    for service in OWN:
        build = SERVICES[service]["build"]
        assert build["dockerfile"] == f"{build['additional_contexts']['overlay']}/Dockerfile"
        assert build["context"].startswith("${CHATPOP_SOURCE:?")


def test_only_what_serves_http_has_the_images_health_check() -> None:
    assert [name for name in OWN if SERVICES[name].get("healthcheck") == {"disable": True}] == ["migrate", "relay"]
