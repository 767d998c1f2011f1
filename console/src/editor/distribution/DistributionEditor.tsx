import { Button, Checkbox, Radio, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import {
  type Candidate,
  DISTRIBUTION_METHODS,
  type DistributionMethodName,
  type DistributionStep,
} from '../../../../src/model/flow.ts';
import type { Integration } from '../../../../src/model/mapping.ts';
import type { PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsAt, faultsElsewhere, faultsIn } from '../sentence/faults.ts';
import { IntegrationPart } from '../sentence/IntegrationPart.tsx';
import { More } from '../sentence/More.tsx';
import { EntryButton, EntryButtons, MoveButtons } from '../sentence/PartActions.tsx';
import { Fields, OptionalNumberField, Sentence, TextField } from '../sentence/Sentence.tsx';
import sentence from '../sentence/sentence.module.css';
import { withMember, withMoved, withProperty } from '../sentence/with-property.ts';
import { Auction } from './Auction.tsx';
import { describeSums, formatShare, METHODS, nameOfCandidate, sharesOf } from './describe-distribution.ts';
import styles from './distribution.module.css';

const SALES_MAX = 1_000;
const PART_MAX = 1_000_000;
const TIER_MAX = 1_000;

interface DistributionEditorProps extends PartProps<DistributionStep> {
  /** Opens the panel of a recipient, by its place in the list. */
  openRecipient?(index: number): void;
  /** Adds one, and opens its panel. Without it there is no button. */
  addRecipient?(): void;
}

/** How a distribution chooses who is offered the lead, and each recipient's place among the others. */
export function DistributionEditor(props: DistributionEditorProps) {
  const { value, change, path, faults, isReadOnly } = props;
  if (value === undefined) return null;
  const at = (property: string) => faultsAt(faults, `${path}.${property}`);
  const set = <Name extends keyof DistributionStep>(
    property: Name,
    next: DistributionStep[Name] | undefined,
    what: string,
  ) => change(withProperty(value, property, next), what);
  const isToAll = value.method === 'send_all';
  return (
    <Stack gap="lg">
      <Sentence>
        <span>Name</span>
        <TextField
          label="Name of the distribution"
          value={value.name}
          placeholder="Buyers"
          charactersMax={200}
          isReadOnly={isReadOnly}
          faults={at('name')}
          change={(next) => set('name', next, `Named the distribution ${next ?? 'nothing'}`)}
        />
      </Sentence>
      <Methods {...props} value={value} />
      <Fields>
        <OptionalNumberField
          caption="Most sales of a lead"
          label="Most sales of a lead"
          value={value.max_sales}
          min={1}
          max={SALES_MAX}
          isWhole
          placeholder={isToAll ? 'any' : '1'}
          isReadOnly={isReadOnly}
          faults={at('max_sales')}
          change={(next) => set('max_sales', next, 'Changed the most sales of a lead')}
        />
      </Fields>
      {value.method === 'highest_bid' && <Auction {...props} value={value} />}
      <Recipients {...props} value={value} />
      <More word="Key of its variables" isOpen={value.key !== undefined}>
        <Fields>
          <TextField
            caption="Key of the distribution, after distribution."
            label="Key of the distribution"
            value={value.key}
            placeholder="the name in snake case"
            charactersMax={200}
            isReadOnly={isReadOnly}
            faults={at('key')}
            change={(next) => set('key', next, 'Changed the key of the distribution')}
          />
        </Fields>
      </More>
      <Faults faults={faultsElsewhere(faults, path, SHOWN)} />
    </Stack>
  );
}

/** Faults of these are beside their fields; the others of the step are edited elsewhere. */
const SHOWN = [
  ...['name', 'method', 'max_sales', 'bid_timeout_ms', 'minimum_price', 'margin_floor', 'bids_price_pings', 'key'],
  ...['recipients', 'description', 'notes', 'enabled'],
];

/** Methods that remember whose turn it is. */
const HAS_TURNS: ReadonlySet<DistributionMethodName> = new Set(['round_robin', 'weighted', 'percentage']);

type Filled = DistributionEditorProps & { value: DistributionStep };

function Methods({ value, change, path, faults, isReadOnly }: Filled) {
  return (
    <div>
      <Radio.Group
        label="Who is offered the lead"
        value={value.method}
        onChange={(method) =>
          change(
            { ...value, method: method as DistributionMethodName }, // one of the methods below
            `Offered ${METHODS[method as DistributionMethodName].label.toLowerCase()}`,
          )
        }
      >
        <div className={styles['methods']}>
          {DISTRIBUTION_METHODS.map((method) => (
            <Radio
              key={method}
              value={method}
              label={METHODS[method].label}
              description={METHODS[method].does}
              disabled={isReadOnly}
            />
          ))}
        </div>
      </Radio.Group>
      {HAS_TURNS.has(value.method) && (
        <p className={`${sentence['note']} ${styles['after']}`}>
          Another method, another recipient or another share starts the turns again.
        </p>
      )}
      <Faults faults={faultsAt(faults, `${path}.method`)} />
    </div>
  );
}

function Recipients(props: Filled) {
  const { value, change, path, faults, isReadOnly, addRecipient } = props;
  const recipients = value.recipients ?? [];
  const shares = sharesOf({ ...value, recipients });
  const put = (next: Candidate[], what: string) => change({ ...value, recipients: next }, what);
  return (
    <section aria-label="Recipients">
      <Text fw={600}>Recipients</Text>
      <p className={sentence['note']}>
        Those of a lower tier are offered the lead first; in a tier, exclusive ones come first. A recipient that is
        switched off, closed, full, or whose rules fail is passed over.
      </p>
      {describeSums(value).map((text) => (
        <p key={text} className={sentence['note']}>
          {text}
        </p>
      ))}
      <Faults faults={faultsAt(faults, `${path}.recipients`)} />
      {recipients.length === 0 && <Text mt="sm">No recipient yet: no lead is sold here.</Text>}
      <ol className={styles['recipients']}>
        {recipients.map((candidate, index) => (
          <li key={candidate.id ?? index}>
            <RecipientEntry
              {...props}
              {...{ candidate, index, share: shares[index] ?? null, count: recipients.length }}
              replace={(next, what) => put(withMember(recipients, index, next), what)}
              move={(to) =>
                put(withMoved(recipients, index, to), `Moved ${nameOfCandidate(candidate, index)} to place ${to + 1}`)
              }
            />
          </li>
        ))}
      </ol>
      {!isReadOnly && addRecipient !== undefined && (
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={addRecipient}>
          Add recipient
        </Button>
      )}
    </section>
  );
}

interface RecipientEntryProps extends Filled {
  candidate: Candidate;
  index: number;
  count: number;
  share: number | null;
  replace(next: Candidate | undefined, what: string): void;
  move(to: number): void;
}

function RecipientEntry(props: RecipientEntryProps) {
  const { value, candidate, index, count, share, faults, names, isReadOnly, replace, move, openRecipient } = props;
  const name = nameOfCandidate(candidate, index);
  const path = `${props.path}.recipients.${index}`;
  const at = (property: string) => faultsAt(faults, `${path}.${property}`);
  const set = <Name extends keyof Candidate>(property: Name, next: Candidate[Name] | undefined, what: string) =>
    replace(withProperty(candidate, property, next), what);
  const isOff = candidate.enabled === false;
  const others = faultsElsewhere(faults, path, ['weight', 'percentage', 'priority', 'tier', 'exclusive', 'bid']);
  return (
    <Stack gap={8} role="group" aria-label={name}>
      <div className={sentence['head']}>
        <div className={styles['who']} data-off={isOff || undefined}>
          <span className={styles['place']}>{index + 1}.</span>
          <bdi>{name}</bdi>
          {isOff && <span className={styles['off']}>(switched off)</span>}
        </div>
        <EntryButtons>
          {!isReadOnly && <MoveButtons {...{ name, index, count, move }} />}
          {openRecipient !== undefined && (
            <EntryButton word={isReadOnly ? 'Show' : 'Edit'} name={name} onClick={() => openRecipient(index)} />
          )}
          {!isReadOnly && (
            <EntryButton
              word="Remove"
              name={name}
              onClick={() => replace(undefined, `Removed the recipient ${name}`)}
            />
          )}
        </EntryButtons>
      </div>
      <Fields>
        <OptionalNumberField
          {...{
            caption: 'Tier',
            isReadOnly,
            label: `Tier of ${name}`,
            value: candidate.tier,
            max: TIER_MAX,
            placeholder: '1',
          }}
          isWhole
          faults={at('tier')}
          change={(next) => set('tier', next, `Changed the tier of ${name}`)}
        />
        {value.method === 'weighted' && (
          <OptionalNumberField
            {...{ isReadOnly, label: `Weight of ${name}`, value: candidate.weight, max: PART_MAX, placeholder: '1' }}
            caption="Weight"
            faults={at('weight')}
            change={(next) => set('weight', next, `Changed the weight of ${name}`)}
          />
        )}
        {value.method === 'percentage' && (
          <OptionalNumberField
            {...{ isReadOnly, label: `Percentage of the sales, ${name}`, value: candidate.percentage, max: 100 }}
            caption="Percentage of the sales"
            faults={at('percentage')}
            change={(next) => set('percentage', next, `Changed the percentage of ${name}`)}
          />
        )}
        {value.method === 'priority' && (
          <OptionalNumberField
            {...{
              isReadOnly,
              label: `Priority of ${name}`,
              value: candidate.priority,
              max: PART_MAX,
              placeholder: '0',
            }}
            caption="Priority"
            isWhole
            faults={at('priority')}
            change={(next) => set('priority', next, `Changed the priority of ${name}`)}
          />
        )}
        {share !== null && <span className={styles['share']}>= {formatShare(share)} of the turns</span>}
      </Fields>
      <Checkbox
        label="Exclusive: when it accepts, nobody else gets the lead"
        checked={candidate.exclusive === true}
        disabled={isReadOnly}
        onChange={({ currentTarget: { checked } }) =>
          set('exclusive', checked ? true : undefined, `${name} is ${checked ? 'exclusive' : 'shared'}`)
        }
      />
      <Faults faults={at('exclusive')} />
      {value.method === 'highest_bid' && (
        <Bid
          {...{ names, isReadOnly, faults, name, path: `${path}.bid`, value: candidate.bid ?? undefined }}
          change={(next, what) => set('bid', next, what)}
        />
      )}
      {others.length > 0 && (
        <Faults
          faults={others.slice(0, 1).map((fault) => ({
            ...fault,
            message:
              others.length === 1 ? fault.message : `${others.length} faults of this recipient: ${fault.message}`,
          }))}
        />
      )}
    </Stack>
  );
}

const NEW_BID: Integration = { module_id: 'leadconduit-custom.outbound.json', mappings: [] };

/** How it is asked for its bid; without a question its prices are its bid. */
function Bid({ name, ...part }: PartProps<Integration> & { name: string }) {
  const { value, change, path, faults, isReadOnly } = part;
  if (value === undefined)
    return (
      <Sentence>
        <span>Bids what its prices say.</span>
        {!isReadOnly && (
          <EntryButton word="Ask for a bid" name={name} onClick={() => change(NEW_BID, `${name} is asked for a bid`)} />
        )}
      </Sentence>
    );
  return (
    <More word="Is asked for its bid" name={name} isOpen={faultsIn(faults, path).length > 0}>
      <Stack gap="sm">
        <p className={sentence['note']}>
          The price of an answer whose outcome is success is the bid. Send what a buyer needs for a price, and not who
          the person is.
        </p>
        <IntegrationPart {...part} />
        {!isReadOnly && (
          <div>
            <EntryButton
              word="Ask no more"
              name={name}
              onClick={() => change(undefined, `${name} bids what its prices say`)}
            />
          </div>
        )}
      </Stack>
    </More>
  );
}
