import { NAMES_OF_MANY } from '@belfry/protocol/names.ts'

/** What is being written of a name. */
export interface BegunName {
  /** Where its `@` stands. */
  at: number
  query: string
}

const BEGUN = /(?<![\p{L}\p{N}._@+-])@([\p{L}\p{N}._+-]{0,32})$/u

/** The name that is being written right before the caret; null: none. */
export function begunName(text: string, caret: number): BegunName | null {
  const match = BEGUN.exec(text.slice(0, caret))
  return match && { at: match.index, query: match[1]! }
}

/** The text with the name written out, and where the caret goes. */
export function withName(text: string, begun: BegunName, name: string): { text: string; caret: number } {
  const before = `${text.slice(0, begun.at)}@${name} `
  const after = text.slice(begun.at + 1 + begun.query.length)
  return { text: before + after.replace(/^ /, ''), caret: before.length }
}

/** Whether nothing is left to choose: the one name that is offered stands there already, and keys are for the text again. */
export function isWrittenOut(query: string, offered: readonly { name: string }[]): boolean {
  return offered.length === 1 && offered[0]!.name.toLowerCase() === query.toLowerCase()
}

/** Those names of many that begin so. */
export function namesOfManyFor(query: string): (typeof NAMES_OF_MANY)[number][] {
  return NAMES_OF_MANY.filter((name) => name.startsWith(query.toLowerCase()))
}
