import type { Result } from '../lib/result.ts';
import type { Evaluation } from './evaluation.ts';

/** What a helper is called with: the values in order, and the named ones (`format="MM"`). */
export interface HelperArguments {
  readonly values: readonly unknown[];
  readonly named: ReadonlyMap<string, unknown>;
}

/** Answers a typed value; never throws. undefined: nothing to show. */
export type HelperFunction = (args: HelperArguments, evaluation: Evaluation) => unknown;

export interface CompiledHelper {
  readonly run: HelperFunction;
  /** Variable paths inside literal arguments (`math "lead.a + 1"`), for who asks what a template depends on. */
  readonly variables?: readonly string[];
}

/** One word of the template language (spec behaviour 5.6). */
export interface TemplateHelper {
  readonly name: string;
  /** How many values it takes; more or fewer are a fault of the template. */
  readonly valuesMin: number;
  readonly valuesMax: number;
  /**
   * The function for one call, made when the template is compiled. `literals` holds the arguments that are written
   * out, undefined where only the lead decides. A sentence when one of them is wrong (a pattern, an expression).
   */
  readonly compile: (literals: HelperArguments) => Result<CompiledHelper, string>;
}
