"""The Dockerfile holds what the guide asks for (G-32 … G-38, G-148) and what it leaves out (GAP-44)."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chatpop_aws.server import daphne_arguments
from dockerfile import Stage, command, entry_point, lock_of, stages
from services import IMAGE

overlay, build, final = stages()
PYTHON_IMAGE = next(
    line.removeprefix("ARG PYTHON_IMAGE=")
    for line in (IMAGE / "Dockerfile").read_text().splitlines()
    if line.startswith("ARG PYTHON_IMAGE=")
)


def packages(stage: Stage) -> set[str]:
    """Debian packages that a stage installs."""
    commands = " && ".join(stage.values("RUN")).split("&&")
    installs = [part.split("install", 1)[1].split() for part in commands if "apt-get install" in part]
    return {word for words in installs for word in words if not word.startswith("-")}


def position(stage: Stage, pattern: str) -> int:
    """Where a stage's first instruction that matches stands."""
    lines = [f"{name} {value}" for name, value in stage.instructions]
    return next(index for index, line in enumerate(lines) if re.search(pattern, line))


def environment(stage: Stage) -> dict[str, str]:
    """The variables that a stage sets."""
    return dict(part.split("=", 1) for value in stage.values("ENV") for part in value.split())


def test_g32_g148_the_guides_instructions_stand_in_its_order() -> None:
    lines = [f"{name} {value}" for stage in (build, final) for name, value in stage.instructions]
    guide = ["^ENV PYTHON", "apt-get install", "^COPY .*requirements", "install-packages", "^COPY backend/ "]
    for pattern in [*guide, "collectstatic", "^EXPOSE 9000", '^CMD .*"chatpop_aws.server"']:
        found = next(index for index, line in enumerate(lines) if re.search(pattern, line))
        lines = lines[found + 1 :]


def test_g33_base_image_and_python_settings() -> None:
    assert re.fullmatch(r"python:3\.11-slim@sha256:[0-9a-f]{64}", PYTHON_IMAGE)
    assert build.base == final.base == "${PYTHON_IMAGE}"
    assert environment(final)["PYTHONUNBUFFERED"] == "1"
    assert environment(final)["PYTHONDONTWRITEBYTECODE"] == "1"


def test_g34_system_packages_and_no_compiler_in_the_image() -> None:
    assert {"build-essential", "libpq-dev"} <= packages(build)
    assert packages(final) == {"ffmpeg", "libpq5", "postgresql-client"}
    for stage in (build, final):
        assert any("rm -rf /var/lib/apt/lists/*" in run for run in stage.values("RUN"))


def test_g35_requirements_are_installed_before_the_code_and_without_cache() -> None:
    assert position(build, "^COPY backend/requirements.txt") < position(build, "^RUN ./overlay/install-packages")
    assert not any(value.startswith("backend/ ") for value in build.values("COPY"))
    assert position(final, "^COPY --from=build /opt/venv") < position(final, "^COPY backend/ ")
    assert environment(final)["PATH"].startswith("/opt/venv/bin:")


def test_g36_gap20_collecting_static_files_may_not_fail_silently() -> None:
    [run] = [run for run in final.values("RUN") if "collectstatic --noinput" in run]
    assert "||" not in run
    assert position(final, "^COPY --from=overlay") < position(final, "collectstatic")


def test_g37_port_and_command() -> None:
    assert final.last("EXPOSE") == "9000"
    assert command() == ["python", "-m", "chatpop_aws.server"]
    line = daphne_arguments(9000)
    assert line[-1] == "chatpop.asgi:application"
    assert line[line.index("-e") + 1] == "tcp:port=9000:interface=0.0.0.0:backlog=4096"
    assert line[line.index("--websocket_connect_timeout") + 1] == "50"
    assert line[line.index("-v") + 1] == "0"
    assert "--proxy-headers" in line
    assert not {"-b", "-p"} & set(line), "-e opens the endpoint; -b and -p would open a second one"


def test_gap44_no_shell_between_docker_and_daphne() -> None:
    assert entry_point() == ["python", "-m", "chatpop_aws.entrypoint"]
    assert final.last("STOPSIGNAL") == "SIGTERM"


def test_gap44_the_container_does_not_run_as_root_and_checks_itself() -> None:
    assert final.last("USER") == "10001:10001"
    assert position(final, "^USER") > position(final, "collectstatic")
    assert final.last("HEALTHCHECK").endswith('CMD ["python", "-m", "chatpop_aws.healthcheck"]')


def test_the_overlay_is_used_and_may_come_from_either_place() -> None:
    assert (overlay.base, overlay.name) == ("scratch", "overlay")
    assert overlay.values("COPY") == ["image/ /"]
    assert "--from=overlay chatpop_aws/ ./chatpop_aws/" in final.values("COPY")
    assert environment(final)["DJANGO_SETTINGS_MODULE"] == "chatpop_aws.settings"


def test_what_is_copied_from_the_overlay_is_there() -> None:
    copies = [value.split()[1:-1] for stage in (build, final) for value in stage.values("COPY") if "=overlay" in value]
    sources = [source for copy in copies for source in copy]
    assert sources == ["requirements.txt", "install-packages", "locks/", "chatpop_aws/"]
    assert all((IMAGE / source).exists() for source in sources)


def test_both_architectures_build_from_the_same_lines() -> None:
    lines = [f"{name} {value}" for stage in stages() for name, value in stage.instructions]
    assert not [line for line in lines if re.search("amd64|arm64|x86_64|aarch64|--platform", line)]


def test_a_build_for_an_architecture_that_fargate_lacks_is_refused() -> None:
    line = [str(IMAGE / "test"), "--build"]
    process = subprocess.run(line, env={**os.environ, "ARCH": "riscv64"}, capture_output=True, text=True)
    assert (process.returncode, process.stderr) == (2, "image/test: ARCH is amd64 or arm64, not riscv64\n")


def test_no_secret_stays_in_the_image() -> None:
    assert not [name for name in environment(final) if re.search("KEY|PASSWORD|SECRET|TOKEN", name)]
    assert not final.values("ARG")


def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    line = [str(path) for path in (hadolint, "--config", IMAGE / ".hadolint.yaml", IMAGE / "Dockerfile")]
    process = subprocess.run(line, capture_output=True, text=True)
    assert (process.returncode, process.stdout) == (0, "")


def test_what_october_lacks_is_added_without_overruling_april() -> None:
    lines = [line for line in (IMAGE / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    names = {re.split("[<>=]", line)[0] for line in lines}
    october_lacks = {"boto3", "django-constance", "django-storages", "drf-spectacular", "ffmpeg-python", "PyJWT"}
    assert names == october_lacks | {"whitenoise", "hiredis", "uvicorn", "httptools", "uvloop", "websockets"}
    assert all(re.search(r">=[\d.]+,<\d", line) for line in lines), "exact versions would clash with the application's"


def test_packages_are_pinned_by_hash_for_lists_that_have_a_lock(folder: Path) -> None:
    standin, _, _ = (IMAGE / "tests" / "requirements.txt").read_text().partition("# Tools")
    (folder / "overlay").symlink_to(IMAGE)
    (folder / "pip").write_text('#!/bin/sh\necho "$@"\n')
    (folder / "pip").chmod(0o755)

    def install(requirements: str) -> subprocess.CompletedProcess[str]:
        (folder / "requirements.txt").write_text(requirements)
        variables = {"PATH": f"{folder}:/usr/bin:/bin"}
        line = [str(IMAGE / "install-packages")]
        return subprocess.run(line, cwd=folder, env=variables, text=True, capture_output=True, check=True)

    pinned, free = install(standin), install("Django\n")
    (folder / "requirements.txt").write_text(standin)
    lock = lock_of(folder / "requirements.txt")
    assert lock.exists(), "a list has changed: run image/lock, and again with each revision of ChatPop"
    assert (
        pinned.stdout == f"install --no-cache-dir --require-hashes --no-deps --requirement overlay/locks/{lock.name}\n"
    )
    lists = "--requirement requirements.txt --requirement overlay/requirements.txt"
    assert (free.stdout, "image/lock" in free.stderr) == (f"install --no-cache-dir {lists}\n", True)


@pytest.mark.parametrize("lock", sorted((IMAGE / "locks").glob("*.txt")), ids=lambda file: file.stem)
def test_every_package_of_a_lock_has_an_exact_version_and_hashes(lock: Path) -> None:
    entries = lock.read_text().replace("\\\n", " ").splitlines()
    assert entries
    assert [each for each in entries if not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", each)] == []
