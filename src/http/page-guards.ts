/** What each answer of the console and of the documentation carries, whatever it is (decision page 0103). */
export const GUARDS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()',
} as const;

/** Of answers that are no page: an image that is opened by itself runs nothing. */
export const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'";
