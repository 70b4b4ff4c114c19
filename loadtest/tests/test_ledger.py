"""Counting is right: loss, repetition, order, history, failed sends."""

import pytest

from chatload.histogram import Histogram
from chatload.ledger import Ledger, Member, Room

MS = 1_000_000


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def crowd(ledger: Ledger, readers: int) -> tuple[Room, list[Member]]:
    room = Room(len(ledger.rooms))
    room.members = [Member(room) for _ in range(readers)]
    for member in room.members:
        member.opened()
    ledger.rooms.append(room)
    return room, room.members


def frame(text: str) -> bytes:
    return f'{{"id": "1", "content": "{text}"}}'.encode()


def test_all_received(ledger: Ledger) -> None:
    room, members = crowd(ledger, 3)
    text = ledger.send(room, 10 * MS)
    for member in members:
        ledger.receive(member, frame(text), 17 * MS)
    counts = ledger.counts()
    assert (counts["sent"], counts["expected"], counts["received"], counts["lost"]) == (1, 3, 3, 0)
    assert ledger.delivery.summary() == {"count": 3, "p50": 7, "p95": 7, "p99": 7, "most": 7}


def test_dropped_is_lost(ledger: Ledger) -> None:
    room, members = crowd(ledger, 3)
    text = ledger.send(room, 0)
    ledger.receive(members[0], frame(text), MS)
    assert ledger.counts()["lost"] == 2


def test_twice_is_duplicated_and_received_once(ledger: Ledger) -> None:
    room, (member,) = crowd(ledger, 1)
    text = ledger.send(room, 0)
    for _ in range(3):
        ledger.receive(member, frame(text), MS)
    counts = ledger.counts()
    assert (counts["received"], counts["duplicated"], counts["lost"]) == (1, 2, 0)


def test_a_duplicate_makes_up_for_no_loss(ledger: Ledger) -> None:
    room, (member,) = crowd(ledger, 1)
    text = ledger.send(room, 0)
    ledger.send(room, 0)
    for _ in range(2):
        ledger.receive(member, frame(text), MS)
    assert ledger.counts()["lost"] == 1


def test_an_answer_before_its_question_is_out_of_order(ledger: Ledger) -> None:
    room, (writer, reader) = crowd(ledger, 2)
    question = ledger.send(room, 0)
    ledger.receive(writer, frame(question), 5 * MS)
    answer = ledger.send(room, 6 * MS)
    ledger.receive(reader, frame(answer), 7 * MS)
    ledger.receive(reader, frame(question), 8 * MS)
    assert ledger.counts()["outOfOrder"] == 1


def test_two_that_cross_are_in_order_either_way(ledger: Ledger) -> None:
    room, (reader,) = crowd(ledger, 1)
    first, second = ledger.send(room, 0), ledger.send(room, MS)
    ledger.receive(reader, frame(second), 5 * MS)
    ledger.receive(reader, frame(first), 6 * MS)
    assert ledger.counts()["outOfOrder"] == 0


def test_nothing_is_owed_before_the_first_connection(ledger: Ledger) -> None:
    room, members = crowd(ledger, 1)
    text = ledger.send(room, 0)
    ledger.receive(members[0], frame(text), MS)
    late = Member(room)
    room.members.append(late)
    assert ledger.counts()["expected"] == 1
    late.opened()
    assert ledger.counts()["expected"] == 1
    ledger.send(room, 0)
    assert ledger.counts()["expected"] == 3


def test_history_makes_late_of_lost(ledger: Ledger) -> None:
    room, (member,) = crowd(ledger, 1)
    live, missed, gone = (ledger.send(room, 0) for _ in range(3))
    ledger.receive(member, frame(live), MS)
    ledger.read(member, frame(live) + frame(missed), 2 * MS)
    counts = ledger.counts()
    assert gone
    assert (counts["received"], counts["receivedLate"], counts["lost"]) == (1, 1, 1)
    # The frame that comes after all is the first that this reader sees on its socket.
    ledger.receive(member, frame(missed), 3 * MS)
    assert ledger.counts()["duplicated"] == 0


def test_a_send_that_nobody_heard_counts_as_failed_once_its_connection_ended(ledger: Ledger) -> None:
    room, (writer, reader) = crowd(ledger, 2)
    ledger.send(room, 0)
    heard = ledger.send(room, 0)
    room.failed |= {0, 1}
    ledger.receive(reader, frame(heard), MS)
    counts = ledger.counts()
    assert writer.connected
    assert (counts["failedSends"], counts["expected"], counts["lost"]) == (1, 2, 1)


def test_another_rooms_message_is_foreign(ledger: Ledger) -> None:
    room, _ = crowd(ledger, 1)
    _, (stranger,) = crowd(ledger, 1)
    ledger.receive(stranger, frame(ledger.send(room, 0)), MS)
    counts = ledger.counts()
    assert (counts["foreign"], counts["received"], counts["lost"]) == (1, 0, 1)


def test_errors_and_other_runs_are_no_messages(ledger: Ledger) -> None:
    room, (member,) = crowd(ledger, 1)
    assert ledger.receive(member, b'{"error": "Failed to send message"}', MS) is None
    assert ledger.receive(member, frame(Ledger(run="000000").send(Room(room.number), 0)), MS) is None
    assert list(ledger.other) == ['{"error": "Failed to send message"}']
    assert ledger.counts()["received"] == 0


def test_percentiles() -> None:
    times = Histogram()
    for time in range(1, 101):
        times.add(time)
    assert [times.percentile(percent) for percent in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert Histogram().percentile(99) == 0
    coarse = Histogram()
    for time in (123.4, 4_321, 43_210):
        coarse.add(time)
    assert sorted(coarse.counts) == [120, 4_300, 43_000]
