import type { ReactNode } from 'react'

const TONES = { plain: 'bg-hover text-ink-2', accent: 'bg-selected text-ink', bad: 'bg-bad-wash text-bad' } as const

/** A word about the thing whose name it stands beside. */
export function Badge({ tone = 'plain', children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return <span className={`flex-none rounded-small px-1.5 py-px text-meta font-medium whitespace-nowrap ${TONES[tone]}`}>{children}</span>
}
