"""As much of ChatPop's rooms and messages as the overlay touches."""

import uuid

from django.conf import settings
from django.db import models


class ChatRoom(models.Model):
    """A room, found by its code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    code = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.code


class Message(models.Model):
    """A message in a room."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    chat_room = models.ForeignKey(ChatRoom, on_delete=models.CASCADE)
    username = models.CharField(max_length=100)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True)
    message_type = models.CharField(max_length=10, default="normal")
    content = models.TextField()
    voice_waveform = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    is_deleted = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.username}: {self.content}"
