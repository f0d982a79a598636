import type { RefusalError } from '@belfry/client/belfry.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { sentenceList } from './sentence-list.ts'

/** Names and ids as somebody types them: with commas, or one below the other. */
export function recipientsIn(typed: string): string[] {
  return [...new Set(typed.split(/[,;\n]/).map((name) => name.trim()))].filter(Boolean)
}

/** 'Stored for prachi, bob and aman.' `quiet`: those among them for whom it does not ring now. */
export function storedWords(recipients: readonly string[], quiet: readonly string[] = []): string {
  const stored = `Stored for ${sentenceList(recipients)}.`
  return quiet.length === 0 ? stored : `${stored} It does not ring now for ${sentenceList(quiet)}, who chose not to be disturbed.`
}

/** Why nothing is known to be stored. Sent again with the same key it is the same notification [N2]. */
export function failureWords(error: unknown): string {
  return refusalWords(error, 'Send it again: it rings once.')
}

export type NotifyField = 'to' | 'title' | 'body' | 'url'

/** What the server says against single fields; an unknown recipient is named. */
export function fieldMistakes(error: RefusalError): Partial<Record<NotifyField, string>> {
  if (error.code === 'unknown-recipient') return { to: error.detail }
  if (error.code !== 'malformed') return {}
  const fields: readonly string[] = ['to', 'title', 'body', 'url'] satisfies NotifyField[]
  const found = error.errors.map(({ at, detail }) => [at.split('.')[0]!, detail] as const)
  return Object.fromEntries(found.filter(([at]) => fields.includes(at)).map(([at, detail]) => [at, `This ${detail}.`]))
}
