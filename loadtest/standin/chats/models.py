"""Rooms, their people and their messages, with the columns that ChatPop's message path reads and writes."""

import secrets
import uuid

from django.conf import settings
from django.db import models


def new_code() -> str:
    """A room's code: eight capital letters and digits."""
    return secrets.token_hex(4).upper()


class ChatRoom(models.Model):
    """A room, found by its code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    code = models.CharField(max_length=8, unique=True, default=new_code)
    name = models.CharField(max_length=255)
    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.code


class ChatParticipation(models.Model):
    """Who has joined a room, under which name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    chat_room = models.ForeignKey(ChatRoom, on_delete=models.CASCADE)
    fingerprint = models.CharField(max_length=255, db_index=True)
    username = models.CharField(max_length=100)
    ip_address = models.GenericIPAddressField()

    def __str__(self) -> str:
        return self.username


class Message(models.Model):
    """A message in a room."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    chat_room = models.ForeignKey(ChatRoom, on_delete=models.CASCADE)
    username = models.CharField(max_length=100)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True)
    message_type = models.CharField(max_length=10, default="normal")
    content = models.TextField()
    voice_url = models.URLField(max_length=500, null=True)
    voice_duration = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    voice_waveform = models.JSONField(null=True)
    is_pinned = models.BooleanField(default=False)
    pinned_at = models.DateTimeField(null=True)
    pinned_until = models.DateTimeField(null=True)
    pin_amount_paid = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    is_deleted = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["chat_room", "-created_at"]), models.Index(fields=["chat_room", "is_pinned"])]

    def __str__(self) -> str:
        return f"{self.username}: {self.content}"
