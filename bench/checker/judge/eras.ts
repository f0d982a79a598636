import type { Spell } from '#checker/conductor.ts'
import { type Event, TIME_MAX_MS } from '#checker/record/journal.ts'
import type { Told } from '#checker/record/told.ts'
import type { ClientHistory, History } from './history.ts'

/** From one put-back of the server to the next: what is told and stored then belongs together. */
export interface Era {
  /** What was written in these times is gone by its end: from the beginning of a backup until the server had been put back to it. */
  gone: readonly Spell[]
  /** Infinity: it is the last one. */
  untilMs: number
}

/** Whether what happened then is of no account any more; of what happened at the edge that is not known. */
export function isGone(ms: number, { gone }: Era): boolean {
  return gone.some(({ fromMs, toMs }) => ms + TIME_MAX_MS >= fromMs && ms < toMs)
}

/** What happened to a client by the end of an era. A connection belongs to the era in which it was opened. */
export function* eventsUntil({ events }: ClientHistory, { untilMs }: Era): Generator<Event> {
  for (const event of events()) {
    if (isOpenedAt(event, untilMs)) return
    yield event
  }
}

/** What happened to a client in an era. */
export function* eventsIn(client: ClientHistory, era: Era): Generator<Event> {
  const beganMs = era.gone.at(-1)?.toMs ?? 0
  let hasBegun = beganMs === 0
  for (const event of eventsUntil(client, era)) {
    hasBegun ||= isOpenedAt(event, beganMs)
    if (hasBegun) yield event
  }
}

/** All that anybody was told in an era. */
export function framesIn(history: History): Set<Told> {
  const told = new Set<Told>()
  for (const client of history.clients)
    for (const event of eventsIn(client, history)) if (typeof event === 'number') told.add(history.frames[event]!)
  return told
}

function isOpenedAt(event: Event, ms: number): boolean {
  return typeof event !== 'number' && event.is === 'opened' && event.ms >= ms
}
