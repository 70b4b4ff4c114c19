"""A message as clients, history and cache see it."""

import json
from typing import Any

from django.core.cache import cache

from chats.models import Message

_MOST, _LIFE = 500, 24 * 3600


def frame(message: Message) -> dict[str, Any]:
    """The frame that clients get."""
    reply = message.reply_to
    return {
        "id": str(message.id),
        "chat_code": message.chat_room.code,
        "username": message.username,
        "username_is_reserved": False,
        "user_id": str(message.user.id) if message.user else None,
        "message_type": message.message_type,
        "is_from_host": message.message_type == "host",
        "content": message.content,
        "voice_url": message.voice_url,
        "voice_duration": float(message.voice_duration) if message.voice_duration else None,
        "voice_waveform": message.voice_waveform,
        "reply_to_id": str(reply.id) if reply else None,
        "reply_to_message": {"id": str(reply.id), "content": reply.content[:100]} if reply else None,
        "is_pinned": message.is_pinned,
        "created_at": message.created_at.isoformat(),
        "is_deleted": message.is_deleted,
    }


def remember(message: Message) -> None:
    """Adds a message to the room's last ones in Redis, which takes four commands, as in ChatPop."""
    redis = cache.client.get_client()  # type: ignore[attr-defined]
    key = f"chat:{message.chat_room.code}:messages"
    redis.zadd(key, {json.dumps({**frame(message), "pin_amount_paid": "0.00"}): message.created_at.timestamp()})
    if (count := redis.zcard(key)) > _MOST:
        redis.zremrangebyrank(key, 0, count - _MOST - 1)
    redis.expire(key, _LIFE)
