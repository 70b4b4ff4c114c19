/** Parameters of PostgreSQL that take effect at a restart only; RDS refuses `immediate` for them. */
export const staticParameters: readonly string[] = [
  "autovacuum_max_workers",
  "cron.database_name",
  "huge_pages",
  "max_connections",
  "max_locks_per_transaction",
  "max_prepared_transactions",
  "max_replication_slots",
  "max_wal_senders",
  "max_worker_processes",
  "pg_stat_statements.max",
  "rds.logical_replication",
  "shared_buffers",
  "shared_preload_libraries",
  "track_activity_query_size",
  "wal_buffers",
];
