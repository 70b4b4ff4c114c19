"""What the log says although nothing else of the kind is logged: CloudWatch makes metrics of it (`logMetrics.json`)."""

from typing import Any

# The application's measurements, a JSON object a line.
METRICS = "chatpop_aws.metrics"
# They say at INFO, and nowhere else, that they have dropped a message (GAP-49). They have nothing else to say.
_CHANNEL_LAYERS = ["channels_redis.core", "chatpop_aws.channel_layer"]


def logging(application: dict[str, Any]) -> dict[str, Any]:
    """The application's own logging, with these loggers heard under Daphne and in commands alike."""
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
        "loggers": {**application.get("loggers", {}), **dict.fromkeys([METRICS, *_CHANNEL_LAYERS], heard)},
    }
