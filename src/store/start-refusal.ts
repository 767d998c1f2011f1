export type StartRefusalCode =
  | 'no-binaries'
  | 'npm-scripts-disabled'
  | 'no-account'
  | 'data-dir-not-writable'
  | 'data-dir-not-ours'
  | 'disk-full'
  | 'owner-not-ready'
  | 'server-lingers'
  | 'server-failed'
  | 'database-unreachable'
  | 'database-version'
  | 'database-newer'
  | 'migration-changed'
  | 'migration-failed';

/** Why the database cannot be had. `message` is one sentence for the operator and names the remedy. */
export interface StartRefusal {
  code: StartRefusalCode;
  message: string;
}
