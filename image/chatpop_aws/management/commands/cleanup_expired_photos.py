"""`python manage.py cleanup_expired_photos`, where the application has no such command of its own.

It is run every night, whatever the revision. Django takes a command from the first of INSTALLED_APPS that has it, and
this package is the last of them: a revision with photos that expire cleans up itself.
"""

from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Says that there is nothing to do."""

    help = "Does nothing: no photo expires in this revision of the application."

    def handle(self, *args: Any, **options: Any) -> None:
        """Succeeds, so that a failure of the nightly task is meaningful."""
        self.stdout.write("No photo expires in this revision of the application")
