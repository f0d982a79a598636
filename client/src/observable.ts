/** A value that changes: fits React's `useSyncExternalStore`. `get` returns the same reference until it changes; both work unbound. */
export interface Observable<T> {
  get(): T
  subscribe(listener: () => void): () => void
}

export interface Source<T> extends Observable<T> {
  set(value: T): void
}

export interface Derived<T> extends Observable<T> {
  /** What it is made from has changed: it is made anew when next asked for. */
  invalidate(): void
  /** Whether anybody listens. */
  readonly isObserved: boolean
}

export function source<T>(initial: T): Source<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    subscribe: (listener) => listen(listeners, listener),
    set(next) {
      if (Object.is(next, value)) return
      value = next
      tell(listeners)
    },
  }
}

export function derived<T>(make: () => T): Derived<T> {
  let made: { value: T } | null = null
  const listeners = new Set<() => void>()
  return {
    get: () => (made ??= { value: make() }).value,
    subscribe: (listener) => listen(listeners, listener),
    invalidate() {
      made = null
      tell(listeners)
    },
    get isObserved() {
      return listeners.size > 0
    },
  }
}

function listen(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function tell(listeners: Set<() => void>): void {
  for (const listener of [...listeners]) listener()
}
