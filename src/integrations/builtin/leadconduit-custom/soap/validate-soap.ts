import type { Vars } from '../../../../model/vars.ts';
import { textOf } from '../../../../variables/rich-value.ts';
import { type AllowsPrivateHosts, deliveryUrlProblem } from '../../../formats/delivery-url.ts';
import { onMatchProblem, patternProblem } from '../validate-custom.ts';
import type { SoapVersion } from './namespaces.ts';

/** Why a call must not be tried, in the measured words (spec modules c4); undefined: go. */
export function validateSoap(vars: Vars, allowsPrivateHosts: AllowsPrivateHosts): string | undefined {
  return (
    deliveryUrlProblem(textOf(vars['url']), allowsPrivateHosts) ??
    onMatchProblem(vars) ??
    functionProblem(textOf(vars['function']).trim()) ??
    versionProblem(textOf(vars['version']).trim()) ??
    patternProblem(vars)
  );
}

/** The version a step asks for; 1.1 unless it says 1.2. */
export function versionOf(vars: Vars): SoapVersion {
  return textOf(vars['version']).trim() === '1.2' ? '1.2' : '1.1';
}

function functionProblem(name: string): string | undefined {
  if (name === '') return 'Function is required';
  return /^[A-Za-z0-9_.]+$/.test(name) ? undefined : 'Function must have valid name';
}

function versionProblem(version: string): string | undefined {
  return ['', '1.1', '1.2'].includes(version) ? undefined : 'Must be valid SOAP version: 1.1 or 1.2';
}
