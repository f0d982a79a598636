import { useEffect, useEffectEvent } from 'react'

/** What somebody does in one part of the page, for others of its parts to hear of. */
export class News<About extends unknown[] = []> {
  readonly #listeners = new Set<(...about: About) => void>()

  tell(...about: About): void {
    for (const listener of this.#listeners) listener(...about)
  }

  /** Answers how to hear no more of it. */
  hear(listener: (...about: About) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

/** Runs whenever that is told. */
export function useNews<About extends unknown[]>(news: News<About>, act: (...about: About) => void): void {
  const onNews = useEffectEvent(act)
  useEffect(() => news.hear((...about) => onNews(...about)), [news])
}
