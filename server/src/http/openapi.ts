import { type Command, type CommandName, commands, rightsOf } from '@belfry/protocol/commands.ts'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { keepsAnswer } from '#admit.ts'
import { answersOf, PROBLEM_SCHEMA } from './openapi-answers.ts'
import { picturePaths } from './openapi-pictures.ts'
import { type JsonSchema, rowSchemas, withRows } from './openapi-rows.ts'
import { streamPaths } from './openapi-streams.ts'
import { API } from './routes.ts'

export const OPENAPI_PATH = `${API}/openapi.json`

/** Serves the API's description: made from the protocol's table when it is first asked for. */
export function addOpenApi(app: FastifyInstance): void {
  let made: string | null = null
  app.get(OPENAPI_PATH, async (_request, reply) => {
    made ??= JSON.stringify(openApi())
    return reply.type('application/json').send(made)
  })
}

/** OpenAPI 3.1, whose schemas are JSON Schema as it is. */
export function openApi() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Belfry',
      version: '1',
      description:
        'Team chat and user notifications. Times are epoch milliseconds; lists are `{items, next}`; refusals are problem documents (RFC 9457) with a stable `code`.',
    },
    servers: [{ url: API }],
    paths: { ...pathsOf(Object.entries(commands) as [CommandName, Command][]), ...picturePaths, ...streamPaths },
    components: { schemas: { ...rowSchemas(), Problem: PROBLEM_SCHEMA }, securitySchemes: SECURITY_SCHEMES },
  }
}

const SECURITY_SCHEMES = {
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'belfry',
    description: 'A person, signed in by `POST /session`. Changes need an Origin of the server.',
  },
  secureCookie: { type: 'apiKey', in: 'cookie', name: '__Host-belfry', description: 'The same over https.' },
  token: { type: 'http', scheme: 'bearer', description: "A person: a session's token, where no cookie does it." },
  key: {
    type: 'http',
    scheme: 'bearer',
    description: 'A program: an API key (`bk_…`), made by `belfry key create`. What it may do stands in its scopes.',
  },
} as const

export type Paths = Record<string, Record<string, ReturnType<typeof operation>>>

function pathsOf(table: [CommandName, Command][]): Paths {
  const paths: Paths = {}
  for (const [name, command] of table) {
    const path = command.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [command.method.toLowerCase()]: operation(name, command) }
  }
  return paths
}

function operation(name: CommandName, command: Command) {
  const { parameters, body } = inputOf(command)
  if (keepsAnswer(name, command)) parameters.push(ONCE_KEY)
  return {
    operationId: name,
    summary: command.summary,
    tags: [name.split('.')[0]!],
    security: securityOf(command),
    parameters,
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: answersOf(name, command, withRows(command.result)),
  }
}

interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: JsonSchema
}

const ONCE_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key with the same request gets the first answer, for 48 hours.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
}

/** The path takes its parameters; the rest of the input stands in the query of what only looks, in the body of what changes. */
function inputOf({ method, path, input }: Command): { parameters: Parameter[]; body: JsonSchema | null } {
  const { $schema: _, properties = {}, required = [], ...schema } = z.toJSONSchema(input, { io: 'input' }) as JsonSchema
  const inPath = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]!)
  const rest = Object.keys(properties).filter((name) => !inPath.includes(name))
  const parameter = (name: string, at: 'path' | 'query'): Parameter => ({
    name,
    in: at,
    required: required.includes(name),
    schema: properties[name]!,
  })
  const parameters = inPath.map((name) => parameter(name, 'path'))
  if (method === 'GET')
    return {
      parameters: [...parameters, ...rest.map((name) => ({ ...parameter(name, 'query'), style: 'form', explode: false }))],
      body: null,
    }
  if (rest.length === 0) return { parameters, body: null }
  const bodyProperties = Object.fromEntries(rest.map((name) => [name, properties[name]!]))
  return { parameters, body: { ...schema, properties: bodyProperties, required: required.filter((name) => rest.includes(name)) } }
}

type Security = Partial<Record<keyof typeof SECURITY_SCHEMES, string[]>>

function securityOf(command: Command): Security[] {
  return rightsOf(command).flatMap((right): Security[] => {
    if (right === 'anyone') return []
    if (right === 'person' || right === 'admin') return [{ cookie: [] }, { secureCookie: [] }, { token: [] }]
    return [{ key: [right.slice('scope:'.length)] }]
  })
}
