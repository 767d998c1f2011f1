const NAMES: Readonly<Record<string, string>> = {
  source: 'Source',
  filter: 'Filter',
  recipient: 'Recipient',
  retry: 'Retry',
  'feedback-received': 'Feedback received',
  'feedback-sent': 'Feedback sent',
};

/** Of an event, by the word of the API; a word that is not known is shown as it is. */
export function nameType(type: string): string {
  return NAMES[type] ?? type;
}
