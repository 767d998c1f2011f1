import { Code, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type Module, moduleQuery } from '../../api/library.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { DetailFrame } from '../../parts/DetailFrame.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { Section } from '../../parts/Section.tsx';
import { ShownValue } from '../../parts/ShownValue.tsx';
import { DIRECTIONS } from '../integrations/IntegrationsPage.tsx';
import { buildMappings } from './build-mappings.ts';

const route = getRouteApi('/signed-in/integrations/$moduleId');

type Variable = Module['request_variables'][number];

/** One module, made from what it says of itself: what mappings may fill, what a step appends, an example of each. */
export function IntegrationPage() {
  const { moduleId } = route.useParams();
  return (
    <DetailFrame
      parent={{ to: '/integrations', title: 'Integrations' }}
      noun="module"
      permission="flows.read"
      query={moduleQuery(moduleId)}
      nameOf={({ name }) => name}
    >
      {(module) => (
        <>
          {module.description !== '' && <Text maw="75ch">{module.description.replaceAll('`', '')}</Text>}
          <Facts
            facts={[
              ['What it does', DIRECTIONS[module.type]],
              ['Id', module.id],
              ['Package', `${module.package} ${module.package_version}`],
              ['Answers pings', module.pingable ? 'Yes' : 'No'],
              ...(module.env_variables.length > 0
                ? ([['Settings of the server', module.env_variables.join(', ')]] as const)
                : []),
            ]}
          />
          <Section
            title="Properties"
            text={module.type === 'inbound' ? 'What it reads of a submission.' : 'What mappings of a step may fill.'}
          >
            <Variables variables={module.request_variables} caption="Properties" nothing="It takes none." hasRequired />
          </Section>
          <Section title="Answers" text="What it appends to the lead; rules and later steps can use it.">
            <Variables variables={module.response_variables} caption="Answers" nothing="It appends nothing." />
          </Section>
          <Example module={module} />
        </>
      )}
    </DetailFrame>
  );
}

interface VariablesProps {
  variables: readonly Variable[];
  caption: string;
  nothing: string;
  hasRequired?: boolean;
}

function Variables({ variables, caption, nothing, hasRequired = false }: VariablesProps) {
  if (variables.length === 0) return <Text c="dimmed">{nothing}</Text>;
  const columns: readonly Column<Variable>[] = [
    {
      key: 'name',
      header: 'Name',
      wraps: true,
      cell: ({ name, deprecated }) => (
        <>
          <Code>{name}</Code>
          {deprecated && ' (deprecated)'}
        </>
      ),
    },
    { key: 'type', header: 'Type', cell: ({ type }) => type.replaceAll('_', ' ') },
    ...(hasRequired
      ? [{ key: 'required', header: 'Required', cell: ({ required }: Variable) => (required ? 'Yes' : 'No') }]
      : []),
    {
      key: 'does',
      header: 'What it is',
      wraps: 'wide',
      cell: ({ description }) => (description ?? '–').replaceAll('`', ''),
    },
    {
      key: 'example',
      header: 'Example',
      wraps: true,
      cell: ({ examples, default: byDefault }) => {
        const example = examples?.[0] ?? byDefault;
        return example === undefined ? '–' : <ShownValue value={example} />;
      },
    },
  ];
  return <DataTable caption={caption} columns={columns} rows={variables} getKey={({ name }) => name} />;
}

function Example({ module }: { module: Module }) {
  const mappings = buildMappings(module);
  if (mappings === null) return null;
  return (
    <Section title="In a flow" text="A step with it, with the examples of its required properties.">
      <CodeBlock code={mappings} label="A step of a flow" />
    </Section>
  );
}
