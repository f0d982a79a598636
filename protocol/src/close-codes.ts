/**
 * Why the server closes a connection. 4000–4499: come back with backoff and full jitter. 4500–4999: do not.
 * 1009 (frame too big) is WebSocket's own and counts as "do not".
 */
export const CLOSE = {
  'shutting-down': 4000,
  'too-slow': 4001,
  'silent': 4002,
  'failed': 4003,
  'protocol': 4500,
  'unauthenticated': 4501,
  'session-ended': 4502,
  'version': 4503,
  'too-many-connections': 4504,
} as const

export type CloseReason = keyof typeof CLOSE

export const FRAME_TOO_BIG = 1009

/** Whether a client may connect again after this code. Unknown codes are network trouble: it may. */
export function mayComeBack(code: number): boolean {
  return code !== FRAME_TOO_BIG && !(code >= 4500 && code <= 4999)
}
