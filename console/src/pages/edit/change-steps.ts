import type { Candidate, FlowDocument, Source, Step } from '../../../../src/model/flow.ts';
import { readPath, writePath } from '../../editor/draft/document-path.ts';
import { withNewIds } from './new-id.ts';

/** A list of a flow whose members have panels: `sources`, `steps`, `steps.2.recipients`. */
export type ListPath = string;

type Member = Source | Step | Candidate;

export function listAt(document: FlowDocument, list: ListPath): readonly Member[] {
  const members = readPath(document, list);
  return Array.isArray(members) ? members : [];
}

/** At the end unless `index` says before which. */
export function insertMember(
  document: FlowDocument,
  { list, member, index }: { list: ListPath; member: Member; index?: number | undefined },
): FlowDocument {
  const members = listAt(document, list);
  const place = Math.min(index ?? members.length, members.length);
  return writePath(document, list, members.toSpliced(place, 0, member));
}

/** The same document when there is no such place. */
export function moveMember(
  document: FlowDocument,
  { list, from, to }: { list: ListPath; from: number; to: number },
): FlowDocument {
  const members = listAt(document, list);
  const member = members[from];
  if (member === undefined || to < 0 || to >= members.length || to === from) return document;
  return writePath(document, list, members.toSpliced(from, 1).toSpliced(to, 0, member));
}

export function removeMember(document: FlowDocument, { list, index }: { list: ListPath; index: number }): FlowDocument {
  return writePath(document, list, listAt(document, list).toSpliced(index, 1));
}

/** The copy comes behind it, and has ids of its own. */
export function duplicateMember(
  document: FlowDocument,
  { list, index, makeId }: { list: ListPath; index: number; makeId: () => string },
): FlowDocument {
  const member = listAt(document, list)[index];
  if (member === undefined) return document;
  return insertMember(document, { list, member: copyMember(member, makeId), index: index + 1 });
}

/** A source is one sender, so its copy has an entity of its own; steps go to the same recipient. */
function copyMember<Copied extends Member>(member: Copied, makeId: () => string): Copied {
  const copy = withNewIds(member, makeId);
  if ('type' in copy || !('entity' in copy)) {
    if ('method' in copy && typeof copy.name === 'string') return { ...copy, name: `${copy.name} copy` };
    return copy;
  }
  return { ...copy, entity: { ...copy.entity, id: makeId(), name: `${copy.entity.name ?? 'Source'} copy` } };
}

/** Switched on, the property is left out: it is the default. */
export function switchMember(document: FlowDocument, { path, isOn }: { path: string; isOn: boolean }): FlowDocument {
  return writePath(document, `${path}.enabled`, isOn ? undefined : false);
}
