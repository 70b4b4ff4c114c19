"""A message and its event are one transaction, and the room gets it once."""

import subprocess
import sys
import uuid
from collections.abc import Callable

import pytest
from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from chatpop_aws.models import OutboxEvent
from chats.models import ChatRoom, Message
from conftest import World, connect
from room import CODE, Room
from services import STANDIN

COUNTS = "SELECT (SELECT count(*) FROM chats_message), (SELECT count(*) FROM chats_outboxevent)"


def committed() -> tuple[int, int]:
    """Messages and events that others can see."""
    other = connect()
    with other.cursor() as cursor:
        cursor.execute(COUNTS)
        messages, events = cursor.fetchone() or (0, 0)
    other.close()
    return messages, events


def test_the_event_is_written_in_the_messages_own_transaction(room: Room) -> None:
    [key] = room.write(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT m.xmin = e.xmin FROM chats_message m, chats_outboxevent e")
        assert cursor.fetchone() == (True,)
    event = OutboxEvent.objects.get()
    assert (event.chat_code, event.deduplication_key, event.processed, event.attempts) == (CODE, key, False, 0)
    assert event.payload == {"type": "chat_message", "message_id": key}


def test_nothing_is_seen_before_the_callers_own_transaction_ends(room: Room) -> None:
    with transaction.atomic():
        room.write(1)
        assert committed() == (0, 0)
    assert committed() == (1, 1)


def test_a_rolled_back_message_leaves_no_event(room: Room) -> None:
    with transaction.atomic():
        room.write(3)
        transaction.set_rollback(True)
    assert committed() == (0, 0)


def test_a_message_whose_event_cannot_be_written_is_not_saved(room: Room) -> None:
    key = uuid.uuid4()
    OutboxEvent.objects.create(chat_code=CODE, payload={}, deduplication_key=str(key))
    with pytest.raises(IntegrityError):
        Message.objects.create(id=key, chat_room=room.model, content="hello")
    assert committed() == (0, 1)


def change(room: Room) -> None:
    message = Message.objects.create(chat_room=room.model)
    OutboxEvent.objects.all().delete()
    message.content = "changed"
    message.save()


def gift(room: Room) -> None:
    Message.objects.create(chat_room=room.model, message_type="gift")


def fixture(room: Room) -> None:
    text = serializers.serialize("json", [Message(chat_room=room.model, created_at=timezone.now())])
    for message in serializers.deserialize("json", text):
        message.save()


@pytest.mark.parametrize("action", [change, gift, fixture])
def test_what_the_application_does_not_announce_leaves_no_event(room: Room, action: Callable[[Room], None]) -> None:
    action(room)
    assert committed() == (1, 0)


def test_g84_g85_the_guides_indexes_fit_the_table(room: Room) -> None:
    room.write(1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE INDEX idx_outbox_unprocessed ON chats_outboxevent (processed, created_at) WHERE processed = false"
        )
        cursor.execute("CREATE INDEX idx_outbox_room_created ON chats_outboxevent (chat_code, created_at)")
        cursor.execute("SET LOCAL enable_seqscan = off")
        due = OutboxEvent.objects.filter(processed=False).order_by("created_at")[:10]
        assert "idx_outbox_unprocessed" in due.explain()
        transaction.set_rollback(True)


def test_the_applications_own_announcement_is_left_to_the_relay(room: Room) -> None:
    [key] = room.write(1)
    message_data = {"id": key}
    room.send({"type": "chat_message", "message_data": message_data})
    room.send({"type": "message_reaction", "reaction_data": {}})
    room.send({"type": "chat_message", "message_data": message_data, "deduplication_key": key})
    assert [event["type"] for event in room.received()] == ["message_reaction", "chat_message"]


def test_a_chat_message_of_which_the_outbox_holds_no_event_passes(room: Room) -> None:
    [unsaved] = Message.objects.bulk_create([Message(chat_room=room.model, content="an answer of the house")])
    room.send({"type": "chat_message", "message_data": {"id": str(unsaved.pk)}})
    room.send({"type": "chat_message", "message_data": {}})
    assert [event["message_data"] for event in room.received()] == [{"id": str(unsaved.pk)}, {}]


WITHOUT = """
import django; django.setup()
from channels.layers import get_channel_layer
from chats.models import ChatRoom, Message
Message.objects.create(chat_room=ChatRoom.objects.get(), content="hello")
print(type(get_channel_layer()).__name__)
"""


def test_without_the_outbox_the_application_is_as_it_was(room: Room, world: World) -> None:
    assert ChatRoom.objects.count() == 1
    environment = world.environment(OUTBOX_ENABLED=None)
    command = [sys.executable, "-c", WITHOUT]
    output = subprocess.run(command, cwd=STANDIN, env=environment, capture_output=True, text=True, check=True).stdout
    assert output.strip() == "PubSubChannelLayer"
    assert committed() == (1, 0)
