/** The hosted package whose measured behaviour the modules of this folder have. */
export const STANDARD_PACKAGE_VERSION = '1.2.6';
