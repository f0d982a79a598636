/** What is outside this package; tests bring their own. */
export interface World {
  /** Epoch milliseconds. */
  now(): number
  /** Runs it once after so many milliseconds; returns how to call it off. */
  after(ms: number, run: () => void): () => void
  /** 0 ≤ x < 1 */
  random(): number
  WebSocket: new (url: string) => Socket
  /** Null: nothing stands in for a WebSocket that does not get through. */
  fetch: ((address: string, init: RequestInit) => Promise<Response>) | null
  isNetworkUp(): boolean
  /** The network went or came, or the page became visible again; returns how to stop listening. */
  onWake(listener: () => void): () => void
  /** Runs it once no other tab holds this name; returns how to let go of it. Null where tabs have no way to agree. */
  hold: ((name: string, run: () => void) => () => void) | null
  /** The page goes out of sight, perhaps for ever; returns how to stop listening. */
  onHide(listener: () => void): () => void
}

/** What is needed of a WebSocket. */
export interface Socket {
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent) => void) | null
  onclose: ((event: CloseEvent) => void) | null
  readonly readyState: number
  send(data: string): void
  close(): void
}

export function worldWith(own: Partial<World> = {}): World {
  return {
    now: () => Date.now(),
    after: startTimer,
    random: () => Math.random(),
    WebSocket: globalThis.WebSocket,
    fetch: (address, init) => fetch(address, init),
    // Node's navigator has no `onLine`: what is not known to be down is up.
    isNetworkUp: () => globalThis.navigator?.onLine !== false,
    onWake: listenForWaking,
    hold: hasLocks() ? holdLock : null,
    onHide: listenForHiding,
    ...own,
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

function listenForHiding(listener: () => void): () => void {
  if (typeof document === 'undefined') return () => undefined
  const stop = new AbortController()
  const whenHidden = () => document.visibilityState === 'hidden' && listener()
  addEventListener('pagehide', listener, { signal: stop.signal })
  document.addEventListener('visibilitychange', whenHidden, { signal: stop.signal })
  return () => stop.abort()
}

/** Secure contexts only. Node has locks too, but no storage that its processes share. */
function hasLocks(): boolean {
  return typeof document !== 'undefined' && 'locks' in navigator
}

function holdLock(name: string, run: () => void): () => void {
  const stop = new AbortController()
  void requestLock(name, run, stop.signal)
  return () => stop.abort()
}

async function requestLock(name: string, run: () => void, signal: AbortSignal): Promise<void> {
  const released = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  try {
    await navigator.locks.request(name, { signal }, () => {
      if (!signal.aborted) run()
      return released
    })
  } catch {
    // Let go of before it was held; or the browser forbids locks here: then every tab sends its own.
    if (!signal.aborted) run()
  }
}
