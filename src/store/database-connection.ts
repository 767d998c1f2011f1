/** How a database is reached: by the embedded server's socket or by DATABASE_URL. */
export type DatabaseConnection = (
  | { host: string; port: number; user: string; database: string }
  | { connectionString: string }
) & {
  /** Settings that each connection starts with, as `-c name=value`. */
  options?: string | undefined;
};
