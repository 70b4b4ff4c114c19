"""The outbox's table stays small and quick, whatever else goes on in the database."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from chatpop_aws import events
from chatpop_aws.events import CleanUp, FreshEvents, Stragglers
from chatpop_aws.models import OutboxEvent
from chatpop_aws.relay import Relay
from conftest import World, connect
from room import CODE, Room
from test_relay import keys

GUIDE = """
CREATE INDEX IF NOT EXISTS idx_outbox_unprocessed ON chats_outboxevent (processed, created_at) WHERE processed = false;
CREATE INDEX IF NOT EXISTS idx_outbox_room_created ON chats_outboxevent (chat_code, created_at);
"""
FILL = """
INSERT INTO chats_outboxevent (chat_code, payload, deduplication_key, created_at)
SELECT 'room' || n %% 5000, json_build_object('type', 'chat_message', 'message_id', gen_random_uuid()),
    gen_random_uuid(), statement_timestamp() - interval '1 hour' * n / %(count)s
FROM generate_series(1, %(count)s) n
"""
UPDATES = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = 'chats_outboxevent'"


def execute(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def indexed(empty: World) -> Iterator[None]:
    """The table as the release leaves it, with the guide's indexes."""
    execute(GUIDE)
    yield
    execute("DROP INDEX idx_outbox_unprocessed, idx_outbox_room_created")


@contextmanager
def old_transaction() -> Iterator[None]:
    """Somebody who still sees the database as it is now."""
    with closing(connect()) as other, other.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM chats_outboxevent")
        yield


def pages(source: FreshEvents | Stragglers) -> int:
    """Pages that a look at the table reads."""
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        assert source.take(100) == []
    [select] = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    with transaction.atomic():
        [(plan,)] = execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + select.replace("%", "%%"))
    read = plan[0]["Plan"]
    return int(read["Shared Hit Blocks"]) + int(read["Shared Read Blocks"])


def test_a_look_for_new_events_passes_over_those_that_an_old_transaction_still_sees(indexed: None) -> None:
    execute(FILL, count=20_000)
    execute("ANALYZE chats_outboxevent")
    source = FreshEvents(0)
    with old_transaction():
        OutboxEvent.objects.all().delete()
        assert pages(Stragglers(source)) > 300
        first = pages(source)
        assert first > 300
        assert pages(source) < 10
    source.reset()
    assert pages(source) > 300


def test_looking_at_the_whole_table_takes_a_small_part_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Stragglers(FreshEvents(0))
    monkeypatch.setattr(events, "_locked", lambda *_: time.sleep(0.06))
    source.take(1)
    assert source.interval >= 20 * 0.06


def test_what_appears_behind_the_cursor_is_sent_all_the_same(room: Room) -> None:
    relay = Relay()
    assert relay.courier.relay_batch() == 0
    [late] = room.write(1)
    # As if its transaction had begun long before its commit.
    OutboxEvent.objects.update(created_at=Now() - timedelta(minutes=5))
    assert relay.courier.relay_batch() == 0
    assert relay.aside.relay_batch() == 1
    assert keys(room) == [late]


def test_the_cursor_passes_over_nothing_while_more_is_due_than_a_batch(room: Room) -> None:
    written = room.write(25)
    relay = Relay(batch_size=10)
    assert [relay.courier.relay_batch() for _ in range(4)] == [10, 10, 5, 0]
    assert keys(room) == written


def test_sent_events_are_gone_at_once(room: Room) -> None:
    room.write(3)
    Relay().courier.relay_batch()
    assert OutboxEvent.objects.count() == 0


def test_sent_events_are_kept_where_somebody_asks_for_it(room: Room) -> None:
    room.write(3)
    Relay(retention=timedelta(hours=1)).courier.relay_batch()
    assert OutboxEvent.objects.filter(processed=True, processed_at__isnull=False).count() == 3
    OutboxEvent.objects.filter(pk__gt=OutboxEvent.objects.earliest("id").pk).update(
        processed_at=Now() - timedelta(hours=2)
    )
    clean_up = CleanUp(timedelta(hours=1))
    assert [clean_up(), clean_up()] == [2, 0]
    assert OutboxEvent.objects.count() == 1


def test_clean_up_goes_through_a_large_table_slice_by_slice(indexed: None) -> None:
    execute(FILL, count=12_000)
    OutboxEvent.objects.update(processed=True, processed_at=Now() - timedelta(hours=2))
    clean_up = CleanUp(timedelta(hours=1))
    assert [clean_up() for _ in range(4)] == [5_000, 5_000, 2_000, 0]


def test_an_older_deployment_gets_the_table_without_a_rewrite(room: Room) -> None:
    where = "SELECT pg_relation_filenode('chats_outboxevent')"
    call_command("migrate", "chatpop_aws", "0001", verbosity=0)
    try:
        execute(
            "CREATE INDEX chats_outboxevent_deduplication_key_2f43ef94_like ON chats_outboxevent (deduplication_key)"
        )
        execute(
            "INSERT INTO chats_outboxevent (chat_code, payload, deduplication_key)"
            """ VALUES ('lobby', '{"type": "chat_message", "message_id": null}', 'before')"""
        )
        before = execute(where)
    finally:
        call_command("migrate", verbosity=0)
    assert execute(where) == before
    assert OutboxEvent.objects.get().reason == ""
    # The release before inserts without a reason, and goes on doing so while the service rolls.
    execute("INSERT INTO chats_outboxevent (chat_code, payload, deduplication_key) VALUES ('lobby', '{}', 'after')")
    [(options,)] = execute("SELECT reloptions FROM pg_class WHERE relname = 'chats_outboxevent'")
    assert {"autovacuum_vacuum_scale_factor=0", "vacuum_truncate=false"} <= set(options)
    indexes = execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'chats_outboxevent'")
    assert not any("_like" in definition for (definition,) in indexes)


def test_an_event_holds_its_room_and_its_message_and_no_content(room: Room) -> None:
    room.write(1, "secret")
    [row] = execute("SELECT chats_outboxevent::text FROM chats_outboxevent")
    assert CODE in row[0]
    assert "secret" not in row[0]


def test_putting_events_off_is_one_statement_that_writes_no_index(room: Room, indexed: None) -> None:
    room.write(3)
    OutboxEvent.objects.filter(pk=OutboxEvent.objects.earliest("id").pk).update(attempts=3)
    with transaction.atomic():
        first, second, third = FreshEvents(0).take(3)
        before = execute(UPDATES)
        with CaptureQueriesContext(connection) as queries:
            events.postpone([(first, ValueError("'bad'")), (second, TypeError("with a \0"))])
        assert len(queries) == 1
        events.lease([third.id], timedelta(seconds=10))
        [(updated, hot)], [(updated_before, hot_before)] = execute(UPDATES), before
    assert (updated - updated_before, hot - hot_before) == (3, 3)
    found = execute("SELECT attempts, reason, available_at FROM chats_outboxevent ORDER BY id")
    assert [row[:2] for row in found] == [(4, "ValueError: 'bad'"), (1, "TypeError: with a "), (0, "")]
    bad, worse, leased = (row[2] for row in found)
    assert (bad - worse, leased > worse) == (timedelta(seconds=2**4 - 2**1), True)
