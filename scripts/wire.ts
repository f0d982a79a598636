import { CLOSE } from '@belfry/protocol/close-codes.ts'
import { commands, type Command } from '@belfry/protocol/commands.ts'
import { downFrame } from '@belfry/protocol/down.ts'
import { REFUSALS } from '@belfry/protocol/refusals.ts'
import { rowKinds, toldMessageRow } from '@belfry/protocol/rows.ts'
import { upFrame } from '@belfry/protocol/up.ts'
import { z } from 'zod'

/** The part of JSON Schema that our schemas use. */
export interface JsonSchema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  format?: string
  items?: JsonSchema
  prefixItems?: JsonSchema[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
}

export interface WireCommand extends Pick<Command, 'method' | 'path' | 'may' | 'summary' | 'refusals'> {
  input: JsonSchema
  result: JsonSchema
}

/** All that crosses the wire, as plain data. */
export function wire() {
  return {
    up: schemaOf(upFrame, 'input'),
    down: schemaOf(downFrame, 'output'),
    rows: mapValues({ ...rowKinds, 'message, in a frame': toldMessageRow }, (row) => schemaOf(row, 'output')),
    commands: mapValues<Command, WireCommand>(commands, describe),
    close: CLOSE,
    refusals: REFUSALS,
  }
}

function describe({ input, result, ...rest }: Command): WireCommand {
  return { ...rest, input: schemaOf(input, 'input'), result: schemaOf(result, 'output') }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema
}

function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
