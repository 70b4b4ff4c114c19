"""What the log says although nothing else of the kind is logged: CloudWatch makes metrics of it (`logMetrics.json`)."""

import logging as standard
from typing import Any

# The application's measurements, a JSON object a line.
METRICS = "chatpop_aws.metrics"
# They say at INFO, and nowhere else, that they have dropped a message (GAP-49). They have nothing else to say.
_CHANNEL_LAYERS = ["channels_redis.core", "chatpop_aws.channel_layer"]


# Whoever scans the internet's addresses makes one for each request.
_STRANGERS, _REQUESTS = "django.security.DisallowedHost", "django.request"
_LONGEST = 160


def mark(record: standard.LogRecord) -> bool:
    """Marks the request whose Host is unknown, which Django logs a second time as a bad request."""
    record.request.has_unknown_host = True  # type: ignore[attr-defined]
    return True


def unmarked(record: standard.LogRecord) -> bool:
    """Whether a request has not been logged for its Host already."""
    return not hasattr(getattr(record, "request", None), "has_unknown_host")


class OneLine(standard.Formatter):
    """A record without its traceback, cut short: its text comes from outside."""

    def format(self, record: standard.LogRecord) -> str:
        """The line."""
        text = record.getMessage()
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def logging(application: dict[str, Any]) -> dict[str, Any]:
    """The application's own logging, with these loggers heard under Daphne and in commands alike."""
    heard = {"level": "INFO", "handlers": ["bare"], "propagate": False}
    refused = {"level": "WARNING", "handlers": ["short"], "filters": ["mark"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        **application,
        # A prefix would keep CloudWatch from reading a line as JSON; it has the time itself.
        "formatters": {
            **application.get("formatters", {}),
            "bare": {"format": "%(message)s"},
            "short": {"()": OneLine},
        },
        "filters": {
            **application.get("filters", {}),
            "mark": {"()": lambda: mark},
            "unmarked": {"()": lambda: unmarked},
        },
        "handlers": {
            **application.get("handlers", {}),
            "bare": {"class": "logging.StreamHandler", "formatter": "bare"},
            "short": {"class": "logging.StreamHandler", "formatter": "short"},
        },
        "loggers": {
            **application.get("loggers", {}),
            **dict.fromkeys([METRICS, *_CHANNEL_LAYERS], heard),
            _STRANGERS: refused,
            _REQUESTS: {**application.get("loggers", {}).get(_REQUESTS, {}), "filters": ["unmarked"]},
        },
    }
