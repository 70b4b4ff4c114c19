"""A chat consumer with the methods, group names and events of ChatPop's."""

import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from chats.models import ChatRoom, Message


class ChatConsumer(AsyncWebsocketConsumer):
    """Saves what a client sends, and announces it to the room."""

    async def connect(self) -> None:
        """Joins the room's group."""
        self.chat_code = self.scope["url_route"]["kwargs"]["chat_id"]
        self.group = f"chat_{self.chat_code}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leaves the room's group."""
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str) -> None:
        """Saves a message and announces it."""
        data = json.loads(text_data)
        message = await self.save_message(self.chat_code, data["message"], data.get("voice_waveform"))
        message_data = await self.serialize_message_for_broadcast(message)
        await self.channel_layer.group_send(self.group, {"type": "chat_message", "message_data": message_data})

    async def chat_message(self, event: dict[str, Any]) -> None:
        """Passes a message on to the client."""
        await self.send(text_data=json.dumps(event["message_data"]))

    async def message_reaction(self, event: dict[str, Any]) -> None:
        """Passes a reaction on to the client."""
        await self.send(text_data=json.dumps(event["reaction_data"]))

    @database_sync_to_async
    def save_message(self, chat_code: str, content: str, voice_waveform: Any = None) -> Message:
        """Writes the message, in no transaction of its own and with no look at the waveform, as ChatPop does."""
        room = ChatRoom.objects.get(code=chat_code)
        return Message.objects.create(chat_room=room, username="u", content=content, voice_waveform=voice_waveform)

    @database_sync_to_async
    def serialize_message_for_broadcast(self, message: Message) -> dict[str, Any]:
        """The frame that clients get."""
        if message.content == "cannot be rendered":
            raise ValueError(message.content)
        if message.content == "cannot be queried":
            list(Message.objects.raw("SELECT nonsense"))
        return {
            "id": str(message.id),
            "chat_code": message.chat_room.code,
            "content": message.content,
            "voice_waveform": message.voice_waveform,
        }
