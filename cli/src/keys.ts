import { commands, type Scope } from '@belfry/protocol/commands.ts'
import { keysNamed, listKeys as findKeys, type ShownKey } from '@belfry/server/accounts/keys.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import type { Store } from '@belfry/server/store/store.ts'
import { accept } from './accept.ts'
import { onData, operate } from './data.ts'
import { pagesOf } from './pages.ts'
import { localTime, print, printable, type Printing, table } from './print.ts'

/** Prints the key alone on standard output: it can be piped, and is shown this once. */
export async function createKey(name: string, options: Printing & { scope: Scope[] }): Promise<void> {
  const input = accept(commands['key.create'].input, { name, scopes: options.scope })
  const made = await onData((store) => operate(store, 'key.create', input))
  if (!options.json) console.error('This key is shown only now. A program sends it as the header "Authorization: Bearer KEY".')
  print(options, { document: made, text: made.key })
}

export async function listKeys(options: Printing): Promise<void> {
  const keys = await onData((store) => pagesOf((input) => store.read((db) => findKeys(db, { input }))))
  print(options, { document: keys, text: keys.items.length > 0 ? asTable(keys.items) : 'There are no keys.' })
}

export async function revokeKey(given: string, options: Printing): Promise<void> {
  const key = await onData(async (store) => operate(store, 'key.revoke', { id: await idOf(store, given) }))
  print(options, { document: key, text: `The key ${printable(key.name)} opens nothing any more.` })
}

/** Of the standing key with this id or name. */
async function idOf(store: Store, given: string): Promise<string> {
  const found = await store.read((db) => keysNamed(db, given))
  if (found.length === 1) return found[0]!.id
  if (found.length === 0) throw new Refusal('not-found', `There is no standing key with the id or name ${given}.`)
  throw new Refusal('conflict', `${found.length} keys are named ${given}. Name one by its id; \`belfry key list\` shows them.`)
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
