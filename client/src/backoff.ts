export interface Backoff {
  firstMs: number
  mostMs: number
}

/** Full jitter: anything between nothing and the bound, which doubles with each attempt (from 0). Clients that fell together do not return together. */
export function backoffMs({ firstMs, mostMs }: Backoff, attempt: number, random: () => number): number {
  return Math.floor(random() * Math.min(mostMs, firstMs * 2 ** attempt))
}
