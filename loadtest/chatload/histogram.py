"""Times in milliseconds, rounded as Locust rounds them, so that processes can add theirs up."""

from collections import Counter

# Below so many milliseconds, in steps of so many.
_STEPS = ((100, 1), (1_000, 10), (10_000, 100), (float("inf"), 1_000))


class Histogram:
    """Counts of rounded times."""

    def __init__(self, counts: dict[int, int] | None = None) -> None:
        self.counts: Counter[int] = Counter(counts or {})
        self.most = max(self.counts, default=0)

    def add(self, milliseconds: float) -> None:
        """Counts one time: to the millisecond below 100, to 10 below 1,000, to 100 below 10,000, else to the second."""
        step = next(step for limit, step in _STEPS if milliseconds < limit)
        bucket = round(milliseconds / step) * step
        self.counts[bucket] += 1
        self.most = max(self.most, bucket)

    def percentile(self, percent: float) -> int:
        """The time within which so many percent lie; 0 when there is none."""
        rank = self.counts.total() * percent / 100
        seen = 0
        for time in sorted(self.counts):
            seen += self.counts[time]
            if seen >= rank:
                return time
        return 0

    def summary(self) -> dict[str, int]:
        """Count, p50, p95, p99 and the longest."""
        percentiles = {f"p{percent}": self.percentile(percent) for percent in (50, 95, 99)}
        return {"count": self.counts.total(), **percentiles, "most": self.most}
