import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { SluiceError } from '../../../../client/src/client.ts';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import { api } from '../../api/client.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import type { EditorNames } from '../part-props.ts';
import { listFieldsOfRules } from './list-reads.ts';
import { readEntry } from './rule-tree.ts';
import styles from './rules.module.css';
import { SampleLead } from './SampleLead.tsx';
import { useSample, varsOf } from './use-sample.ts';
import { VerdictMark } from './VerdictMark.tsx';
import { readVerdicts, type Verdicts } from './verdicts.ts';

/** A pause in typing after which the server is asked. */
const PAUSE_MS = 300;

interface TryRulesProps {
  ruleSet: RuleSet;
  path: string;
  names: EditorNames;
  verdicts: Verdicts | undefined;
  /** Draws what came of it beside the rules; undefined: nothing. */
  show(verdicts: Verdicts | undefined): void;
}

/** Tries the rules with a lead, again whenever one of them or the lead changes. */
export function TryRules({ ruleSet, path, names, verdicts, show }: TryRulesProps) {
  const [sample, setSample] = useSample(names.flowId);
  const given = useMemo(() => varsOf(sample), [sample]);
  const [asked] = useDebouncedValue(
    useMemo(() => ({ ruleSet, vars: 'vars' in given ? given.vars : undefined }), [ruleSet, given]),
    PAUSE_MS,
  );
  const { data, error } = useQuery({
    queryKey: ['rules-trial', asked],
    queryFn: ({ signal }) =>
      api.evaluateRules({ rule_set: asked.ruleSet, vars: asked.vars ?? {}, time_zone: names.timeZone } as never, {
        signal,
      }),
    enabled: asked.vars !== undefined && readEntry(asked.ruleSet).kind === 'group',
    placeholderData: keepPreviousData,
    retry: false,
    // What was tried may be somebody's values.
    gcTime: 0,
  });
  const found = useMemo(() => (data && !error ? readVerdicts(data) : undefined), [data, error]);
  useEffect(() => show(found), [found, show]);
  const suggested = useMemo(() => listFieldsOfRules(ruleSet, names.document.fields), [ruleSet, names.document.fields]);
  return (
    <section className={styles['trial']} aria-label="Trial">
      <SampleLead sample={sample} change={setSample} message={given.message} {...{ path, names, suggested }} />
      <div className={styles['trialResult']} aria-live="polite">
        {error && <FaultAlert title="The rules cannot be tried yet">{describeFaults(error)}</FaultAlert>}
        {verdicts && !error && (
          <>
            <p className={styles['verdictLine']}>
              <VerdictMark verdict={verdicts.passed ? 'passed' : 'failed'} />
              {verdicts.passed ? 'This lead passes.' : 'This lead does not pass.'}
            </p>
            {verdicts.reason !== null && (
              <p className={styles['note']}>
                The reason would be: <bdi className={styles['value']}>{verdicts.reason}</bdi>
              </p>
            )}
            {verdicts.warnings.map((warning) => (
              <p key={warning} className={styles['note']}>
                {warning}
              </p>
            ))}
          </>
        )}
      </div>
    </section>
  );
}

/** What the rules lack, in the words of the server. */
function describeFaults(error: Error): string {
  if (!(error instanceof SluiceError)) return describeError(error).text;
  const details = Array.isArray(error.details) ? error.details : [];
  const [first] = details.flatMap((detail: { message?: unknown }) =>
    typeof detail.message === 'string' ? [detail.message] : [],
  );
  return first ?? describeError(error).text;
}
