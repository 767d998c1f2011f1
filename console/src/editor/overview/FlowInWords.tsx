import { Stack, Text } from '@mantine/core';
import type { EditorNames } from '../part-props.ts';
import { SaidPieces } from '../rules/SaidPieces.tsx';
import { type FlowInSentences, type Said, sayFlow } from './say-flow.ts';

type Names = Pick<EditorNames, 'document' | 'fields' | 'timeZone' | 'pricingServices'>;

/** Which of the sentences: all, those before the steps, or those behind them. */
type Shown = 'all' | 'before' | 'after';

/** What becomes of a lead, a sentence a line. */
export function FlowInWords({ names, shown = 'all' }: { names: Names; shown?: Shown }) {
  const said = tryToSay(names);
  if (said === null)
    return (
      <Text size="sm" c="dimmed">
        A part of this flow has a shape that cannot be put into words. The faults name it.
      </Text>
    );
  return (
    <Stack component="ul" gap={4} maw="96ch" m={0} p={0} style={{ listStyle: 'none' }}>
      {choose(said, shown).map((sentence, index) => {
        // Sentences have no other name, and none of them keeps a state.
        const key = index;
        return (
          <li key={key}>
            <SaidPieces said={sentence} />
          </li>
        );
      })}
    </Stack>
  );
}

function choose({ before, steps, after }: FlowInSentences, shown: Shown): Said[][] {
  switch (shown) {
    case 'all':
      return [...before, ...steps, ...after];
    case 'before':
      return before;
    case 'after':
      return after;
  }
}

/** null: a draft may have any shape, and what is wrong with it is said by the server. */
function tryToSay(names: Names): FlowInSentences | null {
  try {
    return sayFlow(names);
  } catch {
    return null;
  }
}
