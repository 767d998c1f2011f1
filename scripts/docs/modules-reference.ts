import { builtinModules } from '../../src/integrations/builtin-modules.ts';
import { BUILTIN_PACKAGES, WRAPPED_MODULES } from '../../src/integrations/builtin-packages.ts';
import type { ModuleParam, ModuleVariable } from '../../src/integrations/contract.ts';
import { type CatalogueModule, createPackageCatalogue } from '../../src/integrations/package-catalogue.ts';
import { createModuleRegistry } from '../../src/integrations/registry.ts';
import { code, generatedPage, table } from './markdown.ts';
import { listModuleCases, type ModuleCase } from './module-cases.ts';

/** `docs/reference/modules.md`. */
export function modulesReference(): string {
  const catalogue = createPackageCatalogue({
    registry: createModuleRegistry(builtinModules([])),
    builtin: BUILTIN_PACKAGES,
    installed: [],
  });
  const modules = catalogue.modules();
  const introduction =
    'What comes with Sluice; `GET /modules` answers the same for every module of a server, installed ones too ([integration packages](../guides/integrations.md)). Recipient steps name an outbound module and fill its properties by mappings ([deliveries](../guides/deliveries.md)); sources name an inbound one. `name.*` takes any name below `name`, `*` any at all.';
  const body = [overview(modules), ...modules.map(section)].join('\n\n');
  return generatedPage('Modules', { from: 'src/integrations/builtin-packages.ts', introduction, body });
}

function overview(modules: readonly CatalogueModule[]): string {
  return table(
    ['Module', 'Name', 'Package', 'What it does'],
    modules.map(({ of, facts }) => [
      `[${code(facts.id)}](#${anchor(facts.id)})`,
      facts.name,
      of.name,
      facts.description,
    ]),
  );
}

/** As GitHub makes it of the heading. */
function anchor(moduleId: string): string {
  return moduleId.toLowerCase().replaceAll('.', '');
}

function section({ of, facts, module }: CatalogueModule): string {
  const heading = `## ${facts.id}`;
  const wrapped = WRAPPED_MODULES[facts.id];
  if (wrapped !== undefined)
    return `${heading}\n\nThe same as [${code(wrapped)}](#${anchor(wrapped)}), under an id of its own.`;
  const version = `Behaves as version ${of.version}.`;
  const about = of.provider === 'Sluice' ? facts.description : `${facts.description} ${version}`;
  const submits = module.direction === 'inbound' ? submitted(module.params) : [];
  const { requestVariables, responseVariables = [] } = module;
  return [
    heading,
    about,
    ...takes(requestVariables),
    ...submits,
    ...appends(responseVariables),
    ...examples(facts.id),
  ].join('\n\n');
}

function takes(variables: readonly ModuleVariable[]): string[] {
  const rows = variables.map(({ name, type, required, description, deprecated, examples }) => [
    code(name),
    type ?? 'string',
    required === true ? 'yes' : '',
    `${deprecated === true ? 'Deprecated. ' : ''}${description ?? ''}`,
    (examples ?? []).map((example) => code(String(example))).join(', '),
  ]);
  return [table(['Takes', 'Type', 'Required', 'Meaning', 'For example'], rows)];
}

/** What a submission may carry beside fields of the lead. */
function submitted(params: readonly ModuleParam[]): string[] {
  const rows = params
    .filter(({ name, variable }) => variable === null && name !== '*')
    .map(({ name, type, description }) => [code(name), type, description]);
  return rows.length === 0 ? [] : [table(['Parameter', 'Type', 'Meaning'], rows)];
}

function appends(variables: readonly ModuleVariable[]): string[] {
  if (variables.length === 0) return [];
  const rows = variables.map(({ name, type, description }) => [code(name), type ?? 'string', description ?? '']);
  return [table(['Answers', 'Type', 'Meaning'], rows)];
}

/** Its exemplary cases, as a test runs them. */
function examples(moduleId: string): string[] {
  const cases = listModuleCases(moduleId).filter(({ kind }) => kind === 'exemplary');
  return cases.flatMap((each) => [`For example: ${each.what}.`, block(each.request ? exchange(each) : delivery(each))]);
}

function block(lines: readonly string[]): string {
  return ['```text', ...lines, '```'].join('\n');
}

function exchange({ request, answer, values }: ModuleCase): string[] {
  const { method = '', query = '', headers = {}, body = '' } = request ?? {};
  return [
    ...[`${method} …/submit${query === '' ? '' : `?${query}`}`, ...headerLines(headers), '', body, ''],
    `values: ${JSON.stringify(values)}`,
    ...['', String(answer?.status), ...headerLines(answer?.headers ?? {}), '', answer?.body ?? ''],
  ];
}

/** What fetches a description, such as a WSDL, is left out. */
function delivery({ mappings = {}, sent = [], answers = [], appended }: ModuleCase): string[] {
  const [request, answer] = [sent.at(-1), answers.at(-1)];
  return [
    ...Object.entries(mappings).map(([property, value]) => `${property} = ${value}`),
    ...['', `${request?.method} ${request?.url}`, ...headerLines(request?.headers ?? {}), '', request?.body ?? ''],
    ...['', String(answer?.status), ...headerLines(answer?.headers ?? {}), '', answer?.body ?? ''],
    ...['', `appended: ${JSON.stringify(appended)}`],
  ];
}

function headerLines(headers: Record<string, string>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}
