import { describe, expect, it } from 'vitest';
import type { ProblemDetails } from '../../api/problems.ts';
import { countProblem, reasonOf } from './problem-words.ts';

const CLASS = 'The circuit to … is open after … of … requests failed; next try in … s';
const SAID = 'The circuit to crm.example is open after 10 of 20 requests failed; next try in 5 s';
const samplesOf = (reason: string) => [{ reason }] as ProblemDetails['samples'];

describe('the words of a problem', () => {
  it.each([
    ['no reason', { reason_class: '', cause: null }, 'No reason was given'],
    ['a reason with what differs left out', { reason_class: 'Buys no …', cause: null }, 'Buys no …'],
    [
      'an open circuit, with host and counts of its newest failure',
      { reason_class: CLASS, cause: 'circuit_open', samples: samplesOf(SAID) },
      'The circuit to crm.example is open after 10 of 20 requests failed',
    ],
    [
      'an open circuit in a list',
      { reason_class: CLASS, cause: 'circuit_open' },
      'The circuit is open: too many deliveries failed',
    ],
  ] as const)('say of %s what there is', (_, problem, sentence) => {
    expect(reasonOf(problem)).toBe(sentence);
  });

  it('say what each number counts', () => {
    expect(countProblem({ events: 38, leads: 30 })).toBe('38 failures of 30 leads');
    expect(countProblem({ events: 1, leads: 1 })).toBe('1 failure of 1 lead');
  });
});
