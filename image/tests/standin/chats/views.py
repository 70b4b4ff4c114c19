"""As much of the application's history view as the overlay touches: its method, with both revisions' way of reading."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views import View

from chats.models import ChatRoom, Message


class MessageListView(View):
    """The messages of a room."""

    def get(self, request: HttpRequest, code: str) -> JsonResponse:
        """Finds the room, then its messages, the newest first; `before` is a Unix time."""
        room = ChatRoom.objects.get(code=code)
        messages = self._fetch_from_db(room, int(request.GET.get("limit", 50)), request.GET.get("before"))
        return JsonResponse({"room": room._state.db, "messages": messages})

    def _fetch_from_db(self, chat_room: ChatRoom, limit: int, before: str | None = None) -> list[dict[str, Any]]:
        messages = Message.objects.filter(chat_room=chat_room, is_deleted=False).select_related("user")
        if before:
            messages = messages.filter(created_at__lt=datetime.fromtimestamp(float(before), UTC))
        return [
            {
                "id": str(each.id),
                "content": each.content,
                "created_at": each.created_at.isoformat(),
                "from": each._state.db,
            }
            for each in messages.order_by("-created_at")[:limit]
        ]
