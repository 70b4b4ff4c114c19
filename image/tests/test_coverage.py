"""The application's own send of a message is dropped once, if the relay will send it."""

from chatpop_aws import coverage


def event(message_id: object) -> dict[str, object]:
    return {"type": "chat_message", "message_data": {"id": message_id}}


def test_a_recorded_message_is_covered_once_and_then_forgotten() -> None:
    coverage.recorded("first")
    coverage.recorded("second")
    before = len(coverage._recorded)
    assert [coverage.covered(event("first")) for _ in range(2)] == [True, False]
    assert len(coverage._recorded) == before - 1
    assert coverage.covered(event("second"))


def test_what_nobody_has_recorded_passes() -> None:
    for each in (event("other"), event(None), {"message_data": "text"}, {}):
        assert not coverage.covered(each)


def test_what_is_never_announced_is_kept_within_bounds() -> None:
    for number in range(3 * coverage._REMEMBERED):
        coverage.recorded(str(number))
    assert len(coverage._recorded) == coverage._REMEMBERED
    assert not coverage.covered(event(0))
    assert coverage.covered(event(3 * coverage._REMEMBERED - 1))
