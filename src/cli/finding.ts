/** What a check of `sluice doctor` found. */
export interface Finding {
  level: 'ok' | 'warning' | 'problem';
  /** What was found, a sentence; with what to do unless it is `ok`. No secrets. */
  says: string;
}

export function ok(says: string): Finding {
  return { level: 'ok', says };
}

export function warn(says: string): Finding {
  return { level: 'warning', says };
}
