"""How many frames a client may send."""

import pytest

from chatpop_aws import allowance
from chatpop_aws.allowance import Allowance


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(allowance, "monotonic", lambda: now[0])
    return now


def taken(mine: Allowance, tries: int) -> int:
    return sum(mine.take() for _ in range(tries))


def test_ten_seconds_worth_may_come_at_once_and_then_as_many_as_the_rate(clock: list[float]) -> None:
    mine = Allowance(5)
    assert taken(mine, 100) == 50
    clock[0] += 2
    assert taken(mine, 100) == 10
    clock[0] += 3_600
    assert taken(mine, 100) == 50


def test_a_frame_too_many_does_not_count(clock: list[float]) -> None:
    mine = Allowance(1)
    taken(mine, 1_000)
    clock[0] += 1
    assert mine.take()


def test_without_a_rate_any_number_passes(clock: list[float]) -> None:
    assert taken(Allowance(0), 10_000) == 10_000
