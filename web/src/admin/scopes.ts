import type { Scope } from '@belfry/protocol/commands.ts'

/** What a key may be made for, in the order of the form. */
export const SCOPE_WORDS = {
  notify: { title: 'Notify', words: 'Rings anybody’s bell: POST /api/v1/notifications' },
  metrics: { title: 'Metrics', words: 'Reads the server’s figures from other machines: GET /metrics' },
} as const satisfies Record<Scope, { title: string; words: string }>

export const SCOPES = Object.keys(SCOPE_WORDS) as Scope[]

/** A request for the shell that rings a bell with the key. */
export function exampleRequest(origin: string, key: string): string {
  return [
    `curl ${origin}/api/v1/notifications \\`,
    `  -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\`,
    `  -d '{"to": "a-user-name", "title": "Build failed"}'`,
  ].join('\n')
}
