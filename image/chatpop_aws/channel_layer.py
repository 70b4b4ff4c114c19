"""The channel layer of a deployment that sends messages through the outbox."""

from typing import Any

from channels_redis.core import RedisChannelLayer

from chatpop_aws.outbox import CHAT_MESSAGE


class OutboxChannelLayer(RedisChannelLayer):
    """Leaves chat messages to the relay: the application sends each one as soon as it is saved, and would double it.

    What the relay sends carries a deduplication key; all other events of the application pass.
    """

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Sends to a room, unless it is a chat message of which the outbox already holds an event."""
        if message.get("type") == CHAT_MESSAGE and "deduplication_key" not in message:
            return
        await super().group_send(group, message)
