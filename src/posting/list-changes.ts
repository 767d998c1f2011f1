import type { PostingChange, PostingField, PostingRule } from './posting-page.ts';
import { CHANGES_MAX } from './posting-page.ts';

/** What vendors see of one deployed revision. */
export interface VendorView {
  /** Epoch ms of the deploy. */
  at: number;
  fields: readonly Pick<PostingField, 'name' | 'required' | 'type'>[];
  rules: readonly PostingRule[];
}

/** What a vendor has to know of the revisions since, newest first. `views`: newest first. */
export function listChanges(views: readonly VendorView[]): PostingChange[] {
  const changes = views.flatMap((view, index) => {
    const before = views[index + 1];
    return before ? changesBetween(before, view) : [];
  });
  return changes.slice(0, CHANGES_MAX);
}

function changesBetween(before: VendorView, after: VendorView): PostingChange[] {
  const at = new Date(after.at).toISOString();
  const [old, now] = [byName(before), byName(after)];
  const [oldRules, newRules] = [before.rules.map(writeRule), after.rules.map(writeRule)];
  return [
    ...after.fields.flatMap(({ name, required }): PostingChange[] => {
      const known = old.get(name);
      if (!known)
        return [
          {
            at,
            kind: 'added',
            sentence: `The parameter "${name}" was added${required === 'yes' ? '; it is required' : ''}.`,
          },
        ];
      if (known.required === required) return [];
      return [{ at, kind: 'changed', sentence: `The parameter "${name}" is ${REQUIRED[required]} now.` }];
    }),
    ...before.fields
      .filter(({ name }) => !now.has(name))
      .map(
        ({ name }): PostingChange => ({
          at,
          kind: 'removed',
          sentence: `The parameter "${name}" was removed; it is ignored.`,
        }),
      ),
    ...newRules
      .filter((rule) => !oldRules.includes(rule))
      .map((rule): PostingChange => ({ at, kind: 'added', sentence: `A rule was added: ${rule}` })),
    ...oldRules
      .filter((rule) => !newRules.includes(rule))
      .map((rule): PostingChange => ({ at, kind: 'removed', sentence: `A rule was removed: ${rule}` })),
  ];
}

const REQUIRED = { yes: 'required', no: 'optional', when: 'required for some leads' } as const;

function byName({ fields }: VendorView) {
  return new Map(fields.map((field) => [field.name, field]));
}

/** A rule as one text, to compare and to show. */
export function writeRule(rule: PostingRule): string {
  if (rule.kind === 'rule') return rule.sentence;
  return `${rule.sentence} ${rule.rules.map((each) => writeRule(each).replace(/\.$/, '')).join('; ')}.`;
}
