import type { DownFrame } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'

/** Enough for all that is on its way to some followers of a room. */
const KEPT_MAX = 1_000

const kept = new Map<string, DownFrame>()

/** Reads a frame. Followers of one topic are told the same text: it is parsed once for all of them, and must not be changed. */
export function readFrame(text: string): DownFrame {
  const known = kept.get(text)
  if (known) return known
  const frame = downFrameIn(text)
  if (kept.size === KEPT_MAX) kept.delete(kept.keys().next().value!)
  kept.set(text, frame)
  return frame
}
