"""Sends reads that ask for it to the read replica (G-112)."""

from typing import Any

from django.db.models import Model


class ChatReadReplicaRouter:
    """Only models of `chats` read with the hint `readonly=True` go to the replica.

    Django never gives that hint by itself, and a replica lags: what was just written may be missing there. So code
    asks for the replica where it can bear that, with the hint or with `using("read_replica")` (G-114).
    """

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """`read_replica` for a read-only read of a chats model."""
        return "read_replica" if model._meta.app_label == "chats" and hints.get("readonly") else "default"

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Always the primary."""
        return "default"

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> bool:
        """Both aliases hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """A replica cannot be written; it gets the schema from the primary."""
        return db == "default"
