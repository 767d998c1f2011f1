import type { FuzzTarget } from './target.ts';
import { bodies } from './targets/bodies.ts';
import { dates } from './targets/dates.ts';
import { files } from './targets/files.ts';
import { paths } from './targets/paths.ts';
import { rules } from './targets/rules.ts';
import { templates } from './targets/templates.ts';

/** Everything that reads texts from strangers. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [templates, rules, paths, dates, bodies, files];
