"""As much of the application's history view as the overlay touches: its method, with both revisions' way of reading."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views import View

from chats.models import ChatRoom, Message


class MessageListView(View):
    """The messages of a room."""

    def get(self, request: HttpRequest, code: str) -> JsonResponse:
        """Finds the room, then its messages."""
        room = ChatRoom.objects.get(code=code)
        return JsonResponse({"room": room._state.db, "messages": self._fetch_from_db(room, 50)})

    def _fetch_from_db(self, chat_room: ChatRoom, limit: int) -> list[dict[str, Any]]:
        messages = Message.objects.filter(chat_room=chat_room, is_deleted=False).select_related("user")
        return [{"content": each.content, "from": each._state.db} for each in messages.order_by("-created_at")[:limit]]
