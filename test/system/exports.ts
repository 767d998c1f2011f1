type Query = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

/** What copies of a lead are found by: a range of time, and the ids of its ends. */
export interface CopiedLeads {
  start: string;
  end: string;
  first: string;
  last: string;
}

/** Copies a lead with its document and its events into the second that is ten minutes before it. */
export async function copyLead(
  query: Query,
  { leadId, copies }: { leadId: string; copies: number },
): Promise<CopiedLeads> {
  const second = Number.parseInt(leadId.slice(0, 8), 16) - 600;
  const hexOf = (value: number) => value.toString(16).padStart(8, '0');
  const copy = `$2 || lpad(to_hex(n), 16, '0')`;
  await query(
    `insert into leads select l.account_id, ${copy}, l.flow_id, l.source_id, l.revision, l.node_id, l.outcome, l.reason,
       l.price, l.submitted_at from leads l, generate_series(1, $3::int) n where l.id = $1`,
    [leadId, hexOf(second), copies],
  );
  await query(
    `insert into lead_data select d.account_id, ${copy}, d.part, d.document
       from lead_data d, generate_series(1, $3::int) n where d.lead_id = $1`,
    [leadId, hexOf(second), copies],
  );
  await query(
    `insert into events select e.account_id, ${copy}, e.seq, $2 || lpad(to_hex(n), 15, '0') || to_hex(e.seq::int), e.type,
       e.outcome, e.reason, e.flow_id, e.source_id, e.step_id, e.recipient_id, e.facts
       from events e, generate_series(1, $3::int) n where e.lead_id = $1`,
    [leadId, hexOf(second), copies],
  );
  const timeOf = (at: number) => new Date(at * 1000).toISOString();
  return { start: timeOf(second), end: timeOf(second + 1), first: hexOf(second), last: hexOf(second + 1) };
}

/** The cells of a CSV file, as RFC 4180 has it; a reader of its own, so that it does not share a fault with the writer. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      at += 1;
      while (!(text[at] === '"' && text[at + 1] !== '"')) {
        if (text[at] === undefined) throw new Error('a quote is not closed');
        cell += text[at];
        at += text[at] === '"' ? 2 : 1;
      }
      at += 1;
    } else {
      const [plain = ''] = /^[^,\r\n"]*/.exec(text.slice(at, at + 10_000)) ?? [];
      cell = plain;
      at += plain.length;
    }
    row.push(cell);
    if (text[at] === ',') {
      at += 1;
      if (text[at] === '\r') row.push('');
    }
    if (text[at] === '\r' && text[at + 1] === '\n') {
      rows.push(row);
      row = [];
      at += 2;
    }
  }
  return rows;
}
