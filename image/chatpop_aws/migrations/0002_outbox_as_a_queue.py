"""A table that stays small: rows come and go a thousand times a second, and nothing waits for a lock on it."""

from django.db import migrations, models

TABLE = "chats_outboxevent"

QUEUE = f"""
ALTER TABLE {TABLE} SET (
    -- Whatever its size: a vacuum is due after seconds, and goes through at once.
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = 100000,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 50000,
    -- Giving pages back takes a lock that stops every writer, and on a replica every reader.
    vacuum_truncate = false
)
"""

PLAIN = f"""
ALTER TABLE {TABLE} RESET (
    autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold, autovacuum_vacuum_cost_delay,
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold, vacuum_truncate
)
"""


class Migration(migrations.Migration):
    dependencies = [("chatpop_aws", "0001_initial")]

    operations = [
        # A constant default: the table is not rewritten, and tasks of the release before go on inserting.
        migrations.AddField(
            model_name="outboxevent",
            name="reason",
            field=models.TextField(db_default=""),
        ),
        # Django's second index on a unique text, for LIKE, which nobody asks of a key.
        migrations.RunSQL(
            f"DROP INDEX IF EXISTS {TABLE}_deduplication_key_2f43ef94_like",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(QUEUE, PLAIN),
    ]
