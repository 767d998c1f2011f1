import { Checkbox, Stack, Switch, TagsInput, Text, Title } from '@mantine/core';
import type {
  Approval,
  ConversionSettings,
  RecipientFeedback,
  ReturnSettings,
  Span,
} from '../../../../src/model/flow.ts';
import type { PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsElsewhere, faultsIn } from '../sentence/faults.ts';
import { LengthField } from '../sentence/LengthField.tsx';
import { RulesPart } from '../sentence/RulesPart.tsx';
import { ChoiceField, Fields } from '../sentence/Sentence.tsx';
import sentence from '../sentence/sentence.module.css';
import { withProperty } from '../sentence/with-property.ts';

const REASONS_MAX = 100;
const REASON_CHARACTERS_MAX = 200;
const NEW_RETURNS: ReturnSettings = { enabled: true, maximum_age: { value: 30, interval: 'day' } };
const NEW_APPROVAL: Approval = { deadline: { value: 7, interval: 'day' }, default: 'accept' };
const NEW_AGE: Span = { value: 30, interval: 'day' };

/** What a recipient may say later of leads that it accepted. */
export function RecipientFeedbackEditor(props: PartProps<RecipientFeedback>) {
  const { value, change, path, faults, names, isReadOnly } = props;
  const set = <Name extends keyof RecipientFeedback>(
    property: Name,
    next: RecipientFeedback[Name] | undefined,
    what: string,
  ) => {
    const feedback = withProperty(value ?? {}, property, next);
    change(Object.keys(feedback).length === 0 ? undefined : feedback, what);
  };
  const isAny = value?.returns?.enabled === true || value?.conversions?.enabled === true;
  return (
    <Stack gap="lg">
      <Text c="dimmed">
        The recipient sends feedback with the id of the delivery, which its mappings must give it: {'{{event_id}}'}. The
        outcome that the sender got never changes.
      </Text>
      <Returns
        {...{ faults, names, isReadOnly, path: `${path}.returns`, value: value?.returns ?? undefined }}
        change={(next, what) => set('returns', next, what)}
      />
      <Conversions
        {...{ faults, names, isReadOnly, path: `${path}.conversions`, value: value?.conversions ?? undefined }}
        change={(next, what) => set('conversions', next, what)}
      />
      {(isAny || value?.rule_set) && (
        <RulesPart
          {...{ faults, names, isReadOnly, path: `${path}.rule_set`, value: value?.rule_set }}
          name="feedback of both types"
          meaning={{ when: 'Feedback of both types is taken when', always: 'Both types are taken of every lead.' }}
          change={(next, what) => set('rule_set', next, what)}
        />
      )}
      <Faults faults={faultsElsewhere(faults, path, ['returns', 'conversions', 'rule_set'])} />
    </Stack>
  );
}

function Returns({ value, change, path, faults, names, isReadOnly }: PartProps<ReturnSettings>) {
  const isOn = value?.enabled === true;
  const set = <Name extends keyof ReturnSettings>(
    property: Name,
    next: ReturnSettings[Name] | undefined,
    what: string,
  ) => change(withProperty(value ?? {}, property, next), what);
  return (
    <Stack gap={8} component="section" aria-label="Returns">
      <div className={sentence['head']}>
        <Title order={3}>Returns</Title>
        <Switch
          label={isOn ? 'Taken' : 'Not taken'}
          aria-label="Take returns"
          checked={isOn}
          disabled={isReadOnly}
          onChange={({ currentTarget: { checked } }) => {
            if (checked) change({ ...NEW_RETURNS, ...value, enabled: true }, 'Returns are taken');
            else set('enabled', false, 'Returns are not taken');
          }}
        />
      </div>
      <p className={sentence['note']}>A return takes back what the recipient paid. A recipient returns a lead once.</p>
      {isOn && (
        <>
          <Age
            {...{ value, path, faults, isReadOnly }}
            change={(next) => set('maximum_age', next, 'Changed how old a returned lead may be')}
          />
          <div>
            <TagsInput
              label="Reasons that a return may have"
              description="Without regard to case. When none is listed, any reason is taken, and a return without one."
              placeholder={value?.reasons?.length ? '' : 'Wrong number'}
              value={value?.reasons ?? []}
              readOnly={isReadOnly}
              maxTags={REASONS_MAX}
              maxLength={REASON_CHARACTERS_MAX}
              acceptValueOnBlur
              onChange={(reasons) =>
                set('reasons', reasons.length === 0 ? undefined : reasons, 'Changed the reasons of returns')
              }
            />
            <Faults faults={faultsIn(faults, `${path}.reasons`)} />
          </div>
          <ApprovalFields
            {...{ value, path, faults, isReadOnly }}
            change={(next) => set('approval', next, 'Changed who decides returns')}
          />
          <Checkbox
            label="An accepted return also takes back what the lead cost"
            description="Where the source is asked, its answer decides instead."
            checked={value?.refund_cost === true}
            disabled={isReadOnly}
            onChange={({ currentTarget: { checked } }) =>
              set(
                'refund_cost',
                checked ? true : undefined,
                checked ? 'Returns refund the cost' : 'Returns refund no cost',
              )
            }
          />
          <RulesPart
            {...{ faults, names, isReadOnly, path: `${path}.rule_set`, value: value?.rule_set }}
            name="returns"
            meaning={{ when: 'A return is taken when', always: 'Returns of every lead are taken.' }}
            change={(next, what) => set('rule_set', next, what)}
          />
        </>
      )}
      <Faults faults={faultsElsewhere(faults, path, isOn ? ['reasons', 'approval', 'maximum_age', 'rule_set'] : [])} />
    </Stack>
  );
}

type SettingsProps<Next> = Pick<PartProps<ReturnSettings>, 'value' | 'path' | 'faults' | 'isReadOnly'> & {
  change(next: Next | undefined): void;
};

function Age({ value, path, faults, isReadOnly, change }: SettingsProps<Span>) {
  const age = value?.maximum_age ?? undefined;
  return (
    <Fields>
      <ChoiceField
        caption="A lead may be returned"
        label="A lead may be returned"
        value={age === undefined ? 'any' : 'age'}
        choices={[
          { value: 'any', label: 'at any age' },
          { value: 'age', label: 'until it is' },
        ]}
        isReadOnly={isReadOnly}
        change={(next) => change(next === 'any' ? undefined : NEW_AGE)}
      />
      {age && (
        <LengthField
          caption="Oldest lead"
          label="Oldest lead that may be returned"
          {...{ value: age, isReadOnly, faults, path: `${path}.maximum_age` }}
          change={change}
        />
      )}
    </Fields>
  );
}

function ApprovalFields({ value, path, faults, isReadOnly, change }: SettingsProps<Approval>) {
  const approval = value?.approval ?? undefined;
  return (
    <div>
      <Fields>
        <ChoiceField
          caption="A return is"
          label="A return is, who decides"
          value={approval === undefined ? 'at-once' : 'approval'}
          choices={[
            { value: 'at-once', label: 'accepted at once' },
            { value: 'approval', label: 'decided by a person' },
          ]}
          isReadOnly={isReadOnly}
          change={(next) => change(next === 'at-once' ? undefined : NEW_APPROVAL)}
        />
        {approval && (
          <>
            <LengthField
              caption="How long"
              label="How long a return waits"
              {...{ value: approval.deadline, isReadOnly, faults, path: `${path}.approval.deadline` }}
              change={(deadline) => change({ ...approval, deadline })}
            />
            <ChoiceField
              caption="If nobody decides"
              label="If nobody decides, the return is"
              value={approval.default}
              choices={[
                { value: 'accept', label: 'accepted' },
                { value: 'decline', label: 'declined' },
              ]}
              isReadOnly={isReadOnly}
              faults={faultsIn(faults, `${path}.approval.default`)}
              change={(next) => change({ ...approval, default: next })}
            />
          </>
        )}
      </Fields>
      <Faults faults={faultsElsewhere(faults, `${path}.approval`, ['deadline', 'default'])} />
    </div>
  );
}

function Conversions({ value, change, path, faults, names, isReadOnly }: PartProps<ConversionSettings>) {
  const isOn = value?.enabled === true;
  return (
    <Stack gap={8} component="section" aria-label="Conversions">
      <div className={sentence['head']}>
        <Title order={3}>Conversions</Title>
        <Switch
          label={isOn ? 'Taken' : 'Not taken'}
          aria-label="Take conversions"
          checked={isOn}
          disabled={isReadOnly}
          onChange={({ currentTarget: { checked } }) =>
            change({ ...value, enabled: checked }, `Conversions are ${checked ? 'taken' : 'not taken'}`)
          }
        />
      </div>
      <p className={sentence['note']}>The recipient says that the lead has become a customer. No money moves.</p>
      {isOn && (
        <RulesPart
          {...{ faults, names, isReadOnly, path: `${path}.rule_set`, value: value?.rule_set }}
          name="conversions"
          meaning={{ when: 'A conversion is taken when', always: 'Conversions of every lead are taken.' }}
          change={(next, what) => change(withProperty(value ?? {}, 'rule_set', next), what)}
        />
      )}
      <Faults faults={faultsElsewhere(faults, path, isOn ? ['rule_set'] : [])} />
    </Stack>
  );
}
