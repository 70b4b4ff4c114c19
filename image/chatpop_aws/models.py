"""The outbox's table."""

from django.db import models
from django.db.models.functions import Now


class OutboxEvent(models.Model):
    """A message that the relay has to send to its room.

    The guide's indexes on this table (G-84, G-85) are built by the release, together with the other seven.
    """

    id = models.BigAutoField(primary_key=True)
    chat_code = models.CharField(max_length=100)
    # Which message; its content is read when it is sent.
    payload = models.JSONField()
    # The message's id, which clients see in each frame and by which they drop one that comes twice.
    deduplication_key = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    processed = models.BooleanField(db_default=False)
    processed_at = models.DateTimeField(null=True)
    # How often this event itself failed; an outage does not count.
    attempts = models.PositiveSmallIntegerField(db_default=0)
    # Why it failed the last time.
    reason = models.TextField(db_default="")
    # Not before this time; null means at once.
    available_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "chats_outboxevent"

    def __str__(self) -> str:
        return f"{self.chat_code}: {self.deduplication_key}"
