"""The nightly command: the application's own, or none."""

import subprocess
import sys
from pathlib import Path

from conftest import World

OWN = """
from django.core.management.base import BaseCommand

class Command(BaseCommand):
    def handle(self, *args, **options):
        self.stdout.write("The application cleans up")
"""


def clean_up(environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "cleanup_expired_photos"]
    folder = Path(__file__).parent / "standin"
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


def test_an_application_without_the_command_is_left_alone(world: World) -> None:
    assert clean_up(world.environment()) == "No photo expires in this revision of the application\n"


def test_the_command_of_the_application_comes_first(world: World, tmp_path: Path) -> None:
    commands = tmp_path / "photos" / "management" / "commands"
    commands.mkdir(parents=True)
    (tmp_path / "photos" / "__init__.py").touch()
    (commands / "cleanup_expired_photos.py").write_text(OWN)
    environment = world.environment()
    # The application's own settings, as the revision with the command has them, under the same overlay.
    (tmp_path / "april.py").write_text(
        "import chatpop.settings as application\n"
        "application.INSTALLED_APPS = [*application.INSTALLED_APPS, 'photos']\n"
        "from chatpop_aws.settings import *\n"
    )
    environment["PYTHONPATH"] += f":{tmp_path}"
    assert clean_up({**environment, "DJANGO_SETTINGS_MODULE": "april"}) == "The application cleans up\n"
