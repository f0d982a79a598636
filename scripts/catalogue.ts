import { writeFileSync } from 'node:fs'
import { rightsOf } from '@belfry/protocol/commands.ts'
import { read, sources } from './sources.ts'
import { wire, type JsonSchema, type WireCommand } from './wire.ts'

const DOCUMENT = 'PROTOCOL.md'
const BETWEEN_MARKERS = /(<!-- catalogue:begin -->\n)[\s\S]*?(<!-- catalogue:end -->)/

/** PROTOCOL.md lists frames, rows, commands, refusals and close codes; the list is made from the schemas. */
export function catalogueProblems(): string[] {
  const text = document()
  if (text === null || text === renewed(text)) return []
  return [`The catalogue in ${DOCUMENT} is not what the schemas say. Write it anew: npm run check -- --update-protocol`]
}

export function writeCatalogue(): void {
  const text = document()
  if (text !== null) writeFileSync(DOCUMENT, renewed(text))
}

function document(): string | null {
  return sources(DOCUMENT).length > 0 ? read(DOCUMENT) : null
}

function renewed(text: string): string {
  if (!BETWEEN_MARKERS.test(text)) return `${text}\n<!-- catalogue:begin -->\n<!-- catalogue:end -->\n`
  return text.replace(BETWEEN_MARKERS, (_, begin: string, end: string) => `${begin}\n${catalogue()}\n${end}`)
}

/** Markdown. */
export function catalogue(): string {
  const { up, down, rows, commands, refusals, close } = wire()
  return [
    section('Frames up', ['frame', 'holds'], frames(up)),
    section('Frames down', ['frame', 'holds'], frames(down)),
    section(
      'Rows',
      ['kind', 'holds'],
      Object.entries(rows).map(([kind, row]) => [code(kind), fields(row)]),
    ),
    section('Commands', ['command', 'route', 'who', 'input', 'refusals', 'what it does'], Object.entries(commands).map(commandLine)),
    section('Refusals', ['code', 'status', 'again later', 'says'], Object.entries(refusals).map(refusalLine)),
    section(
      'Close codes',
      ['code', 'reason'],
      Object.entries(close).map(([reason, number]) => [String(number), code(reason)]),
    ),
  ].join('\n')
}

function section(title: string, head: string[], lines: string[][]): string {
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`)
  return `### ${title}\n\n${table.join('\n')}\n`
}

function frames(schema: JsonSchema): string[][] {
  const kinds = schema.oneOf ?? schema.anyOf
  return kinds ? kinds.flatMap(frames) : [[code(String(schema.properties?.t?.const)), fields(schema)]]
}

function commandLine([name, command]: [string, WireCommand]): string[] {
  const route = `${command.method} ${command.path}`
  return [
    code(name),
    code(route),
    rightsOf(command).join(', '),
    fields(command.input),
    command.refusals.map(code).join(', '),
    escape(command.summary),
  ]
}

function refusalLine([name, { status, again, title }]: [string, { status: number; again: boolean; title: string }]): string[] {
  return [code(name), String(status), again ? 'yes' : '', escape(title)]
}

function fields(schema: JsonSchema): string {
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== 't')
    .map(([name, field]) => code(`${nameOf(name, schema)}: ${typeName(field)}`))
    .join(', ')
}

function typeName(schema: JsonSchema): string {
  const { type, items, prefixItems, anyOf, oneOf, properties } = schema
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' / ')
  if (prefixItems) return `[${prefixItems.map(typeName).join(', ')}]`
  if (type === 'array') return `(${items ? typeName(items) : 'any'})[]`.replace(/^\((\w+)\)/, '$1')
  if (anyOf ?? oneOf) return (anyOf ?? oneOf)!.map(typeName).join(' / ')
  if (properties)
    return `{${Object.keys(properties)
      .map((name) => nameOf(name, schema))
      .join(', ')}}`
  return [type ?? 'any'].flat().join(' / ')
}

function nameOf(name: string, { required = [] }: JsonSchema): string {
  return required.includes(name) ? name : `${name}?`
}

function code(text: string): string {
  return `\`${text}\``
}

/** A bar would end the table's cell. */
function escape(text: string): string {
  return text.replaceAll('|', '\\|')
}
