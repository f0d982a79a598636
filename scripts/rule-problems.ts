import { read, sources } from './sources.ts'

const DEFINITION = /^- \[([A-Z]\d+)\](?: \((later)\))?/gm
const CITATION = /(?<![\w\])])\[([A-Z]\d+(?:, ?[A-Z]\d+)*)\](?!\()/g
/** Rule ids with which a title begins. */
const TITLE = /\(\s*['"`]((?:\[[A-Z]\d+(?:, ?[A-Z]\d+)*\] ?)+)/g

/**
 * Rules stand as `- [F1] …` in the documents at the root; `- [F1] (later) …` needs no test yet. Every other one is cited at the
 * beginning of a test's title, and whatever is cited anywhere exists.
 */
export function ruleProblems(root = '.'): string[] {
  const defined = definitions(root)
  if (defined.length === 0) return []
  const cited = citations({ root, pattern: '{*.md,docs/**/*.md,*/{src,test}/**/*.{ts,tsx}}', citation: CITATION })
  const tested = citations({ root, pattern: '{*/test,test}/**/*.test.{ts,tsx}', citation: TITLE })
  return [
    ...repeated(defined.map(({ id }) => id)).map((id) => `[${id}] is defined twice.`),
    ...defined
      .filter(({ id, isLater }) => !isLater && !tested.has(id))
      .map(({ id, file }) => `[${id}] (${file}) is cited by no test's title.`),
    ...[...cited]
      .filter(([id]) => !defined.some((rule) => rule.id === id))
      .map(([id, file]) => `[${id}] is cited in ${file} and defined nowhere.`),
  ]
}

function definitions(root: string): { id: string; file: string; isLater: boolean }[] {
  return sources('*.md', root).flatMap((file) =>
    [...read(file, root).matchAll(DEFINITION)].map(([, id, later]) => ({ id: id!, file, isLater: later !== undefined })),
  )
}

/** Rule id → the first file that cites it. */
function citations({ root, pattern, citation }: { root: string; pattern: string; citation: RegExp }): Map<string, string> {
  const found = new Map<string, string>()
  for (const file of sources(pattern, root)) for (const id of cites(read(file, root), citation)) if (!found.has(id)) found.set(id, file)
  return found
}

function cites(text: string, citation: RegExp): string[] {
  return [...text.matchAll(citation)].flatMap((match) => match[1]!.match(/[A-Z]\d+/g) ?? [])
}

function repeated(ids: string[]): string[] {
  return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))]
}
