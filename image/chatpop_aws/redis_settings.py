"""Where Redis is: one host, or several for the channel layer, with or without TLS (GAP-9, GAP-39)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from chatpop_aws.environment import flag, host_and_port, items

# By CHANNEL_LAYER: without the outbox, and with it.
_BACKENDS = {
    "pubsub": ("chatpop_aws.channel_layer.PubSubChannelLayer", "chatpop_aws.channel_layer.OutboxPubSubChannelLayer"),
    "core": ("channels_redis.core.RedisChannelLayer", "chatpop_aws.channel_layer.OutboxChannelLayer"),
}


def channel_layers(application: dict[str, Any], environment: Mapping[str, str], outbox: bool) -> dict[str, Any]:
    """The application's channel layer, spread over CHANNEL_LAYER_HOSTS and encrypted by REDIS_TLS when these are set.

    Several hosts share the rooms among them by name. They are independent Redis servers: the layer cannot use
    cluster mode.
    """
    layer = application["default"]
    config = dict(layer["CONFIG"])
    if names := items(environment.get("CHANNEL_LAYER_HOSTS", "")):
        config["hosts"] = [host_and_port("CHANNEL_LAYER_HOSTS", name) for name in names]
    if flag(environment, "REDIS_TLS"):
        config["hosts"] = [f"rediss://{host}:{port}" for host, port in config["hosts"]]
    kind = environment.get("CHANNEL_LAYER") or "pubsub"
    if kind not in _BACKENDS:
        raise ImproperlyConfigured(
            f"CHANNEL_LAYER is {kind!r}; allowed are {' and '.join(_BACKENDS)}. Correct it or leave it out."
        )
    backend = _BACKENDS[kind][outbox]
    return {**application, "default": {**layer, "BACKEND": backend, "CONFIG": config}}


def caches(application: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The application's caches, encrypted by REDIS_TLS when that is set."""
    if not flag(environment, "REDIS_TLS"):
        return application
    encrypted = application["default"]["LOCATION"].replace("redis://", "rediss://", 1)
    return {**application, "default": {**application["default"], "LOCATION": encrypted}}
