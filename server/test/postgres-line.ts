import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Line extends AsyncDisposable {
  url: string
  /** The next statement that says this reaches the server, and its answer nobody. */
  cutsAnswerTo(statement: string): void
  /** Nothing passes any more, and nobody is told. */
  stalls(): void
  resumes(): void
}

/** A line to the server that can be cut. */
export async function openLine(databaseUrl: string): Promise<Line> {
  const { hostname, port } = new URL(databaseUrl)
  let cut: string | null = null
  let isStalled = false
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
    if (isStalled) for (const socket of [near, far]) socket.pause()
    let isCut = false
    near.on('data', (bytes) => {
      if (cut !== null && bytes.includes(cut)) [isCut, cut] = [true, null]
      far.write(bytes)
    })
    far.on('data', (bytes) => {
      if (isCut) near.destroy()
      else near.write(bytes)
    })
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    cutsAnswerTo: (statement) => void (cut = statement),
    stalls() {
      isStalled = true
      for (const socket of sockets) socket.pause()
    },
    resumes() {
      isStalled = false
      for (const socket of sockets) socket.resume()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
