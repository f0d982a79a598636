import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import type { HistoryReport } from '@belfry/server/imports/history.ts'
import { systemClock } from '@belfry/server/lib/clock.ts'
import { openStore, type Store } from '@belfry/server/store/store.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inDigits } from '#print.ts'
import { Progress } from '#progress.ts'
import { parseIrcLog } from '#import/irc-log.ts'
import { ircHistory } from '#import/read-irc.ts'
import { watchedWrites } from '#import/watched-writes.ts'
import { operate } from '#data.ts'
import { Belfry } from './belfry.ts'

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

test.each([5_000, 12_000])('stopped when %d of 12,000 messages are stored, it says so, and nothing is', async (stored) => {
  const stop = new AbortController()
  // As a signal is heard: when the loop gets a turn.
  const write = (line: string): boolean => {
    if (line.replace(OVER, '').startsWith(`Stored ${inDigits(stored)} of`)) setImmediate(() => stop.abort())
    return true
  }
  const progress = new Progress({ isTTY: true, write } as NodeJS.WriteStream)
  await using store = await opensStore(watchedWrites(progress, stop.signal))
  await expect(stores12000(store)).rejects.toMatchObject({ body: { detail: STOPPED } })
  expect(await store.read((db) => db.selectFrom('messages').select('id').execute())).toEqual([])
})

test('Ctrl+C before all is stored: one line says that nothing was', async () => {
  await using belfry = new Belfry()
  const log = belfry.path('2004-12-25.txt')
  writeFileSync(log, linesOf(50_000))
  const interrupted = async (tries = 3): Promise<{ code: number | null; stderr: string }> => {
    await belfry.hasUser('alice')
    const child = belfry.begins(['import', 'irc', '--room', 'ubuntu', log])
    const [said, ended] = [text(child.stderr!), once(child, 'close')]
    await expect.poll(() => child.exitCode !== null || isBeingWritten(belfry), { interval: 5, timeout: 120_000 }).toBe(true)
    child.kill('SIGINT')
    const [code] = (await ended) as [number | null]
    if (code !== 0 || tries === 1) return { code, stderr: await said }
    // It was done before the signal came.
    rmSync(belfry.dataDir, { recursive: true })
    return interrupted(tries - 1)
  }
  expect(await interrupted()).toEqual({ code: 1, stderr: `${STOPPED}\n` })
  expect(belfry.query('SELECT id FROM messages')).toEqual([])
})

const OVER = '\r\u001B[2K'
const STOPPED = 'It was stopped before the end. Nothing was stored.'

/** Whether a transaction of somebody else's is under way that stores something. */
function isBeingWritten(belfry: Belfry): boolean {
  try {
    belfry.writes((database) => database.exec('BEGIN IMMEDIATE; ROLLBACK'))
    return false
  } catch {
    return true
  }
}

async function saidWhileStoring({ isTTY }: { isTTY: boolean }): Promise<string[]> {
  const said: string[] = []
  const write = (line: string) => said.push(line.replace(OVER, '')) > 0
  const progress = new Progress({ isTTY, write } as NodeJS.WriteStream)
  await using store = await opensStore(watchedWrites(progress, new AbortController().signal))
  expect((await stores12000(store)).messages.stored).toBe(12_000)
  return said
}

function opensStore(writes: ReturnType<typeof watchedWrites>): Promise<Store> {
  return openStore({
    folder,
    writes,
    clock: systemClock,
    onAnnouncements: () => {},
    onFailure: (failure) => expect.fail(failure),
  })
}

function stores12000(store: Store): Promise<HistoryReport> {
  const day = { file: '2004-12-25.txt', date: '2004-12-25', ...parseIrcLog(Buffer.from(linesOf(12_000))) }
  const { history } = ircHistory([day], GENERAL_ROOM)
  return operate(store, 'history.store', { ...history, room: { id: GENERAL_ROOM, name: 'General' } })
}

function linesOf(messages: number): string {
  return Array.from({ length: messages }, (_, at) => `[10:00] <alice> ${at}\n`).join('')
}
