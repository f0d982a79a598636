import type { Scheme } from './cookie.ts'

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const ALWAYS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`, which would make browsers hide the Origin from ourselves too.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
}

const OVER_HTTPS = { ...ALWAYS, 'strict-transport-security': 'max-age=31536000' }

/** What stands on every answer, page or JSON. */
export function securityHeaders(scheme: Scheme): Record<string, string> {
  return scheme === 'https' ? OVER_HTTPS : ALWAYS
}
