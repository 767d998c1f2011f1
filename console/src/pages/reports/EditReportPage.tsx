import {
  Anchor,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  Radio,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { ReportRow } from '../../../../client/src/client.ts';
import { GROUPING_NAMES, nameColumn, nameGrouping } from '../../../../src/reports/page/column-words.ts';
import { api } from '../../api/client.ts';
import { entityNamesQuery } from '../../api/deliveries.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { type GivenReport, reportQuery } from '../../api/reports.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { describeError, ErrorState } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { formatSpan, nameZoneOver } from '../../parts/format-time.ts';
import { nameProperty } from '../../parts/name-property.ts';
import { COLUMN_GROUPS } from '../../parts/statistics-columns.ts';
import { findLook } from '../../parts/statuses.ts';
import { FRAME_NAMES, FRAMES } from '../../parts/time-frames.ts';
import { useTitle } from '../../parts/use-title.ts';
import { ReportTable } from './ReportTable.tsx';
import { buildReport, draftOf, NEW_DRAFT, type ReportDraft } from './report-draft.ts';
import { readRows } from './report-rows.ts';
import { describeFrame } from './report-words.ts';
import classes from './reports.module.css';
import { useReportTime } from './use-report-time.ts';

/** A new report, or one that is changed. */
export function EditReportPage() {
  const { reportId } = useParams({ strict: false });
  const mayWrite = useMay('flows.write');
  useTitle(reportId === undefined ? 'New report' : 'Edit report', 'Reports');
  if (!mayWrite)
    return (
      <>
        <Title order={1}>Report</Title>
        <EmptyState
          title="You may not change reports"
          text="Your role lacks the permission flows.write. An owner can give you another role."
        />
      </>
    );
  return reportId === undefined ? <Form initial={NEW_DRAFT} id={null} /> : <Saved id={reportId} />;
}

function Saved({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(reportQuery(id));
  if (data === undefined)
    return (
      <>
        <Title order={1}>Edit report</Title>
        {error && <ErrorState error={error} reset={() => void refetch()} />}
      </>
    );
  if (data.read_only)
    return (
      <>
        <Title order={1}>Edit report</Title>
        <EmptyState title="Every account has this report as it is" text="Copy it, and change the copy.">
          <Button variant="default" component={Link} to={`/reports/${id}`}>
            Show the report
          </Button>
        </EmptyState>
      </>
    );
  return <Form id={id} initial={draftOf(data, Object.keys(GROUPING_NAMES))} hasLink={data.share_expires_at !== null} />;
}

type Change = <Name extends keyof ReportDraft>(name: Name, value: ReportDraft[Name]) => void;

function Form({ initial, id, hasLink = false }: { initial: ReportDraft; id: string | null; hasLink?: boolean }) {
  const [draft, setDraft] = useState(initial);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const change: Change = (name, value) => setDraft((now) => ({ ...now, [name]: value }));
  const save = useMutation({
    mutationFn: (report: GivenReport) => (id === null ? api.createReport(report) : api.replaceReport(id, report)),
    onSuccess: (saved) => {
      queries.setQueryData(reportQuery(saved.id).queryKey, saved);
      void queries.invalidateQueries({ queryKey: ['reports'], exact: true });
      announce('The report is saved');
      void navigate({ to: '/reports/$reportId', params: { reportId: saved.id } });
    },
  });
  const preview = useMutation({
    mutationFn: ({ schedule: _schedule, name: _name, ...report }: GivenReport) => api.previewReport(report as never),
  });
  const built = buildReport(draft);
  const faults = findFieldErrors(save.error ?? preview.error);
  const failed = save.error ?? preview.error;
  return (
    <>
      <Anchor component={Link} to={id === null ? '/reports' : `/reports/${id}`} size="sm">
        {id === null ? 'Reports' : 'Back to the report'}
      </Anchor>
      <Title order={1} mb="md">
        {id === null ? 'New report' : 'Edit report'}
      </Title>
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (typeof built !== 'string') save.mutate(built);
        }}
      >
        <TextInput
          label="Name"
          required
          maxLength={200}
          value={draft.name}
          onChange={({ currentTarget }) => change('name', currentTarget.value)}
          error={faults['name']}
        />
        <TextInput
          label="Description"
          value={draft.description}
          onChange={({ currentTarget }) => change('description', currentTarget.value)}
        />
        <Columns draft={draft} change={change} />
        <Splits draft={draft} change={change} />
        <Filters draft={draft} change={change} />
        <Mail draft={draft} change={change} />
        {hasLink && (
          <Text size="sm" c="dimmed">
            The report has a link. It ends when you save: what was shared is what is seen.
          </Text>
        )}
        {typeof built === 'string' && <FaultAlert>{built}</FaultAlert>}
        {failed && (
          <FaultAlert title={describeError(failed).title}>
            {describeError(failed).text}
            <ul>
              {Object.entries(faults).map(([path, message]) => (
                <li key={path}>
                  {path === '' ? '' : `${nameProperty(path)}: `}
                  {message}
                </li>
              ))}
            </ul>
          </FaultAlert>
        )}
        <Group>
          <Button
            type="submit"
            loading={save.isPending}
            disabled={typeof built === 'string' || draft.name.trim() === ''}
          >
            Save report
          </Button>
          <Button
            variant="default"
            loading={preview.isPending}
            disabled={typeof built === 'string'}
            onClick={() => typeof built !== 'string' && preview.mutate(built)}
          >
            Show rows
          </Button>
        </Group>
      </form>
      {preview.data && typeof built !== 'string' && <Preview rows={preview.data} report={built} />}
    </>
  );
}

const PREVIEWED_MAX = 20;

function Preview({ rows, report }: { rows: readonly ReportRow[]; report: GivenReport }) {
  const columns = (report.columns ?? []).flatMap((column) => Object.keys(column as object));
  const groupBy = report.group_by ?? [];
  const { zone, namePart } = useReportTime(report.time_zone, report.interval ?? undefined);
  const shown = readRows(rows, { columns, groupBy, isSplit: namePart !== null });
  return (
    <section aria-labelledby="preview">
      <Title order={2} id="preview" mt="lg" mb="sm">
        Rows
      </Title>
      {shown.frame && (
        <Text size="xs" c="dimmed" mb="sm">
          {formatSpan(new Date(shown.frame.start), new Date(shown.frame.end), zone)},{' '}
          {nameZoneOver(zone, { start: Date.parse(shown.frame.start), end: Date.parse(shown.frame.end) })}
        </Text>
      )}
      <ReportTable
        caption="Rows of the report"
        groups={groupBy.map(nameGrouping)}
        columns={columns}
        namePart={namePart}
        rows={shown.rows.slice(0, PREVIEWED_MAX)}
        total={shown.total}
      />
      {shown.rows.length > PREVIEWED_MAX && (
        <Text size="sm" c="dimmed" mt="sm">
          The first {PREVIEWED_MAX} of {shown.rows.length}.
        </Text>
      )}
    </section>
  );
}

function Part({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className={classes['fieldset']}>
      <legend>{legend}</legend>
      <Stack gap="sm" mt="sm">
        {children}
      </Stack>
    </fieldset>
  );
}

interface PartProps {
  draft: ReportDraft;
  change: Change;
}

function Columns({ draft, change }: PartProps) {
  const toggle = (column: string) =>
    change(
      'columns',
      draft.columns.includes(column) ? draft.columns.filter((each) => each !== column) : [...draft.columns, column],
    );
  return (
    <Part legend="Columns">
      {COLUMN_GROUPS.map(({ name, columns }) => (
        <ColumnGroup key={name} name={name} columns={columns} chosen={draft.columns} toggle={toggle} />
      ))}
      <Radio.Group
        label="What counts"
        value={draft.isByLead ? 'leads' : 'events'}
        onChange={(value) => change('isByLead', value === 'leads')}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="leads" label="Leads: each once, however often it was delivered" />
          <Radio value="events" label="Events: each delivery and each attempt" />
        </Stack>
      </Radio.Group>
    </Part>
  );
}

function ColumnGroup(given: {
  name: string;
  columns: readonly string[];
  chosen: readonly string[];
  toggle: (column: string) => void;
}) {
  const { name, columns, chosen, toggle } = given;
  const count = columns.filter((column) => chosen.includes(column)).length;
  const [isOpen, setOpen] = useState(count > 0);
  return (
    <div>
      <Anchor
        component="button"
        type="button"
        size="sm"
        mih={24}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {name}, {count} of {columns.length}
      </Anchor>
      {isOpen && (
        <div className={classes['columns']}>
          {columns.map((column) => (
            <Checkbox
              key={column}
              label={nameColumn(column)}
              checked={chosen.includes(column)}
              onChange={() => toggle(column)}
            />
          ))}
        </div>
      )}
    </div>
  );
}

const SPLITS_MAX = 5;

function Splits({ draft, change }: PartProps) {
  const isOther = !FRAME_NAMES.some((name) => name === draft.timeframe);
  return (
    <Part legend="Rows">
      <MultiSelect
        label="Split by"
        data={Object.entries(GROUPING_NAMES).map(([value, label]) => ({ value, label }))}
        value={draft.groupBy}
        maxValues={SPLITS_MAX}
        onChange={(groups) => change('groupBy', groups)}
      />
      <TextInput
        label="Split by a value of the lead"
        description="Such as vars.lead.state. It reads the leads themselves: at most 10,000 events, and the permission personal_data.read."
        value={draft.ownGroup}
        onChange={({ currentTarget }) => change('ownGroup', currentTarget.value)}
      />
      <Group align="flex-end">
        <Select
          label="Time"
          data={[
            ...FRAME_NAMES.map((name) => ({ value: name, label: FRAMES[name].label })),
            ...(isOther ? [{ value: draft.timeframe, label: describeFrame(draft.timeframe) }] : []),
          ]}
          value={draft.timeframe}
          onChange={(value) => value !== null && change('timeframe', value)}
          allowDeselect={false}
        />
        <Select
          label="Split the time"
          data={[
            { value: '', label: 'Not split' },
            ...['hourly', 'daily', 'weekly', 'monthly', 'yearly', 'minutely'].map((each) => ({
              value: each,
              label: each.charAt(0).toUpperCase() + each.slice(1),
            })),
          ]}
          value={draft.interval}
          onChange={(value) => change('interval', value ?? '')}
          allowDeselect={false}
        />
      </Group>
    </Part>
  );
}

const OUTCOMES = ['success', 'failure', 'error'];

function Filters({ draft, change }: PartProps) {
  const { data: flows = [] } = useQuery({ ...flowNamesQuery, enabled: useMay('flows.read') });
  const { data: entities } = useQuery({ ...entityNamesQuery, enabled: useMay('flows.read') });
  const named = [...(entities ?? [])].map(([value, label]) => ({ value, label }));
  /** What is chosen stays a choice, although it is gone. */
  const withChosen = (data: { value: string; label: string }[], chosen: readonly string[]) => [
    ...data,
    ...chosen.filter((id) => !data.some(({ value }) => value === id)).map((id) => ({ value: id, label: id })),
  ];
  return (
    <Part legend="Only">
      <MultiSelect
        label="Flows"
        placeholder={draft.flowIds.length === 0 ? 'All' : ''}
        searchable
        data={withChosen(
          flows.map(({ id, name }) => ({ value: id, label: name })),
          draft.flowIds,
        )}
        value={draft.flowIds}
        onChange={(ids) => change('flowIds', ids)}
      />
      <MultiSelect
        label="Sources"
        placeholder={draft.sourceIds.length === 0 ? 'All' : ''}
        searchable
        data={withChosen(named, draft.sourceIds)}
        value={draft.sourceIds}
        onChange={(ids) => change('sourceIds', ids)}
      />
      <MultiSelect
        label="Recipients"
        placeholder={draft.recipientIds.length === 0 ? 'All' : ''}
        searchable
        data={withChosen(named, draft.recipientIds)}
        value={draft.recipientIds}
        onChange={(ids) => change('recipientIds', ids)}
      />
      <MultiSelect
        label="Outcomes"
        placeholder={draft.outcomes.length === 0 ? 'All' : ''}
        data={withChosen(
          OUTCOMES.map((value) => ({ value, label: findLook(value).word })),
          draft.outcomes,
        )}
        value={draft.outcomes}
        onChange={(words) => change('outcomes', words)}
      />
      <Textarea
        label="Other rules (JSON)"
        description="Over the properties of events, which all must hold."
        autosize
        minRows={1}
        maxRows={10}
        value={draft.otherRules}
        onChange={({ currentTarget }) => change('otherRules', currentTarget.value)}
      />
    </Part>
  );
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

function Mail({ draft, change }: PartProps) {
  const { account } = useSession();
  return (
    <Part legend="Mail">
      <Checkbox
        label="Mail it to users of the account"
        description="The installation needs a mail server."
        checked={draft.isMailed}
        onChange={({ currentTarget }) => change('isMailed', currentTarget.checked)}
      />
      {draft.isMailed && (
        <>
          <TextInput
            label="Addresses"
            description="Of users who may read the report, with commas between them."
            value={draft.emails}
            onChange={({ currentTarget }) => change('emails', currentTarget.value)}
          />
          <TextInput
            label="Times"
            description={`Such as 08:00, with commas between them, in ${draft.scheduleZone ?? account.time_zone}.`}
            value={draft.times}
            onChange={({ currentTarget }) => change('times', currentTarget.value)}
          />
          <Checkbox.Group label="Days (none: every day)" value={draft.days} onChange={(days) => change('days', days)}>
            <div className={classes['days']}>
              {DAYS.map((day) => (
                <Checkbox key={day} value={day} label={day.charAt(0).toUpperCase() + day.slice(1)} />
              ))}
            </div>
          </Checkbox.Group>
          <Radio.Group
            label="Form"
            value={draft.format}
            onChange={(format) => change('format', format === 'csv' ? 'csv' : 'html')}
          >
            <Group mt="xs">
              <Radio value="html" label="Table in the mail" />
              <Radio value="csv" label="CSV file" />
            </Group>
          </Radio.Group>
        </>
      )}
    </Part>
  );
}
