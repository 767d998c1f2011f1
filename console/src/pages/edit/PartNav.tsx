import { Link } from '@tanstack/react-router';
import classes from './edit.module.css';
import { EDIT_PARTS, type EditPart, findPlace } from './edit-places.ts';
import type { FaultIndex } from './fault-index.ts';
import { countOf } from './summaries.ts';
import { useEdit } from './use-edit.ts';

/** The pages of the editor; a number says how many faults a page has. */
export function PartNav({ part, faults }: { part: EditPart; faults: FaultIndex }) {
  const { flowId } = useEdit();
  const counts = new Map<EditPart, number>();
  for (const { path } of faults.all) {
    const place = findPlace(path).part;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return (
    <nav aria-label="Parts of the flow" className={classes['nav']}>
      {EDIT_PARTS.map(({ part: each, label }) => {
        const count = counts.get(each) ?? 0;
        return (
          <Link
            key={each}
            to="/flows/$flowId/edit/$part"
            params={{ flowId, part: each }}
            search={{}}
            aria-current={each === part ? 'page' : undefined}
            className={classes['navLink'] ?? ''}
          >
            {label}
            {count > 0 && (
              <span className={classes['navCount']} title={countOf(count, 'fault')}>
                {count}
                <span className={classes['unseen']}> {count === 1 ? 'fault' : 'faults'}</span>
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
