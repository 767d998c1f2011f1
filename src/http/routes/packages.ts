import { Type } from 'typebox';
import { listPackages, readPackage } from '../handlers/packages.ts';
import { nameInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable } from '../schemas.ts';
import { EXAMPLE_MODULE, MODULE } from './modules.ts';

const TEXT_OR_NULL = nullable(Type.String());

const PROPERTIES = {
  id: Type.String(),
  provider: Type.String(),
  name: Type.String(),
  description: Type.String(),
  link: TEXT_OR_NULL,
  version: Type.String(),
  repo_url: TEXT_OR_NULL,
  paths: Type.Array(Type.String(), { description: 'Of its modules, without the id of the package.' }),
  ui: Type.Boolean({ description: 'Always false: pages that packages bring are not shown.' }),
  built_in: Type.Boolean({ description: 'It came with the server.' }),
};

const PACKAGE = Type.Object(PROPERTIES, { ...CLOSED, $id: 'Package' });
const PACKAGE_WITH_MODULES = Type.Object(
  { ...PROPERTIES, modules: Type.Array(MODULE) },
  { ...CLOSED, $id: 'PackageWithModules' },
);

const EXAMPLE = {
  id: 'leadconduit-default',
  provider: 'Sluice',
  name: 'Default',
  description: 'Takes leads as a form, JSON or XML.',
  link: null,
  version: '1.0.0',
  repo_url: null,
  paths: ['inbound'],
  ui: false,
  built_in: true,
};

/** The integration packages of this server (spec api 17, modules a1). */
export const PACKAGE_ROUTES = [
  route({
    name: 'listPackages',
    method: 'GET',
    path: '/packages',
    permission: 'flows.read',
    answers: { 200: Type.Array(PACKAGE) },
    doc: { summary: 'The integration packages, built in or installed.', example: { answer: [EXAMPLE] } },
    handler: listPackages,
  }),
  route({
    name: 'readPackage',
    method: 'GET',
    path: '/packages/:id',
    permission: 'flows.read',
    params: { id: nameInPath('The id of the package.') },
    answers: { 200: PACKAGE_WITH_MODULES, 404: 'not_found' },
    doc: {
      summary: 'One of them, with its modules.',
      example: { answer: { ...EXAMPLE, modules: [EXAMPLE_MODULE] } },
    },
    handler: readPackage,
  }),
] as const;
