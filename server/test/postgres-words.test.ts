import { expect, test } from 'vitest'
import { explained } from '#store/postgres/words.ts'

const URL_OF_IT = 'postgres://belfry:secret@db.internal:5433/belfry'

/** What is said of what the server answers. */
function saysOf(code: string, message = 'in its own words'): string {
  return (explained(Object.assign(new Error(message), { code }), URL_OF_IT) as Error).message
}

test('a server that is full says so, and how many a node takes', () => {
  expect(saysOf('53300', 'sorry, too many clients already')).toMatch(
    /takes no more connections \(sorry, too many clients already\)\. Raise max_connections .* up to 16/,
  )
})

test('a database that takes no writes is not one that cannot be reached', () => {
  expect(saysOf('25006')).toMatch(/^The database belfry at db\.internal:5433 takes no writes /)
})
