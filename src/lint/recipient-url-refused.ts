import type { Problem } from '../model/problem.ts';
import { shortened } from './describe-rule.ts';
import type { LintContext } from './lint-context.ts';
import { deliveringSteps, segmentsOfProperty } from './module-variables.ts';

const DEFAULT_OUTBOUND = 'leadconduit-default.outbound';

/** Addresses of recipients that no delivery would be sent to. Only those whose host is written out are known. */
export function recipientUrlRefused(context: LintContext): Problem[] {
  const { urlProblem, flowTargets } = context.surroundings;
  if (!urlProblem) return [];
  return deliveringSteps(context).flatMap(({ path, step }) =>
    step.integration.mappings.flatMap(({ property, value }, index): Problem[] => {
      const url = segmentsOfProperty(property)?.join('.') === 'url' ? literalAddress(value) : undefined;
      const problem = url === undefined ? undefined : urlProblem(url);
      if (url === undefined || problem === undefined) return [];
      // A submit URL of this installation is not reached over the network, so its host may be private.
      const staysHere = step.integration.module_id === DEFAULT_OUTBOUND && (flowTargets?.ofUrl(url).length ?? 0) > 0;
      if (staysHere) return [];
      const message = `Nothing is delivered to ${shortened(hostOf(url))}: ${problem}. Name a public address, or let deliveries reach this one with the setting SLUICE_ALLOW_PRIVATE_NETWORKS, such as 127.0.0.1/32:8401.`;
      return [{ path: `${path}.integration.mappings.${index}.value`, message }];
    }),
  );
}

/** The part before the first template, where the host is complete in it. */
function literalAddress(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [literal = ''] = value.split('{{');
  if (literal === value) return value.trim() === '' ? undefined : value;
  return /^\s*https?:\/\/[^/?#]+[/?#]/i.test(literal) ? literal : undefined;
}

/** Without user, password, path and query, which may hold secrets. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'this address';
}
