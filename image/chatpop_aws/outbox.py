"""Writes a message and the event that announces it in one transaction."""

from typing import Any

from django.db import models, transaction

from chatpop_aws.coverage import recorded

# The channel event with which the application announces a message to its room.
CHAT_MESSAGE = "chat_message"
# The application announces gifts by another event, sent by itself.
_NOT_RELAYED = {"gift"}


def record_messages(message: type[models.Model]) -> None:
    """Makes each new row of the model `message` leave an event in the outbox, in the same transaction.

    Django's `post_save` signal comes after the row is committed, unless the caller opened a transaction, which the
    application does not do. So this goes around `save_base`, through which `save`, `create` and `get_or_create` all
    pass. `bulk_create` and fixtures do not leave events.
    """
    save_base = message.save_base

    def save_base_and_record(self: models.Model, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            save_base(self, *args, **kwargs)
            return
        with transaction.atomic(savepoint=False):
            save_base(self, *args, **kwargs)
            _record(self)

    message.save_base = save_base_and_record  # type: ignore[method-assign]


def _record(message: Any) -> None:
    from chatpop_aws.models import OutboxEvent

    if message.message_type not in _NOT_RELAYED:
        OutboxEvent.objects.create(
            chat_code=message.chat_room.code,
            payload={"type": CHAT_MESSAGE, "message_id": str(message.pk)},
            deduplication_key=str(message.pk),
        )
        recorded(str(message.pk))
