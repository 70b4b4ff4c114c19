"""A chat consumer that does for a message what ChatPop's does, in as many threads, queries and Redis commands."""

import json
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from chats import sessions
from chats.frames import frame, remember
from chats.models import ChatRoom, Message


class ChatConsumer(AsyncWebsocketConsumer):
    """Saves what a client sends, and announces it to the room."""

    async def connect(self) -> None:
        """Joins the room's group, if the token is one of this room."""
        self.chat_code = self.scope["url_route"]["kwargs"]["chat_id"]
        self.group = f"chat_{self.chat_code}"
        tokens = parse_qs(self.scope["query_string"].decode()).get("session_token")
        if not tokens:
            await self.close(code=4001)
            return
        self.token = tokens[0]
        try:
            self.username = (await self.validate_session(self.token, self.chat_code))["username"]
        except sessions.InvalidTokenError:
            await self.close(code=4003)
            return
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leaves the room's group."""
        if hasattr(self, "group"):
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str) -> None:
        """Saves a message and announces it."""
        content = json.loads(text_data)["message"]
        session = await self.validate_session(self.token, self.chat_code, self.username)
        message = await self.save_message(self.chat_code, session["username"], content)
        message_data = await self.serialize_message_for_broadcast(message)
        await self.channel_layer.group_send(self.group, {"type": "chat_message", "message_data": message_data})

    async def chat_message(self, event: dict[str, Any]) -> None:
        """Passes a message on to the client."""
        await self.send(text_data=json.dumps(event["message_data"]))

    @database_sync_to_async
    def validate_session(self, token: str, chat_code: str, username: str | None = None) -> dict[str, Any]:
        """What the token says."""
        return sessions.validate(token, chat_code, username)

    @database_sync_to_async
    def save_message(self, chat_code: str, username: str, content: str) -> Message:
        """Writes the message, in no transaction of its own, and remembers it in Redis."""
        room = ChatRoom.objects.get(code=chat_code)
        message = Message.objects.create(chat_room=room, username=username, content=content)
        remember(message)
        return message

    @database_sync_to_async
    def serialize_message_for_broadcast(self, message: Message) -> dict[str, Any]:
        """The frame that clients get."""
        return frame(message)
