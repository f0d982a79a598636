import type { Writable } from 'node:stream'
import { parsePositions } from '@belfry/protocol/positions.ts'
import { parseTopic, type Topic } from '@belfry/protocol/topics.ts'
import type { Position } from '@belfry/protocol/up.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SignedIn } from '#accounts/sessions.ts'
import { Refusal } from '#lib/refusal.ts'
import { limitReader, type Rates } from '#rates.ts'
import type { Store } from '#store/store.ts'
import { sightOf } from '#topics.ts'
import { bearerOf, type Callers } from './callers.ts'
import { API } from './routes.ts'

export const STREAM_PATH = `${API}/stream`
export const TOPIC_STREAM_PATH = `${API}/topics/:topic/changes`

export interface StreamOptions {
  store: Store
  rates: Rates
  callers: Callers
  streams: StreamKeeper
}

/** Where changes come from. What a stream is written to has its head, and is its keeper's from then on. */
export interface StreamKeeper {
  readonly isStopping: boolean
  /** Waits for the turn of somebody who comes; false: too many stand in line. */
  turn(): Promise<boolean>
  stream(out: Writable, signedIn: SignedIn, positions: readonly Position[]): void
  streamTopic(out: Writable, signedIn: SignedIn, from: { topic: Topic; position: { epoch: string; seq: number } | null }): void
}

/** What happens, as it happens, where a WebSocket does not get through, or where it is not worth one. */
export function addStreams(app: FastifyInstance, options: StreamOptions): void {
  app.get(STREAM_PATH, (request, reply) => streamAll(options, { request, reply }))
  app.get(TOPIC_STREAM_PATH, (request, reply) => streamTopic(options, { request, reply }))
}

interface Exchange {
  request: FastifyRequest
  reply: FastifyReply
}

async function streamAll(options: StreamOptions, exchange: Exchange): Promise<unknown> {
  const { v, ...query } = textsIn(exchange.request.query)
  if (v !== undefined && v !== String(PROTOCOL_VERSION))
    throw new Refusal('version', `This server speaks version ${PROTOCOL_VERSION} of the protocol.`)
  const positions = parsePositions(query)
  if (!positions) throw new Refusal('malformed', 'Positions look like this: epoch=EPOCH&follow=room:general@12,workspace.')
  const signedIn = await readerOf(options, exchange.request)
  return begin(options, exchange, (out) => options.streams.stream(out, signedIn, positions))
}

async function streamTopic(options: StreamOptions, exchange: Exchange): Promise<unknown> {
  const { request } = exchange
  const position = positionIn(request)
  const signedIn = await readerOf(options, request)
  const { topic } = request.params as { topic: string }
  const follower = { userId: signedIn.user.id, sessionId: signedIn.sessionId }
  const isThere = isTopic(topic) && (await options.store.read((db) => sightOf(db, follower, topic))) !== null
  if (!isThere) throw new Refusal('not-found', 'There is nothing here to follow.')
  return begin(options, exchange, (out) => options.streams.streamTopic(out, signedIn, { topic, position }))
}

function isTopic(name: string): name is Topic {
  return parseTopic(name) !== null
}

/** A query's parameters. One that is said twice says nothing. */
function textsIn(query: unknown): Partial<Record<string, string>> {
  const entries = Object.entries(query as Record<string, string | string[]>)
  const twice = entries.find(([, value]) => typeof value !== 'string')
  if (twice) throw new Refusal('malformed', `${twice[0]} may be said once.`)
  return Object.fromEntries(entries) as Record<string, string>
}

const POSITION = /^([^:]{1,64}):(\d{1,15})$/

/** Where somebody goes on: a browser's EventSource says in a header which id it has seen last. */
function positionIn({ headers, query }: FastifyRequest): { epoch: string; seq: number } | null {
  const said = headers['last-event-id'] ?? textsIn(query)['since']
  if (said === undefined) return null
  const [, epoch, seq] = POSITION.exec(String(said)) ?? []
  if (epoch === undefined) throw new Refusal('malformed', 'A position looks like this: EPOCH:SEQ.')
  return { epoch, seq: Number(seq) }
}

/** A browser sends its cookie along from any page, and names no origin where it only looks: what it says of the page must do. */
async function readerOf({ callers, rates, streams }: StreamOptions, { raw, headers }: FastifyRequest): Promise<SignedIn> {
  const site = headers['sec-fetch-site'] ?? 'none'
  const isOurs = callers.isOurOrigin(raw) && (site === 'same-origin' || site === 'none')
  if (bearerOf(raw) === null && !isOurs) throw new Refusal('forbidden', 'This was asked for by a page of another origin.')
  const signedIn = await callers.personOf(raw)
  if (!signedIn) throw new Refusal('unauthenticated', 'Sign in first: a stream is a person’s, by cookie or by a session’s token.')
  limitReader(rates, signedIn.user.id)
  // Behind that: whoever is nobody takes no place in the line.
  if (!(await streams.turn())) throw new Refusal('busy', 'Many come at once. Try again in a moment.', { retryAfterMs: 1_000 })
  return signedIn
}

/** No proxy may keep it, change it, or hold it back until there is more of it. */
const HEAD = { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' }

function begin({ streams }: StreamOptions, { request, reply }: Exchange, keep: (out: Writable) => void): unknown {
  if (streams.isStopping) throw new Refusal('shutting-down', 'The server is stopping. Try again in a moment.', { retryAfterMs: 1_000 })
  const out = reply.headers(HEAD).hijack().raw
  // Whoever has gone meanwhile says so no second time: it would be kept for ever.
  if (out.destroyed) return reply
  out.writeHead(200, reply.getHeaders() as Record<string, string>)
  out.flushHeaders()
  if (request.method === 'HEAD') out.end()
  else keep(out)
  return reply
}
