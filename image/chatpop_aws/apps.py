"""The overlay as a Django application."""

from django.apps import AppConfig, apps
from django.conf import settings


class ChatpopAwsConfig(AppConfig):
    """Owns the outbox and switches it on."""

    name = "chatpop_aws"
    verbose_name = "ChatPop on AWS"

    def ready(self) -> None:
        """Lets new messages leave events once all models are there."""
        if settings.OUTBOX_ENABLED:
            from chatpop_aws.outbox import record_messages

            record_messages(apps.get_model("chats", "Message"))
