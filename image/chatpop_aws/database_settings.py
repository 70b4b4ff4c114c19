"""Database settings that suit RDS and RDS Proxy, and the read replica (G-108, G-113)."""

from collections.abc import Mapping
from typing import Any

from chatpop_aws.environment import number

Alias = dict[str, Any]


def connections(environment: Mapping[str, str]) -> int:
    """How many connections a task opens at most to each database; the guide counts 5 to 10."""
    return max(3, number(environment, "CHATPOP_DATABASE_CONNECTIONS", 10))


def databases(application: Alias, environment: Mapping[str, str]) -> dict[str, Alias]:
    """The aliases of the deployment: `default`, and `read_replica` when POSTGRES_REPLICA_HOST is set."""
    options = dict(application.get("OPTIONS", {}))
    if sslmode := environment.get("POSTGRES_SSLMODE"):
        options["sslmode"] = sslmode
    # A server that is gone without a word is noticed after 10 to 20 s instead of hours.
    options |= {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3}
    options |= {"tcp_user_timeout": 10_000}
    default = {
        **application,
        # Django keeps none; each goes back to the task's few, which stay open (`postgresql/base.py`).
        "ENGINE": "chatpop_aws.postgresql",
        "CONN_MAX_AGE": 0,
        "POOL_SIZE": connections(environment),
        # A cursor that outlives its transaction pins a connection of the proxy.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }
    if not (replica := environment.get("POSTGRES_REPLICA_HOST")):
        return {"default": default}
    # Tests see one database: a replica would not show what a test has not committed.
    return {"default": default, "read_replica": {**default, "HOST": replica, "TEST": {"MIRROR": "default"}}}
