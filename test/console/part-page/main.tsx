import '@mantine/core/styles.css';
import '../../../console/src/theme/tokens.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router';
import { type ComponentType, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { api } from '../../../console/src/api/client.ts';
import { sessionQuery } from '../../../console/src/api/session.ts';
import { MappingsEditor } from '../../../console/src/editor/mappings/MappingsEditor.tsx';
import type { EditorNames, Fault, PartProps } from '../../../console/src/editor/part-props.ts';
import { CriteriaEditor } from '../../../console/src/editor/rules/CriteriaEditor.tsx';
import { RuleSetEditor } from '../../../console/src/editor/rules/RuleSetEditor.tsx';
import { Announcer } from '../../../console/src/parts/Announcer.tsx';
import { theme } from '../../../console/src/theme/theme.ts';
import type { FlowDocument } from '../../../src/model/flow.ts';

/**
 * One part of the flow editor on a page of its own, for tests: `?flow=ID&part=rules&path=steps.0.rule_set`. The test reads
 * the document and what was said of each change from `window`, and gives faults by `?faults=[…]`.
 */
// Each takes another value; the page hands it through.
const PARTS: Record<string, ComponentType<PartProps<never>>> = {
  rules: RuleSetEditor,
  criteria: CriteriaEditor,
  mappings: MappingsEditor,
};

const asked = new URLSearchParams(location.search);
const path = asked.get('path') ?? '';
const faults = JSON.parse(asked.get('faults') ?? '[]') as Fault[]; // of the test
const Part = PARTS[asked.get('part') ?? ''] ?? RuleSetEditor;

const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
const seen = window as unknown as { flow: FlowDocument; said: string[] };
seen.said = [];

function Page({ first, given }: { first: FlowDocument; given: Omit<EditorNames, 'document'> }) {
  const [document, setDocument] = useState(first);
  seen.flow = document;
  const steps = path.split('.');
  const props = {
    value: steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], document),
    change: (next: unknown, what: string) => {
      seen.said.push(what);
      setDocument((before) => put(before, steps, next) as FlowDocument);
    },
    names: { ...given, document },
    ...{ path, faults, isReadOnly: asked.has('read-only') },
    ...(asked.get('part') === 'mappings' && credentialOf(document, setDocument)),
  } as unknown as PartProps<never>;
  return (
    <main style={{ maxWidth: Number(asked.get('width') ?? 760), padding: 24 }}>
      <h1 style={{ fontSize: 20, margin: '0 0 16px' }}>A part</h1>
      <Part {...props} />
      <Announcer />
    </main>
  );
}

function credentialOf(document: FlowDocument, setDocument: (edit: (before: FlowDocument) => FlowDocument) => void) {
  const place = path.replace(/integration$/, 'credential_id').split('.');
  return {
    credential: {
      value: place.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], document),
      change: (next: unknown, what: string) => {
        seen.said.push(what);
        setDocument((before) => put(before, place, next) as FlowDocument);
      },
    },
  };
}

function put(value: unknown, [step, ...rest]: string[], next: unknown): unknown {
  if (step === undefined) return next;
  if (Array.isArray(value)) return value.map((each, index) => (String(index) === step ? put(each, rest, next) : each));
  const before = (value ?? {}) as Record<string, unknown>;
  return { ...before, [step]: put(before[step], rest, next) };
}

const session = await queries.fetchQuery(sessionQuery);
const flowId = asked.get('flow') ?? '';
const [flow, fields, credentials] = await Promise.all([api.readFlow(flowId), api.listFields(), api.listCredentials()]);
const given = {
  flowId,
  fields: fields.map(({ id, name, type }) => ({ id, name, type: String(type) })),
  credentials,
  ...{ lists: [], pricingServices: [], timeZone: 'America/New_York' },
};
const root = createRootRoute({ component: Outlet });
const signedIn = createRoute({ getParentRoute: () => root, id: 'signed-in', beforeLoad: () => ({ session }) });
const page = createRoute({
  getParentRoute: () => signedIn,
  path: '$',
  component: () => <Page first={flow as unknown as FlowDocument} given={given} />,
});
const router = createRouter({ routeTree: root.addChildren([signedIn.addChildren([page])]), basepath: '/app' });
const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no #root.');
createRoot(element).render(
  <MantineProvider theme={theme} defaultColorScheme="auto">
    <QueryClientProvider client={queries}>
      {/* biome-ignore lint/suspicious/noExplicitAny: the routes are those of the console for its types */}
      <RouterProvider router={router as any} />
    </QueryClientProvider>
  </MantineProvider>,
);
