import { fastify, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Calls } from '#call.ts'
import type { Callers } from './callers.ts'
import { addHealth, type MetricsPage } from './health.ts'
import { methodsAt } from './methods.ts'
import { addOpenApi } from './openapi.ts'
import { addPictures } from './pictures.ts'
import { answerError, problemOf, sendProblem } from './problems.ts'
import { addRoutes, API } from './routes.ts'
import { securityHeaders } from './security-headers.ts'
import { addStreams, type StreamKeeper } from './streams.ts'
import { endUnreadable } from './unreadable.ts'
import { isPage, serveWebApp } from './web-app.ts'

export interface HttpOptions extends Calls {
  callers: Callers
  streams: StreamKeeper
  /** The built app; null: the API alone. */
  webFolder: string | null
  log: Logger
  state(): 'ok' | 'stopping'
  metrics: MetricsPage
  bus: { isAlive: boolean }
}

const BODY_MAX_BYTES = 256 * 1024
/** Whoever sends more slowly is cut off: nobody may hold connections open with half a request. */
const REQUEST_WITHIN_MS = 30_000

/** The HTTP door. It does not listen yet; its `server` also carries the sockets. */
export async function openHttp(options: HttpOptions): Promise<FastifyInstance> {
  const log: FastifyBaseLogger = options.log
  const app = fastify({
    // Its own lines ("listening") would only repeat ours.
    loggerInstance: log.child({}, { level: 'warn' }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_WITHIN_MS,
    clientErrorHandler: endUnreadable,
    return503OnClosing: false,
    // Calls check their input and answers are typed: no route says schemas, and what would compile them is not loaded.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: (error, request, reply) => {
      reply.headers(securityHeaders(options.callers.schemeOf(request.raw)))
      void answerError(error, reply)
    },
  })
  takeJsonAlone(app)
  addHooks(app, options)
  app.setErrorHandler((error, _request, reply) => answerError(error, reply))
  app.setNotFoundHandler((request, reply) => answerElsewhere(options, request, reply))
  addRoutes(app, options)
  addPictures(app, { ...options, api: API })
  addStreams(app, options)
  addOpenApi(app)
  addHealth(app, options)
  if (options.webFolder !== null) await serveWebApp(app, options.webFolder)
  return app
}

function takeJsonAlone(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else void parse(request, String(body), done)
  })
}

function addHooks(app: FastifyInstance, { callers, log }: HttpOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(callers.schemeOf(request.raw)))
    if (isApi(request)) reply.header('cache-control', 'no-store')
  })
  app.addHook('onSend', async (_request, reply) => {
    // The door is shut: what was asked is answered; nothing more is to come over this connection.
    if (!app.server.listening) reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    // The path alone: queries, headers and bodies may hold secrets.
    const line = {
      request: request.id,
      method: request.method,
      path: pathOf(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    }
    if (isApi(request) && reply.statusCode >= 400) log.info(line, 'refused')
    else log.debug(line, 'request')
  })
}

/** No route is here: a page of the app, another method's address, or nothing. */
function answerElsewhere({ webFolder }: HttpOptions, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (webFolder !== null && isPage(request)) return reply.sendFile('index.html')
  const methods = methodsAt(pathOf(request))
  if (methods.length === 0 || methods.includes(request.method))
    return sendProblem(reply, problemOf({ code: 'not-found', detail: 'There is nothing at this address.' }))
  reply.header('allow', methods.join(', '))
  return sendProblem(
    reply,
    problemOf({ code: 'malformed', detail: `This address takes ${methods.join(', ')}, not ${request.method}.` }, 405),
  )
}

function isApi(request: FastifyRequest): boolean {
  return request.url.startsWith('/api/')
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0]!
}

function noSchemas(): never {
  throw new Error('A route says a schema, which nobody checks.')
}
