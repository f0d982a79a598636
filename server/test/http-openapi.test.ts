import { commands } from '@belfry/protocol/commands.ts'
import { REFUSALS } from '@belfry/protocol/refusals.ts'
import { rowKinds } from '@belfry/protocol/rows.ts'
import { describe, expect, test } from 'vitest'
import { openApi, type Paths } from '#http/openapi.ts'
import { picturePaths } from '#http/openapi-pictures.ts'
import { streamPaths } from '#http/openapi-streams.ts'
import { openWorld } from './http-world.ts'

const api = JSON.parse(JSON.stringify(openApi())) as ReturnType<typeof openApi>
const apart = { ...picturePaths, ...streamPaths }
const paths = Object.fromEntries(Object.entries(api.paths).filter(([path]) => !(path in apart))) as Paths
const operations = Object.values(paths).flatMap((path) => Object.values(path))

test('it is served to everybody', async () => {
  await using world = await openWorld()
  const answer = await world.stranger().get('/openapi.json')
  expect(answer).toMatchObject({ status: 200, body: api })
  expect(answer.headers.get('content-type')).toContain('application/json')
})

test('every command stands in it, once', () => {
  expect(operations.map((operation) => operation.operationId).sort()).toEqual(Object.keys(commands).sort())
})

test('so do the two streams, with what refuses them', () => {
  expect(Object.keys(api.paths)).toEqual(expect.arrayContaining(Object.keys(streamPaths)))
  for (const { get } of Object.values(streamPaths)) {
    expect(Object.keys(get.responses)).toEqual(expect.arrayContaining(['200', '400', '401', '403', '429', '503']))
    expect(get.responses[200].content).toHaveProperty('text/event-stream')
  }
})

test('so do pictures, which are no JSON', () => {
  expect(Object.keys(api.paths['/users/{id}/pictures/{picture}'].get.responses)).toEqual(expect.arrayContaining(['200', '401', '404']))
})

test('every reference leads somewhere, and every row is named', () => {
  const references = [...JSON.stringify(api).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!)
  expect(references).toContain('#/components/schemas/Message')
  for (const reference of references) expect(at(reference), reference).toBeTypeOf('object')
  expect(Object.keys(api.components.schemas).map((name) => name.toLowerCase())).toEqual([...Object.keys(rowKinds), 'problem'])
})

describe.each(Object.entries(paths))('%s', (path, methods) => {
  test.each(Object.entries(methods))('%s', (method, operation) => {
    const command = commands[operation.operationId]
    expect([method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1')]).toEqual([command.method, command.path])
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path')
    expect(inPath.map((parameter) => parameter.name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))
    expect(inPath.every((parameter) => parameter.required)).toBe(true)
    expect(operation.requestBody === undefined || method !== 'get').toBe(true)
    expect(operation.security.flatMap((scheme) => Object.keys(scheme)).every((name) => name in api.components.securitySchemes)).toBe(true)
    expect(Object.keys(operation.responses)[0]).toMatch(/^20[014]$/)
    for (const code of command.refusals)
      expect(operation.responses[REFUSALS[code].status], code).toMatchObject({ content: { 'application/problem+json': {} } })
    if (command.may !== 'anyone') expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403']))
  })
})

test('what the path takes is not asked for again in the body', () => {
  const { parameters, requestBody } = paths['/rooms/{roomId}/messages']!.post!
  expect(parameters.map((parameter) => parameter.name)).toEqual(['roomId', 'Idempotency-Key'])
  expect(requestBody!.content['application/json'].schema).toMatchObject({
    required: ['body'],
    properties: { id: {}, body: { maxLength: 16_000 } },
  })
})

test('[N2] a key against doing twice is offered where its answer is kept, and only there', () => {
  const offering = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'))
  expect(offering.map(({ operationId }) => operationId).sort()).toEqual([
    'block.create',
    'direct.open',
    'member.add',
    'message.post',
    'notification.publish',
    'reaction.add',
    'room.create',
    'room.join',
    'user.create',
  ])
})

test('every change says that it may be told to come again, and that its outcome may be unknown', () => {
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { responses }] of Object.entries(methods))
      if (method !== 'get') expect(JSON.stringify(responses[503]), path).toMatch(/busy.*unknown/)
  for (const { operationId, responses } of operations) expect(responses[429], operationId).toBeDefined()
})

function at(reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], api)
}
