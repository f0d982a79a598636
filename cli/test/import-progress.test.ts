import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { systemClock } from '@belfry/server/lib/clock.ts'
import { openStore } from '@belfry/server/store/store.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Progress } from '#progress.ts'
import { parseIrcLog } from '#import/irc-log.ts'
import { ircHistory } from '#import/read-irc.ts'
import { watchedWrites } from '#import/watched-writes.ts'
import { operate } from '#data.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-progress-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('whoever watches on a terminal sees how many messages are stored, and off a terminal nothing is said', async () => {
  expect(await saidWhileStoring({ isTTY: true })).toEqual([
    'Stored 5,000 of 12,000 messages…',
    'Stored 10,000 of 12,000 messages…',
    'Stored 12,000 of 12,000 messages…',
  ])
  rmSync(folder, { recursive: true })
  expect(await saidWhileStoring({ isTTY: false })).toEqual([])
})

async function saidWhileStoring({ isTTY }: { isTTY: boolean }): Promise<string[]> {
  const said: string[] = []
  const write = (text: string) => said.push(text.replace('\r\u001B[2K', '')) > 0
  const progress = new Progress({ isTTY, write } as NodeJS.WriteStream)
  await using store = await openStore({
    folder,
    writes: watchedWrites(progress),
    clock: systemClock,
    onAnnouncements: () => {},
    onFailure: (failure) => expect.fail(failure),
  })
  const lines = Array.from({ length: 12_000 }, (_, at) => `[10:00] <alice> ${at}\n`).join('')
  const day = { file: '2004-12-25.txt', date: '2004-12-25', ...parseIrcLog(Buffer.from(lines)) }
  const { history } = ircHistory([day], GENERAL_ROOM)
  const { messages } = await operate(store, 'history.store', { ...history, room: { id: GENERAL_ROOM, name: 'General' } })
  expect(messages.stored).toBe(12_000)
  return said
}
