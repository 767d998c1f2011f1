import type { Export } from '../../exports/export.ts';
import { isoTime } from '../iso-time.ts';

const CUT = 'The range begins before what the account keeps; the file begins where that does.';

/** An export as the API returns it: the documented properties, then our own. */
export function exportJson(found: Export): Record<string, unknown> {
  const { id, definition, status, user, askedBy, fileName } = found;
  const { filter_rules, fields, date_format, start, end, ...own } = definition;
  return {
    ...{ id, created_at: isoTime(found.createdAt), status, start, end, filter_rules, fields },
    ...{ email_to: found.emailTo, date_format },
    user: user && {
      ...{ id: user.id, first_name: user.firstName, last_name: user.lastName, email: user.email, sso_id: user.id },
    },
    expires_at: isoTime(found.expiresAt),
    reason: found.isTruncated ? { message: CUT } : null,
    error: found.error,
    exported_docs: found.rowCount,
    file_name: fileName,
    downloads: found.downloads.map(({ at, by, ip }) => ({ at: isoTime(at), by, ip })),
    ...{ format: own.format, rows: own.rows, time_zone: own.time_zone, hides_values: own.hides_values },
    filters: {
      ...{ type: own.type ?? null, outcome: own.outcome ?? null, flow_id: own.flow_id ?? null },
      ...{ source_id: own.source_id ?? null, recipient_id: own.recipient_id ?? null },
    },
    asked_by: askedBy,
    size: found.byteCount,
    mailed_at: isoTime(found.mailedAt),
    mail_fault: found.mailFault,
    url: fileName !== null && found.error === null ? `/exports/${id}/download` : null,
  };
}
