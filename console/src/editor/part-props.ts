import type { FlowDocument } from '../../../src/model/flow.ts';

/** One place of a flow that cannot run, or that is probably not meant, as the draft was last checked. */
export interface Fault {
  /** As `errors` and `warnings` of a flow spell it: `sources.0.caps.1.maximum`. */
  path: string;
  message: string;
  level: 'error' | 'warning';
}

/** A named thing that a part can refer to. */
export interface Named {
  id: string;
  name: string;
}

/** What the editor offers by name while a part is edited. */
export interface EditorNames {
  flowId: string;
  /** The whole draft, for parts that show what stands beside them. */
  document: FlowDocument;
  /** Of the account; `type` as `GET /types` lists it. */
  fields: readonly (Named & { type: string })[];
  lists: readonly Named[];
  credentials: readonly (Named & { type: string })[];
  pricingServices: readonly Named[];
  /** Of the account: where days begin unless a part names its own. */
  timeZone: string;
}

/**
 * What every part of the editor takes. A part holds no state of the document: it shows `value` and calls `change` with the
 * next one. `undefined` takes the property out, so that its default holds.
 */
export interface PartProps<Value> {
  value: Value | undefined;
  /** `what` says in product words what was done, for undo and for screen readers: `Raised the cap Texas daily to 80`. */
  change: (next: Value | undefined, what: string) => void;
  /** Of `value` in the document; faults that begin with it are shown in the part, beside their place. */
  path: string;
  faults: readonly Fault[];
  names: EditorNames;
  isReadOnly: boolean;
}
