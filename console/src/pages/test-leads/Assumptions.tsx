import { Checkbox, NumberInput, Select, Stack, Text } from '@mantine/core';
import { type FlowDocument, LIST_CHECK_NAMES } from '../../../../src/model/flow.ts';
import { toFlow } from '../../editor/changes/plain-document.ts';
import type { Assumed } from './LeadInput.tsx';
import { type AskedGroup, type AskedRecipient, listAsked } from './list-asked.ts';
import { More } from './More.tsx';

const LIST_WORDS = {
  duplicate: 'The duplicate check finds it',
  existing_customer: 'It is an existing customer',
  dnc: 'It is on the do-not-contact list',
} as const;
const OUTCOMES = [
  { value: 'success', label: 'accepts' },
  { value: 'failure', label: 'rejects' },
  { value: 'error', label: 'fails' },
];

interface AssumptionsProps {
  document: FlowDocument;
  assume: Assumed;
  setAssume: (assume: Assumed) => void;
}

type Answer = NonNullable<Assumed['answers']>[string];

/** What others say while the lead runs. Unless it is said, lists are empty, caps have room, recipients accept and nobody bids. */
export function Assumptions({ document, assume, setAssume }: AssumptionsProps) {
  const flow = toFlow(document);
  const checks = LIST_CHECK_NAMES.filter((name) => flow.list_checks?.[name]);
  const groups = listAsked(flow);
  /** undefined: what is assumed where nothing is said. */
  const setAnswer = (name: string, answer: Answer | undefined) => {
    const { [name]: _before, ...others } = assume.answers ?? {};
    setAssume({ ...assume, answers: answer === undefined ? others : { ...others, [name]: answer } });
  };
  if (checks.length + groups.length === 0) return null;
  return (
    <More summary="What lists and recipients say">
      <Text size="sm" c="dimmed">
        Unless you say otherwise, lists are empty, caps have room, recipients accept, and a recipient that is asked for
        a bid gives none. A distribution that shares leads out begins with its first turn.
      </Text>
      {checks.map((name) => (
        <Checkbox
          key={name}
          label={LIST_WORDS[name]}
          checked={assume.lists?.[name] === true}
          onChange={({ currentTarget: { checked } }) =>
            setAssume({ ...assume, lists: { ...assume.lists, [name]: checked } })
          }
        />
      ))}
      {groups.map((group) => (
        <Group key={group.key} {...{ group, assume, setAnswer }} />
      ))}
    </More>
  );
}

interface GroupProps {
  group: AskedGroup;
  assume: Assumed;
  setAnswer: (name: string, answer: Answer | undefined) => void;
}

/** The recipients of a distribution stand together, below its name. */
function Group({ group: { name, recipients }, ...answers }: GroupProps) {
  const rows = recipients.map((recipient) => <Recipient key={recipient.id} {...{ recipient }} {...answers} />);
  if (name === null) return rows;
  return (
    <Stack gap="sm" role="group" aria-label={name}>
      <Text fw={600} size="sm">
        <bdi>{name}</bdi>
      </Text>
      {rows}
    </Stack>
  );
}

function Recipient(props: { recipient: AskedRecipient } & Omit<GroupProps, 'group'>) {
  const { recipient, assume, setAnswer } = props;
  const { id, name, bidName } = recipient;
  const outcome = assume.answers?.[id]?.outcome ?? 'success';
  return (
    <>
      <Select
        label={name}
        data={OUTCOMES}
        value={outcome}
        onChange={(value) => setAnswer(id, value === 'failure' || value === 'error' ? { outcome: value } : undefined)}
        allowDeselect={false}
      />
      {bidName !== null && (
        <NumberInput
          label={`Bid of ${name}, dollars`}
          placeholder="None"
          value={assume.answers?.[bidName]?.price ?? ''}
          onChange={(value) =>
            setAnswer(bidName, typeof value === 'number' ? { outcome: 'success', price: value } : undefined)
          }
          min={0}
          max={BID_MAX}
          decimalScale={4}
          hideControls
        />
      )}
    </>
  );
}

const BID_MAX = 1_000_000;
