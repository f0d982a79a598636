import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import { writeCatalogue } from './catalogue.ts'
import { read, sources } from './sources.ts'
import { wire } from './wire.ts'

const PIN = 'protocol/protocol-hash.json'

interface Pin {
  version: number
  hash: string
}

/** Whether the schemas are those that PROTOCOL_VERSION was pinned to. */
export function protocolProblems(): string[] {
  const pinned = readPin()
  const now = currentPin()
  if (pinned?.hash === now.hash && pinned.version === now.version) return []
  return [
    `${PIN} pins ${say(pinned)}, the sources say ${say(now)}.\n` +
      'What crosses the wire has changed. Raise PROTOCOL_VERSION in protocol/src/version.ts (unless this version was never released),\n' +
      'then: npm run check -- --update-protocol',
  ]
}

/** `npm run check -- --update-protocol` */
export function pinProtocol(): void {
  writeFileSync(PIN, `${JSON.stringify(currentPin(), null, 2)}\n`)
  writeCatalogue()
}

export function currentPin(): Pin {
  return { version: PROTOCOL_VERSION, hash: hashOf(withoutProse(wire())) }
}

function readPin(): Pin | null {
  return sources(PIN).length > 0 ? (JSON.parse(read(PIN)) as Pin) : null
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

const PROSE = ['summary', 'title', 'description']

/** The same value with its keys sorted and without sentences, which may be reworded. */
function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key, inner]) => !(PROSE.includes(key) && typeof inner === 'string'))
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, withoutProse(inner)]))
}

function say(pin: Pin | null): string {
  return pin ? `version ${pin.version} (${pin.hash.slice(0, 12)}…)` : 'nothing'
}
