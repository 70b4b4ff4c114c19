"""The process that sends the events of the outbox to their rooms."""

import json
import logging
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from chatpop_aws.courier import Courier
from chatpop_aws.events import CleanUp, FreshEvents, Stragglers, lag, set_aside
from chatpop_aws.log_settings import METRICS

# Seconds.
_REPORT_INTERVAL = 60.0
_CLEAN_UP_INTERVAL = 10.0

_metrics = logging.getLogger(METRICS)


@dataclass
class Relay:
    """Relays events until it is stopped. Several may run at once: each event is locked by the one that sends it.

    A relay that is killed leaves at most one batch to be sent again, each message with the same key as before. What
    takes time, an event that is tried again or a look at the whole table, is done in a second thread.
    """

    # Events in one transaction.
    batch_size: int = 100
    # Seconds between two looks at an empty outbox.
    poll_interval: float = 0.02
    # Retention of sent events; 0 keeps none.
    retention: timedelta = timedelta()
    # Seconds that messages wait for receivers that have been there before, when Redis has lost all of them.
    patience: float = 30.0
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        fresh = FreshEvents(self.poll_interval)
        self.courier = self._courier(fresh)
        self.aside = self._courier(Stragglers(fresh))
        self.aside.between = self._keep_house
        self._clean_up = CleanUp(self.retention)
        self._report_at = self._clean_up_at = 0.0

    def _courier(self, source: FreshEvents | Stragglers) -> Courier:
        return Courier(source, self.stopping, self.batch_size, self.retention, self.patience)

    def stop(self) -> None:
        """Ends `run` after the messages that are being sent, and settles them."""
        self.stopping.set()

    def run(self) -> None:
        """Relays until `stop`."""
        aside = threading.Thread(target=self.aside.run, name="stragglers")
        aside.start()
        try:
            self.courier.run()
        finally:
            self.stop()
            aside.join()

    def _keep_house(self) -> None:
        if monotonic() >= self._report_at:
            _metrics.info(
                json.dumps({"outboxLag": round(lag().total_seconds(), 3), "outboxStuck": set_aside().count()})
            )
            self._report_at = monotonic() + _REPORT_INTERVAL
        if monotonic() >= self._clean_up_at and not self._clean_up():
            self._clean_up_at = monotonic() + _CLEAN_UP_INTERVAL
