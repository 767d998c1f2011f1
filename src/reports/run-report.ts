import { fail, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import {
  type AnswerDeps,
  answerStatistics,
  prepareStatistics,
  type StatisticsAnswer,
  type StatisticsRequest,
} from './answer-statistics.ts';

/**
 * Runs a report in a time frame, with a row of totals at the end. What cannot be answered is returned as problems with the
 * remedy: a definition that names what is not there any more, or a question that would read too many events.
 */
export async function runReport(
  deps: AnswerDeps,
  request: StatisticsRequest,
): Promise<Result<StatisticsAnswer, Problem[]>> {
  const prepared = prepareStatistics(request);
  if (!prepared.ok) return prepared;
  const answered = await answerStatistics(deps, prepared.value, { withTotals: true });
  return answered.ok ? answered : fail([{ path: 'timeframe', message: answered.error }]);
}
