import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shBlocks } from '../../../../test/docs/sh-blocks.ts';
import { BUILD_CLIENT, buildCheck, buildProgram, COMMAND_LINE, KEEP_KEY } from './set-up-commands.ts';

const GUIDE = readFileSync(new URL('../../../../docs/guides/developers.md', import.meta.url), 'utf8');
const ORIGIN = 'http://127.0.0.1:8400';

describe('the commands of the console', () => {
  it('are those of the guide, whose tests run them', () => {
    const shown = [KEEP_KEY, buildCheck(ORIGIN), BUILD_CLIENT, buildProgram(ORIGIN), COMMAND_LINE];
    expect(shBlocks(GUIDE).map(({ script }) => script)).toEqual(shown);
  });
});
