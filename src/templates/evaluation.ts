import type { EvaluationContext, Vars } from '../model/vars.ts';

/** The work one evaluation may do (decision 40); past it the template's result is the empty text. */
export const TEMPLATE_STEPS_MAX = 10_000;
/** Text is work too: so many characters written or read by a helper are one step, 10 MB for the whole evaluation. */
const CHARACTERS_PER_STEP = 1_024;

/** One evaluation of a template: what it may see and what it may still do. */
export interface Evaluation {
  readonly vars: Vars;
  readonly ctx: EvaluationContext;
  stepsLeft: number;
}

export function startEvaluation(vars: Vars, ctx: EvaluationContext): Evaluation {
  return { vars, ctx, stepsLeft: TEMPLATE_STEPS_MAX };
}

/** Charges one step, and the text that is handled in it. */
export function spend(evaluation: Evaluation, characters = 0): void {
  evaluation.stepsLeft -= 1 + Math.floor(characters / CHARACTERS_PER_STEP);
}

/** Charges work that is more than reading and writing text, such as patterns; a part of a step counts as a part. */
export function spendSteps(evaluation: Evaluation, steps: number): void {
  evaluation.stepsLeft -= steps;
}

/** Is the work used up? Then loops end, helpers answer nothing, and the result is the empty text. */
export function isExhausted(evaluation: Evaluation): boolean {
  return evaluation.stepsLeft < 0;
}

/** Where an expression stands: the variables, or one member of an `{{#each}}`. */
export interface Frame {
  /** What plain names are looked up in. */
  readonly context: unknown;
  readonly parent: Frame | undefined;
  /** Set inside `{{#each}}`. */
  readonly loop?: LoopPlace;
}

export interface LoopPlace {
  readonly index: number;
  readonly key: string | number;
  readonly first: boolean;
  readonly last: boolean;
}

/** A compiled expression: answers a typed value. */
export type Expression = (evaluation: Evaluation, frame: Frame) => unknown;
/** A compiled piece of text. */
export type TextNode = (evaluation: Evaluation, frame: Frame) => string;
