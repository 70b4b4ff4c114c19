"""Database settings that suit RDS and RDS Proxy, and the read replica (G-108, G-113)."""

from collections.abc import Mapping
from typing import Any

Alias = dict[str, Any]


def databases(application: Alias, environment: Mapping[str, str]) -> dict[str, Alias]:
    """The aliases of the deployment: `default`, and `read_replica` when POSTGRES_REPLICA_HOST is set."""
    options = dict(application.get("OPTIONS", {}))
    if sslmode := environment.get("POSTGRES_SSLMODE"):
        options["sslmode"] = sslmode
    default = {
        **application,
        # The proxy pools; connections that Django kept would only hold the proxy's.
        "CONN_MAX_AGE": 0,
        # A cursor that outlives its transaction pins a connection of the proxy.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }
    if not (replica := environment.get("POSTGRES_REPLICA_HOST")):
        return {"default": default}
    # Tests see one database: a replica would not show what a test has not committed.
    return {"default": default, "read_replica": {**default, "HOST": replica, "TEST": {"MIRROR": "default"}}}
