"""Database settings that suit RDS and RDS Proxy, and the read replica (G-108, G-113)."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from chatpop_aws.environment import items, number

Alias = dict[str, Any]
ALIAS = "read_replica"


def connections(environment: Mapping[str, str]) -> int:
    """How many connections a task keeps at most to each database; the guide counts 5 to 10. 0: as Django does, none."""
    wanted = number(environment, "CHATPOP_DATABASE_CONNECTIONS", 10)
    return max(3, wanted) if wanted else 0


def databases(application: Alias, environment: Mapping[str, str]) -> dict[str, Alias]:
    """The aliases: `default`, and for the hosts of POSTGRES_REPLICA_HOST `read_replica`, `read_replica_2`, …."""
    options = dict(application.get("OPTIONS", {}))
    if sslmode := environment.get("POSTGRES_SSLMODE"):
        options["sslmode"] = sslmode
    # A server that is gone without a word is noticed after 10 to 20 s instead of hours.
    options |= {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3}
    options |= {"tcp_user_timeout": 10_000}
    default = {
        **application,
        # Django keeps none; each goes back to the task's few, which stay open (`postgresql/base.py`).
        "CONN_MAX_AGE": 0,
        **({"ENGINE": "chatpop_aws.postgresql", "POOL_SIZE": size} if (size := connections(environment)) else {}),
        # A cursor that outlives its transaction pins a connection of the proxy.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }
    hosts = items(environment.get("POSTGRES_REPLICA_HOST", ""))
    return {
        "default": default,
        **{alias: _replica(default, host) for alias, host in zip(_aliases(), hosts, strict=False)},
    }


def _aliases() -> Iterator[str]:
    """The guide's name, then numbered ones."""
    yield ALIAS
    yield from (f"{ALIAS}_{number}" for number in itertools.count(2))


def _replica(default: Alias, host: str) -> Alias:
    # One that has vanished must not hold up a request: the primary answers instead.
    options = {**default["OPTIONS"], "connect_timeout": 3}
    # Tests see one database: a replica would not show what a test has not committed.
    return {**default, "HOST": host, "OPTIONS": options, "TEST": {"MIRROR": "default"}}
