/** What can be wrong with a history. */
export const KINDS = {
  lost: 'answered as stored and not there, or not shown to somebody who may see it',
  doubled: 'there, or shown, twice',
  reordered: 'numbers or seqs that are not 1, 2, 3 …, or shown in another order',
  order: "a sender's messages in another order than they were written",
  hole: 'a change taken beyond what was told before, or rows older than the position',
  phantom: 'told, and never stored so',
  unauthorised: 'told to somebody who may not see it',
  refused: 'refused as not stored, and stored',
} as const

export type VerdictKind = keyof typeof KINDS

/** Something that must not be: by which rule, whom it concerns, and enough to find it. */
export interface Verdict {
  is: VerdictKind
  rule: string
  who: string
  what: string
}

/** Verdicts that concern this client, person or topic. */
export function sayOf(who: string) {
  return (is: VerdictKind, rule: string, what: string): Verdict[] => [{ is, rule, who, what }]
}
