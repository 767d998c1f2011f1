import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import classes from './Tiles.module.css';

export interface Tile {
  key: string;
  name: string;
  value: string;
  /** `+12 %, 1,075 before`. */
  change?: string | undefined;
  /** What is behind the number. */
  to?: string | undefined;
  search?: Record<string, unknown> | undefined;
}

/** `$164,992.75`, with which the narrowest tile is full at its usual size. */
const LONG_CHARACTERS = 11;

/** Numbers beside each other, each a link to what is behind it. */
export function Tiles({ tiles }: { tiles: readonly Tile[] }) {
  return (
    <dl className={classes['tiles']} data-long={tiles.some(({ value }) => value.length >= LONG_CHARACTERS)}>
      {tiles.map(({ key, name, value, change, to, search }) => (
        <div key={key}>
          <dt>{name}</dt>
          <dd className={classes['value']} data-tile={key}>
            {to === undefined ? (
              value
            ) : (
              <Anchor
                inherit
                className={classes['link'] ?? ''}
                renderRoot={(props) => <Link {...props} to={to} search={search as never} />}
              >
                {value}
              </Anchor>
            )}
          </dd>
          {change !== undefined && <dd className={classes['change']}>{change}</dd>}
        </div>
      ))}
    </dl>
  );
}
