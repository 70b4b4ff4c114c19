"""What ended sockets leave behind is looked for in proportion to those that are open."""

import asyncio
import gc

import pytest

from chatpop_aws import collection


@pytest.mark.parametrize(
    ("still_open", "ends", "collections"), [(10, 999, 0), (10, 1_000, 1), (10, 3_500, 3), (5_000, 12_000, 2)]
)
def test_as_many_sockets_end_as_are_open(
    monkeypatch: pytest.MonkeyPatch, still_open: int, ends: int, collections: int
) -> None:
    found: list[None] = []
    monkeypatch.setattr(collection, "_ended", 0)
    monkeypatch.setattr(gc, "collect", lambda: found.append(None))

    async def leave() -> None:
        for _ in range(ends):
            collection.ended(still_open)
        await asyncio.sleep(0)

    asyncio.run(leave())
    assert len(found) == collections
