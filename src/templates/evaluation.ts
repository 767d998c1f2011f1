import type { EvaluationContext, Vars } from '../model/vars.ts';

/** The work one evaluation may do (decision 40); past it the template's result is the empty text. */
export const TEMPLATE_STEPS_MAX = 10_000;
/**
 * A step is what takes 3 µs on a slow core, so that the whole budget ends in 30 ms and a cold one in 50 (decision 40).
 * What takes longer charges more of them, measured where it is charged.
 *
 * Text is work too: so many characters written or read by a helper are one step, 2.5 MB for the whole evaluation.
 * The slowest of them, upper case beyond ASCII, takes 6 to 12 ns a character.
 */
const CHARACTERS_PER_STEP = 256;
/** A member of a list takes 60 to 180 ns to become text, however short it is. */
const MEMBERS_PER_STEP = 16;
/** As deep as lists become text. */
const LIST_DEPTH_MAX = 8;

/** One evaluation of a template: what it may see and what it may still do. */
export interface Evaluation {
  readonly vars: Vars;
  readonly ctx: EvaluationContext;
  stepsLeft: number;
  /** Inserted values are marked, because the text is a URL. */
  readonly marksValues?: boolean;
}

export function startEvaluation(vars: Vars, ctx: EvaluationContext, marksValues = false): Evaluation {
  return { vars, ctx, stepsLeft: ctx.allowance?.stepsLeft ?? TEMPLATE_STEPS_MAX, marksValues };
}

/** Takes what was used from what the evaluation shares with others. */
export function endEvaluation({ ctx, stepsLeft }: Evaluation): void {
  if (ctx.allowance) ctx.allowance.stepsLeft = stepsLeft;
}

/** Charges one step, and the text that is handled in it. */
export function spend(evaluation: Evaluation, characters = 0): void {
  evaluation.stepsLeft -= 1 + Math.floor(characters / CHARACTERS_PER_STEP);
}

/** Charges work that is more than reading and writing text, such as patterns; a part of a step counts as a part. */
export function spendSteps(evaluation: Evaluation, steps: number): void {
  evaluation.stepsLeft -= steps;
}

/** Charges the reading of a list before it is read as a text; of other values the text is charged when it is there. */
export function spendOnMembers(evaluation: Evaluation, value: unknown): void {
  if (Array.isArray(value) && !isExhausted(evaluation))
    evaluation.stepsLeft -= countMembers(value, LIST_DEPTH_MAX) / MEMBERS_PER_STEP;
}

function countMembers(list: readonly unknown[], depthLeft: number): number {
  let count = list.length;
  for (const member of list) {
    if (Array.isArray(member) && depthLeft > 0) count += countMembers(member, depthLeft - 1);
  }
  return count;
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
