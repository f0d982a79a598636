import type { Scope } from '@belfry/protocol/commands.ts'
import { NAME_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { text } from '@belfry/protocol/text.ts'
import { KEY_PREFIX, listKeys as findKeys, type ShownKey } from '@belfry/server/accounts/keys.ts'
import { hashSecret, newSecret } from '@belfry/server/lib/secrets.ts'
import { accept } from './accept.ts'
import { onData, operate } from './data.ts'
import { localTime, print, printable, type Printing, table } from './print.ts'

/** Prints the key alone on standard output: it can be piped, and is shown this once. */
export async function createKey(given: string, options: Printing & { scope: Scope[] }): Promise<void> {
  const name = accept(text(NAME_MAX_CHARS), given, 'name')
  const secret = KEY_PREFIX + newSecret()
  const key = await onData((store) => operate(store, 'key.create', { name, scopes: options.scope, hash: hashSecret(secret) }))
  if (!options.json) console.error('This key is shown only now. A program sends it as the header "Authorization: Bearer KEY".')
  print(options, { document: { ...key, key: secret }, text: secret })
}

export async function listKeys(options: Printing): Promise<void> {
  const keys = await onData((store) => store.read(findKeys))
  print(options, { document: { items: keys, next: null }, text: keys.length > 0 ? asTable(keys) : 'There are no keys.' })
}

export async function revokeKey(given: string, options: Printing): Promise<void> {
  const key = await onData((store) => operate(store, 'key.revoke', { key: given }))
  print(options, { document: key, text: `The key ${printable(key.name)} opens nothing any more.` })
}

function asTable(keys: ShownKey[]): string {
  const rows = keys.map((key) => [key.id, key.name, key.scopes.join(' '), localTime(key.createdAt), lastUse(key), state(key)])
  return table(['ID', 'NAME', 'SCOPES', 'CREATED', 'LAST USED', 'STATE'], rows)
}

function lastUse({ usedAt }: ShownKey): string {
  return usedAt === null ? 'never' : localTime(usedAt)
}

function state({ revokedAt }: ShownKey): string {
  return revokedAt === null ? 'active' : `revoked ${localTime(revokedAt)}`
}
