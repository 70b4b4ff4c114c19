"""What the log says although nothing else of the kind is logged: CloudWatch makes metrics of it (`logMetrics.json`)."""

from typing import Any

# The application's measurements, a JSON object a line.
METRICS = "chatpop_aws.metrics"
# Says at INFO, and nowhere else, that it has dropped a message (GAP-49). It has nothing else to say.
_CHANNEL_LAYER = "channels_redis.core"


def logging(application: dict[str, Any]) -> dict[str, Any]:
    """The application's own logging, with these two loggers heard under Daphne and in commands alike."""
    heard = {"level": "INFO", "handlers": ["bare"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        **application,
        # A prefix would keep CloudWatch from reading a line as JSON; it has the time itself.
        "formatters": {**application.get("formatters", {}), "bare": {"format": "%(message)s"}},
        "handlers": {
            **application.get("handlers", {}),
            "bare": {"class": "logging.StreamHandler", "formatter": "bare"},
        },
        "loggers": {**application.get("loggers", {}), METRICS: heard, _CHANNEL_LAYER: heard},
    }
