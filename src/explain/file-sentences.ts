import type { LeadPast } from '../events/lead-past.ts';
import { SENTENCES } from './sentences.ts';
import { quoted } from './wording.ts';
import { writeMoment } from './write-moment.ts';

/** A file of a batch that has a row of the lead; names of the wire. */
export interface FileOfLead {
  event_id: string;
  batch_id: string;
  file_id: string;
  name: string;
  state: 'waiting' | 'delivered' | 'failed';
  delivered_at: string | null;
}

/** In which files the rows of a lead went, and whether they arrived. */
export function fileSentences({ flow }: LeadPast, files: readonly FileOfLead[]): string[] {
  return files.map((file) =>
    SENTENCES.filed({ file: quoted(file.name), end: describeEnd(file, flow.account.timeZone) }),
  );
}

function describeEnd({ state, delivered_at: at }: FileOfLead, timeZone: string): string {
  if (state === 'delivered' && at !== null) return `was delivered at ${writeMoment(Date.parse(at), timeZone)}`;
  return state === 'failed' ? 'could not be delivered' : 'is not delivered yet';
}
