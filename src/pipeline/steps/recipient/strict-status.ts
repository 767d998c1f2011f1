/**
 * What `strict_status: true` on a step makes of an answer (decision 22): a 4xx that the module would call a success is
 * a failure. Flows without it keep the measured behaviour, where a 404 without a search term is a success.
 */
export function applyStrictStatus(event: Record<string, unknown>, status: number): Record<string, unknown> {
  if (status < 400 || status >= 500 || event['outcome'] !== 'success') return event;
  return { ...event, outcome: 'failure', reason: event['reason'] ?? `Recipient answered with status ${status}` };
}
