/** Names in a sentence; the count says how many others there are. */
const FLOWS_NAMED_MAX = 10;

/** Why what flows name stays. `subject` begins the sentence: "The destination is used by …". */
export function sentenceOfUse(subject: string, flows: readonly { name: string }[]): string {
  const names = flows.slice(0, FLOWS_NAMED_MAX).map(({ name }) => `"${name}"`);
  const more = flows.length > names.length ? ` and ${flows.length - names.length} more` : '';
  const what = flows.length === 1 ? 'the flow' : 'the flows';
  return `${subject} is used by ${what} ${names.join(', ')}${more}: remove it there, save and deploy first.`;
}
