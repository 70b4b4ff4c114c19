"""What the runbook says to type in a task's shell, typed in one (docs/operations/runbook.md)."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import World
from services import REPOSITORY, STANDIN

_PAGE = (REPOSITORY / "docs" / "operations" / "runbook.md").read_text()
COMMANDS = re.findall(r"^ *(python manage\.py dbshell(?:.*\\\n)*.*)$", _PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_psql_runs_in_a_task_with_what_django_knows(command: str, world: World) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = world.environment(PATH=path, POSTGRES_REPLICA_HOST="127.0.0.1", PGCONNECT_TIMEOUT="10")
    # A process that is not there cannot be ended, and nobody has to be asked for a password.
    typed = ["bash", "-c", command.replace("<pid>", "0")]
    run = subprocess.run(
        typed, cwd=STANDIN, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert re.search(r"\(\d+ rows?\)|UPDATE \d+", run.stdout)


def test_the_runbook_has_such_commands() -> None:
    assert len(COMMANDS) > 5


def test_messages_that_were_set_aside_are_looked_after_as_it_says(world: World) -> None:
    commands = re.findall(r"^ *python (manage\.py outbox .*)$", _PAGE, re.MULTILINE)
    assert commands == ["manage.py outbox --stuck", "manage.py outbox --retry all", "manage.py outbox --drop ID"]
    for command in commands[:2]:
        line = [sys.executable, *command.split()]
        run = subprocess.run(line, cwd=STANDIN, env=world.environment(), capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
