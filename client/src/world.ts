/** What is outside this package; tests bring their own. */
export interface World {
  /** Epoch milliseconds. */
  now(): number
  /** Runs it once after so many milliseconds; returns how to call it off. */
  after(ms: number, run: () => void): () => void
  /** 0 ≤ x < 1 */
  random(): number
  WebSocket: new (url: string) => Socket
  isNetworkUp(): boolean
  /** The network went or came, or the page became visible again; returns how to stop listening. */
  onWake(listener: () => void): () => void
}

/** What is needed of a WebSocket. */
export interface Socket {
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent) => void) | null
  onclose: ((event: CloseEvent) => void) | null
  send(data: string): void
  close(): void
}

/** Keeps text across page loads: `localStorage`, or less. With `length` and `key`, everything of an account can be found and deleted. */
export interface KeptStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
  readonly length?: number
  key?(index: number): string | null
}

export function worldWith(own: Partial<World> = {}): World {
  return {
    now: () => Date.now(),
    after: startTimer,
    random: () => Math.random(),
    WebSocket: globalThis.WebSocket,
    // Node's navigator has no `onLine`: what is not known to be down is up.
    isNetworkUp: () => globalThis.navigator?.onLine !== false,
    onWake: listenForWaking,
    ...own,
  }
}

export function memoryStorage(): KeptStorage {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    get length() {
      return kept.size
    },
    key: (index) => [...kept.keys()][index] ?? null,
  }
}

function startTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

function listenForWaking(listener: () => void): () => void {
  if (typeof document === 'undefined') return () => undefined
  const stop = new AbortController()
  const whenVisible = () => document.visibilityState === 'visible' && listener()
  addEventListener('online', listener, { signal: stop.signal })
  addEventListener('offline', listener, { signal: stop.signal })
  document.addEventListener('visibilitychange', whenVisible, { signal: stop.signal })
  return () => stop.abort()
}
