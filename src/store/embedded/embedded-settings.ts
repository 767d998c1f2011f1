/** A setting of the embedded server and the reason it is not left at its default. */
export interface ServerSetting {
  name: string;
  value: string;
  why: string;
}

/**
 * How the embedded PostgreSQL is set for many small durable commits. Given on the command line, so that what runs is
 * what this table says. `default_toast_compression` stays at pglz: these builds are compiled without lz4.
 */
export const SERVER_SETTINGS: readonly ServerSetting[] = [
  { name: 'listen_addresses', value: '', why: 'not reachable over the network' },
  { name: 'unix_socket_permissions', value: '0700', why: 'only its own account and root may connect' },
  { name: 'fsync', value: 'on', why: 'acknowledged means durable' },
  { name: 'synchronous_commit', value: 'on', why: 'acknowledged means durable' },
  { name: 'full_page_writes', value: 'on', why: 'a torn page must be repairable after power loss' },
  { name: 'wal_level', value: 'minimal', why: 'no replica reads this log; less of it is written' },
  { name: 'max_wal_senders', value: '0', why: 'wal_level minimal allows none' },
  { name: 'max_wal_size', value: '2GB', why: 'checkpoints come by time, not by volume, under full load' },
  { name: 'checkpoint_timeout', value: '15min', why: 'fewer full-page images; recovery stays below a minute' },
  { name: 'checkpoint_completion_target', value: '0.9', why: 'spreads the writes of a checkpoint' },
  { name: 'shared_buffers', value: '256MB', why: 'the hot counters, lists and today’s partition stay in memory' },
  { name: 'max_connections', value: '250', why: 'a dozen for each of 16 workers, and the tools of an operator' },
  { name: 'jit', value: 'off', why: 'compiling costs more than any of our short statements' },
  { name: 'random_page_cost', value: '1.1', why: 'solid-state disks' },
  { name: 'idle_in_transaction_session_timeout', value: '60s', why: 'a stuck client must not hold hot rows forever' },
  {
    name: 'lock_timeout',
    value: '60s',
    why: 'a wait for a lock ends in an error that is retried, never in a standstill',
  },
  { name: 'autovacuum_naptime', value: '10s', why: 'counters and run rows are rewritten many times a second' },
  { name: 'autovacuum_vacuum_scale_factor', value: '0.05', why: 'dead versions of hot small tables go early' },
  {
    name: 'autovacuum_analyze_scale_factor',
    value: '0.2',
    why: 'plans follow a table that grows; each pass over a partition and its events takes a third of a second of CPU',
  },
  { name: 'autovacuum_vacuum_cost_delay', value: '1ms', why: 'vacuum keeps pace with the writers' },
  { name: 'timezone', value: 'UTC', why: 'one zone in the store; zones are applied by the code that shows times' },
  { name: 'log_timezone', value: 'UTC', why: 'as the server’s own log' },
  { name: 'log_min_messages', value: 'log', why: 'errors reach their client, which logs them; the file stays small' },
  { name: 'log_min_error_statement', value: 'panic', why: 'statements hold personal data' },
  { name: 'log_error_verbosity', value: 'terse', why: 'details quote the values of keys' },
  { name: 'log_parameter_max_length_on_error', value: '0', why: 'parameters hold personal data' },
  { name: 'log_checkpoints', value: 'off', why: 'one line each quarter of an hour is of no use to an operator' },
  { name: 'cluster_name', value: 'sluice', why: 'the operator sees in ps whose server it is' },
];
