"""As much of ChatPop's REST interface as people need to open rooms, join them and read what they have missed."""

import json
from typing import Any

from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chats import sessions
from chats.frames import frame
from chats.models import ChatParticipation, ChatRoom, Message


@csrf_exempt
@require_POST
def register(request: HttpRequest) -> JsonResponse:
    """Makes a user and gives the token for `create`."""
    body = json.loads(request.body)
    user = User.objects.create_user(body["email"], body["email"], body["password"])
    return JsonResponse({"token": signing.dumps(user.pk)}, status=201)


@csrf_exempt
@require_POST
def create(request: HttpRequest) -> JsonResponse:
    """Opens a room."""
    user = User.objects.get(pk=signing.loads(request.headers["Authorization"].removeprefix("Token ")))
    room = ChatRoom.objects.create(name=json.loads(request.body)["name"], host=user)
    return JsonResponse({"code": room.code}, status=201)


@csrf_exempt
@require_POST
def join(request: HttpRequest, code: str) -> JsonResponse:
    """Takes somebody into a room."""
    room = get_object_or_404(ChatRoom, code=code, is_active=True)
    body = json.loads(request.body)
    address = request.headers.get("X-Forwarded-For", request.META["REMOTE_ADDR"]).split(",")[0]
    ChatParticipation.objects.get_or_create(
        chat_room=room,
        fingerprint=body["fingerprint"],
        defaults={"username": body["username"], "ip_address": address},
    )
    return JsonResponse({"session_token": sessions.issue(code, body["username"])})


class MessageListView(View):
    """The messages of a room."""

    def get(self, request: HttpRequest, code: str) -> JsonResponse:
        """The last ones, oldest first."""
        room = get_object_or_404(ChatRoom, code=code, is_active=True)
        return JsonResponse({"messages": self._fetch_from_db(room, int(request.GET.get("limit", 50)))})

    def _fetch_from_db(self, chat_room: ChatRoom, limit: int) -> list[dict[str, Any]]:
        messages = Message.objects.filter(chat_room=chat_room, is_deleted=False).select_related("user", "reply_to")
        return [frame(each) for each in reversed(messages.order_by("-created_at")[:limit])]
