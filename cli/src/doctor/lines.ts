import { CLOSE } from '@belfry/protocol/close-codes.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import { WebSocket } from 'ws'

/** One way of being told: open once it has said so, over once it was told that the session has ended. */
export interface Line {
  opens: Promise<void>
  ends: Promise<void>
  /** At once: whoever stands between may never say goodbye. */
  cut(): void
}

/** Whoever answers there does not know who was signed in here. */
export class NotKnown extends Error {}

export function socket(address: URL, token: string): Line {
  const url = new URL('/api/v1/socket', address)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const ws = new WebSocket(url, { perMessageDeflate: false })
  const [opens, ends] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  ws.on('error', opens.reject)
  ws.on('open', () => ws.send(JSON.stringify({ t: 'hello', v: PROTOCOL_VERSION, token, positions: [] })))
  ws.on('message', (data) => downFrameIn(String(data)).t === 'live' && opens.resolve())
  ws.on('close', (code) => {
    opens.reject(new (code === CLOSE['unauthenticated'] ? NotKnown : Error)(`it closed with ${code}`))
    if (code === CLOSE['session-ended']) ends.resolve()
    else ends.reject(new Error(`a socket closed with ${code}`))
  })
  return line([opens, ends], () => ws.terminate())
}

export function stream(address: URL, token: string): Line {
  const [opens, ends] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const over = new AbortController()
  const read = async () => {
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
    const response = await fetch(new URL('/api/v1/stream', address), { headers, signal: over.signal })
    if (!response.ok || !response.body) throw await whyNot(response)
    let told = ''
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      told += piece
      if (told.includes('"t":"live"')) opens.resolve()
      if (told.includes(`"code":${CLOSE['session-ended']}`)) return ends.resolve()
    }
    throw new Error('the stream ended')
  }
  read().catch((error: unknown) => {
    opens.reject(error)
    ends.reject(error)
  })
  return line([opens, ends], () => over.abort())
}

/** A proxy may ask for a password of its own: that says nothing of the database. */
async function whyNot(response: Response): Promise<Error> {
  const words = `the answer was ${response.status}`
  if (response.status !== 401) return new Error(words)
  const isBelfrys = (await response.text()).includes('"code":"unauthenticated"')
  return isBelfrys ? new NotKnown(words) : new Error(`${words}, and not from Belfry`)
}

/** What nobody waits for any more may fail in silence. */
function line([opens, ends]: [PromiseWithResolvers<void>, PromiseWithResolvers<void>], cut: () => void): Line {
  for (const { promise } of [opens, ends]) promise.catch(() => {})
  return { opens: opens.promise, ends: ends.promise, cut }
}
