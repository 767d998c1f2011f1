/** Runs once before all test files. The database comes here with the embedded server. */
export async function setup(): Promise<void> {}
