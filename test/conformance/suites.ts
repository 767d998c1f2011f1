import { inboundSuites } from './inbound.ts';
import { outboundSuites } from './outbound.ts';
import type { Suite } from './suite.ts';
import { typeSuites } from './types.ts';

/** Every file of measured behaviour we know how to check. */
export const SUITES: readonly Suite[] = [...typeSuites, ...inboundSuites, ...outboundSuites];
