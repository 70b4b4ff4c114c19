"""The overlay as a Django application."""

from django.apps import AppConfig, apps
from django.conf import settings


class ChatpopAwsConfig(AppConfig):
    """Owns the outbox, and fits the application's classes to AWS."""

    name = "chatpop_aws"
    verbose_name = "ChatPop on AWS"

    def ready(self) -> None:
        """Fits the application's own classes to the deployment once all of them are there."""
        from chatpop_aws.payload import encode_once
        from chatpop_aws.sockets import serve
        from chats import consumers

        serve(consumers.ChatConsumer)
        encode_once(consumers)
        if settings.OUTBOX_ENABLED:
            from chatpop_aws.outbox import record_messages

            record_messages(apps.get_model("chats", "Message"))
        if "read_replica" in settings.DATABASES:
            from chatpop_aws.db_router import read_history_from_replica
            from chats.views import MessageListView

            read_history_from_replica(MessageListView)
