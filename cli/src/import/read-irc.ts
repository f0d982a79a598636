import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isBlank } from '@belfry/protocol/blank.ts'
import { inOneLine } from '@belfry/protocol/one-line.ts'
import type { PastMessage, Outsider } from '@belfry/server/imports/history.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import { messageBodies } from './bounds.ts'
import { type IrcLog, parseIrcLog, type Said } from './irc-log.ts'
import { lastingId } from './lasting-id.ts'
import { type Reading, Skips, statsOf, unreadable } from './reading.ts'

/** One file: a day. */
export interface IrcDay extends IrcLog {
  file: string
  /** `2004-12-25`. */
  date: string
}

/** Reads logs in the order of their days. `progress`: how many were read; it is waited for. Refusals: malformed, not-found. */
export async function readIrcDays(paths: string[], progress: (read: number) => Promise<void>): Promise<IrcDay[]> {
  for (const path of paths) requireNoFolder(path)
  const files = paths.map((path) => ({ path, file: basename(path), date: dateIn(path) }))
  const inOrder = files.toSorted((one, other) => compare(one.date, other.date) || compare(one.file, other.file))
  const days: IrcDay[] = []
  for (const { path, file, date } of inOrder) {
    await progress(days.length)
    days.push({ file, date, ...parseIrcLog(bytesOf(path)) })
  }
  if (days.every(({ said }) => said.length === 0))
    throw new Refusal('malformed', 'Not one line of this is a message, `[HH:MM] <nick> text`. Nothing was stored.')
  return days
}

/** What was said in these days, for a room. Ids hold the room's: the same log may be brought into two. */
export function ircHistory(days: IrcDay[], roomId: string): Reading {
  const messages: PastMessage[] = []
  const people = new Map<string, Outsider>()
  for (const day of days) {
    for (const message of messagesOf(day, roomId)) {
      messages.push(message)
      if (!people.has(message.author)) people.set(message.author, outsiderOf(message))
    }
  }
  const history = { accounts: [], outsiders: [...people.values()], messages, notifications: [] }
  return { history, skipped: skippedOf(days), remarks: remarksOn(days) }
}

/** Before its name is looked at: a path that leads nowhere, or to a folder, has no wrong name. */
function requireNoFolder(path: string): void {
  if (statsOf(path).isDirectory()) throw new Refusal('malformed', `${path} is a folder. Name the files in it: ${path}/*.txt`)
}

/** In the name of the file: nothing inside it says the day. */
function dateIn(path: string): string {
  const date = /\d{4}-\d\d-\d\d/.exec(basename(path))?.[0]
  const time = date ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date || time < 0)
    throw new Refusal('malformed', `The name of ${path} does not say which day it is, as in 2004-12-25.txt. Nothing was stored.`)
  return date
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException)
  }
}

const MINUTE_MS = 60_000

/** Whoever says the same twice in a minute has said it twice: the how-manieth it is, of exactly these in the file, is part of what it is. */
function messagesOf({ date, said }: IrcDay, roomId: string): PastMessage[] {
  const midnight = Date.parse(`${date}T00:00:00Z`)
  const times = new Map<string, number>()
  return said.flatMap(({ minute, nick, text }) => {
    const what = JSON.stringify([minute, nick, text])
    const nth = (times.get(what) ?? 0) + 1
    times.set(what, nth)
    const createdAt = midnight + minute * MINUTE_MS
    const bodies = messageBodies(text)
    const author = inOneLine(nick)
    return bodies.map((body, at) => {
      const part = bodies.length > 1 ? [at] : []
      return { id: lastingId(createdAt, 'irc', roomId, date, minute, nick, text, nth, ...part), author, body, createdAt }
    })
  })
}

function outsiderOf({ author, createdAt }: PastMessage): Outsider {
  return { key: author, username: author, name: isBlank(author) ? '?' : author.trim(), createdAt, from: 'irc' }
}

const OTHERS = { action: 'actions (* nick …)', notice: 'notices of the server (=== …)', other: 'other lines' }

function skippedOf(days: IrcDay[]): Reading['skipped'] {
  const skips = new Skips()
  for (const { file, others } of days) for (const { is, line } of others) skips.add(OTHERS[is], `${file}, line ${line}`)
  return skips.list()
}

function remarksOn(days: IrcDay[]): string[] {
  const back = days.filter(({ said }) => said.some(runsBack))
  if (back.length === 0) return []
  const files = back.length === 1 ? 'one file' : `${back.length} files`
  return [`In ${files} the clock runs back (the first: ${back[0]!.file}). The order is the file's, the times are those that it says.`]
}

function runsBack({ minute }: Said, at: number, said: Said[]): boolean {
  return at > 0 && minute < said[at - 1]!.minute
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
