import { rowKinds } from '@belfry/protocol/rows.ts'
import { z } from 'zod'

/** A JSON Schema, as far as it is looked into here. */
export interface JsonSchema {
  [keyword: string]: unknown
  properties?: Record<string, JsonSchema>
  required?: string[]
}

/** Rows are named once and referred to. */
const NAMES = z.registry<{ id: string }>()
for (const [kind, schema] of Object.entries(rowKinds)) NAMES.add(schema, { id: nameOf(kind) })

/** The schemas of all rows, by their names. */
export function rowSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(rowKinds).map(([kind, schema]) => [nameOf(kind), bare(z.toJSONSchema(schema))]))
}

/** The schema of a result, which refers to the rows in it. */
export function withRows(result: z.ZodType): JsonSchema {
  const { $defs: _, ...schema } = bare(z.toJSONSchema(result, { metadata: NAMES }))
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema
}

function bare(schema: object): JsonSchema {
  const { $schema: _, ...rest } = schema as JsonSchema
  return rest
}

function nameOf(kind: string): string {
  return kind[0]!.toUpperCase() + kind.slice(1)
}
