/**
 * The statements of an SQL file of ours, one at a time: a database that spreads a schema over several machines takes no
 * more at once. A statement ends with `;` at the end of a line; a body between `$$` is part of its statement.
 */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let current: string[] = [];
  let isInBody = false;
  for (const line of sql.split('\n')) {
    const code = line.replace(/--.*$/, '').trimEnd();
    if (code.trim() === '') continue;
    current.push(line);
    if (code.split('$$').length % 2 === 0) isInBody = !isInBody;
    if (isInBody || !code.endsWith(';')) continue;
    statements.push(current.join('\n'));
    current = [];
  }
  if (current.length > 0) statements.push(current.join('\n'));
  return statements;
}
