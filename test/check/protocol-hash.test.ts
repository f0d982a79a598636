import { expect, test } from 'vitest'
import { catalogue, catalogueProblems } from '#scripts/catalogue.ts'
import { protocolProblems } from '#scripts/protocol-hash.ts'

test('the schemas are those that PROTOCOL_VERSION was pinned to', () => {
  expect(protocolProblems()).toEqual([])
})

test('the catalogue in PROTOCOL.md is what the schemas say', () => {
  expect(catalogueProblems()).toEqual([])
})

test('the catalogue names every frame and command with its fields', () => {
  const text = catalogue()
  expect(text).toContain('| `follow` | `id: integer`, `topic: string`, `epoch?: string`, `seq?: integer` |')
  expect(text).toContain('`POST /rooms/:roomId/messages`')
  expect(text).toContain('| 4503 | `version` |')
})
