"""Finds operations of a migration that block users, or that break the release before it (expand, then contract)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, CheckConstraint

# Concurrent forms derive from the blocking ones, and hold nobody up.
_HARMLESS = {"AddIndexConcurrently", "RemoveIndexConcurrently", "AddConstraintNotValid", "ValidateConstraint"}
_WRITERS = "SHARE lock: nobody writes to the table while the index is built"
_EVERYBODY = "ACCESS EXCLUSIVE lock: nobody reads or writes while all rows are checked"
_REWRITE = "ACCESS EXCLUSIVE lock: nobody reads or writes while the table is written anew"
_OLD_TASKS = "tasks of the former release still use it"
_CONCURRENTLY = "use AddIndexConcurrently, alone in a migration with atomic = False"
_USING_INDEX = "build the unique index concurrently, and add the constraint USING INDEX"
_NOT_NULL = "the former release's INSERT leaves it out, and fails"


@dataclass(frozen=True)
class Finding:
    """One operation, its effect on users, and a harmless alternative."""

    migration: str
    operation: str
    table: str
    effect: str
    remedy: str

    def __str__(self) -> str:
        """As one line."""
        return f"{self.migration}: {self.operation} ({self.table}): {self.effect}. Instead: {self.remedy}."


def findings(loader: MigrationLoader, pending: list[Migration]) -> Iterator[Finding]:
    """Findings about migrations that are not applied yet, in their order."""
    names = {(migration.app_label, migration.name) for migration in pending}
    state = loader.project_state([key for key in loader.graph.nodes if key not in names])
    new: set[str] = set()
    for migration in pending:
        for operation in migration.operations:
            for part in _database_operations(operation):
                table, effects = _judge(part, migration.app_label, state)
                if isinstance(part, ops.CreateModel):
                    new.add(f"{migration.app_label}.{part.name_lower}")
                elif f"{migration.app_label}.{_model_name(part)}" not in new:
                    for effect, remedy in effects:
                        yield Finding(str(migration), part.describe(), table, effect, remedy)
            operation.state_forwards(migration.app_label, state)


def _database_operations(operation: Operation) -> Sequence[Operation]:
    return operation.database_operations if isinstance(operation, ops.SeparateDatabaseAndState) else [operation]


def _model_name(operation: Operation) -> str:
    name = (
        getattr(operation, "model_name", None) or getattr(operation, "old_name", None) or getattr(operation, "name", "")
    )
    return str(name).lower()


def _judge(operation: Operation, app: str, state: ProjectState) -> tuple[str, list[tuple[str, str]]]:
    """The operation's table, and pairs of effect and remedy."""
    if isinstance(operation, ops.RunSQL | ops.RunPython):
        return "any table", [("code that is not looked into", "see which rows and tables it locks, and for how long")]
    model_state = state.models.get((app, _model_name(operation)))
    if model_state is None or type(operation).__name__ in _HARMLESS:
        return "", []
    model = state.apps.get_model(app, model_state.name)
    return model._meta.db_table, list(_effects(operation, model))


def _effects(operation: Operation, model: Any) -> Iterator[tuple[str, str]]:
    match operation:
        case ops.AddIndex():
            yield _WRITERS, _CONCURRENTLY
        case ops.AddConstraint() if isinstance(operation.constraint, CheckConstraint):
            yield _EVERYBODY, "use AddConstraintNotValid, and ValidateConstraint in a later migration"
        case ops.AddConstraint() | ops.AlterUniqueTogether():
            yield _EVERYBODY, _USING_INDEX
        case ops.DeleteModel() | ops.RemoveField():
            yield _OLD_TASKS, "first release code that does not use it, and remove it with a later release"
        case ops.RenameModel() | ops.RenameField() | ops.AlterModelTable():
            yield _OLD_TASKS, "add the new one, fill it, use it, and remove the old one with a later release"
        case ops.AddField():
            yield from _added(_bound(operation))
        case ops.AlterField():
            yield from _altered(model._meta.get_field(operation.name), _bound(operation))


def _bound(operation: ops.AddField | ops.AlterField) -> Any:
    operation.field.set_attributes_from_name(operation.name)
    return operation.field


def _added(field: Any) -> Iterator[tuple[str, str]]:
    if field.many_to_many:
        return
    if not field.null and getattr(field, "db_default", NOT_PROVIDED) is NOT_PROVIDED:
        yield _NOT_NULL, "null=True or db_default=…, and NOT NULL with a later release"
    yield from _indexed(field)


def _altered(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    old_type, new_type = old.db_type(connection), new.db_type(connection)
    if old_type != new_type and not _widens(old, new):
        yield (
            f"{old_type} becomes {new_type}, {_REWRITE}",
            "add a column of the new type, fill it, use it, remove the old one later",
        )
    if old.null and not new.null:
        yield _EVERYBODY, "first AddConstraintNotValid and ValidateConstraint with IS NOT NULL, which PostgreSQL trusts"
    if (new.unique and not old.unique) or (new.db_index and not old.db_index):
        yield from _indexed(new)


def _widens(old: Any, new: Any) -> bool:
    """A longer varchar, or text instead of one, changes the catalogue alone."""
    is_text = all((field.db_type(connection) or "").startswith(("varchar", "text")) for field in (old, new))
    return is_text and (new.max_length is None or (old.max_length or 0) <= new.max_length)


def _indexed(field: Any) -> Iterator[tuple[str, str]]:
    if field.unique:
        yield _EVERYBODY, _USING_INDEX
    elif field.db_index and not field.remote_field:
        yield _WRITERS, f"leave db_index out and {_CONCURRENTLY}"
