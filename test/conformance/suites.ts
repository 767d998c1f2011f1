import { inboundSuites } from './inbound.ts';
import { outboundSuites } from './outbound.ts';
import { registrySuites } from './registry.ts';
import { soapSuites } from './soap.ts';
import type { Suite } from './suite.ts';
import { typeSuites } from './types.ts';
import { utilitySuites } from './utilities.ts';

/** Every file of measured behaviour we know how to check. */
export const SUITES: readonly Suite[] = [
  ...typeSuites,
  ...inboundSuites,
  ...outboundSuites,
  ...registrySuites,
  ...utilitySuites,
  ...soapSuites,
];
