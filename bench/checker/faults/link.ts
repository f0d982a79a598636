import { once } from 'node:events'
import { type AddressInfo, connect, createServer, Socket } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { type Protocol, plain, type Unit } from './protocol.ts'

/** `up` leads to what the link stands before, `down` to who has connected. */
export type Direction = 'up' | 'down'

/** One direction of one connection. */
export interface Way {
  readonly direction: Direction
  /** The connection: the same for both of its ways. */
  readonly line: object
  /** Ends the connection at once, both ways; these bytes still arrive. */
  cut(last?: Buffer): void
}

/** Answers what goes on in a unit's place. */
export type Deal = (unit: Unit, way: Way) => Buffer[]

/** What is needed to carry one way of a connection. */
interface Flow {
  from: Duplex
  to: Duplex
  cutter(piece: Buffer): Unit[]
  way: Way
}

/** Stands before something that listens on a port, and can keep who connects from it. Everything passes, in order and under back pressure, until it is told otherwise. */
export class Link implements AsyncDisposable {
  readonly #to: number
  readonly #protocol: Protocol
  readonly #door = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#join(near))
  readonly #ends = new Set<Duplex>()
  /** Those that lost bytes: they cannot go on. */
  readonly #robbed = new Set<Duplex>()
  /** Settled when what is held goes on. */
  #held: PromiseWithResolvers<void> | null = null
  #isCut = false
  #swallowed: Direction | null = null
  #delayMs = 0
  #deal: Deal | null = null

  static async open(to: number, protocol: Protocol = plain): Promise<Link> {
    const link = new Link(to, protocol)
    await once(link.#door.listen(0, '127.0.0.1'), 'listening')
    return link
  }

  private constructor(to: number, protocol: Protocol) {
    this.#to = to
    this.#protocol = protocol
  }

  get port(): number {
    return (this.#door.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** A connection from within this process: no sockets lead to the link, which would cost more than all else that a client does. */
  connect(): Duplex {
    const [near, end] = duplexPair()
    near.allowHalfOpen = false
    near.on('close', () => end.destroy())
    // What has passed is still read.
    end.on('close', () => (near.readableEnded ? near.destroy() : near.once('end', () => near.destroy())))
    this.#join(end)
    return near
  }

  /** Connections break, and new ones do at once. */
  cut(): void {
    this.#isCut = true
    this.#destroy(this.#ends)
  }

  /** Connections stand, new ones too, and nothing passes. */
  hold(): void {
    this.#held ??= Promise.withResolvers()
  }

  /** What goes one way is lost, and neither side is told. */
  swallow(direction: Direction): void {
    this.#swallowed = direction
  }

  /** Each piece is so late at least. */
  delay(ms: number): void {
    this.#delayMs = ms
  }

  /** Has each unit dealt with, or (null) let pass again. */
  deal(deal: Deal | null): void {
    this.#deal = deal
  }

  /** Everything passes again. Where bytes were lost, the connection ends. */
  restore(): void {
    this.#isCut = false
    this.#swallowed = null
    this.#delayMs = 0
    this.#deal = null
    this.#destroy(this.#robbed)
    this.#release()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#release()
    this.#door.close()
    await once(this.#door, 'close')
  }

  #join(near: Duplex): void {
    if (this.#isCut) return refuse(near)
    const far = connect({ port: this.#to, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const line = {}
    this.#tie(near, far)
    this.#tie(far, near)
    void this.#carry({ from: near, to: far, cutter: this.#protocol.up(), way: wayOf('up', line, [near, far]) })
    void this.#carry({ from: far, to: near, cutter: this.#protocol.down(), way: wayOf('down', line, [far, near]) })
  }

  /** What has passed still arrives when one end is gone. */
  #tie(end: Duplex, other: Duplex): void {
    this.#ends.add(end)
    end.on('error', () => {})
    end.on('close', () => {
      this.#ends.delete(end)
      this.#robbed.delete(end)
      destroySoon(other)
    })
  }

  async #carry(flow: Flow): Promise<void> {
    const { from, to } = flow
    try {
      for await (const piece of from.iterator({ destroyOnReturn: false })) await this.#pass(piece, flow)
      to.end()
    } catch {
      // Where it broke, both ends are closed.
    }
  }

  async #pass(piece: Buffer, { from, to, cutter, way }: Flow): Promise<void> {
    if (this.#delayMs > 0) await wait(this.#delayMs)
    while (this.#held) await this.#held.promise
    const units = cutter(piece)
    if (this.#swallowed === way.direction) this.#robbed.add(from)
    else for (const bytes of this.#dealt(units, way)) await written(to, bytes)
  }

  /** One by one: what is dealt with later is seen later, and one of them may end the connection. */
  *#dealt(units: Unit[], way: Way): Iterable<Buffer> {
    if (!this.#deal) return yield Buffer.concat(units.map(({ bytes }) => bytes))
    for (const unit of units) yield* this.#deal?.(unit, way) ?? [unit.bytes]
  }

  #release(): void {
    this.#held?.resolve()
    this.#held = null
  }

  #destroy(ends: Set<Duplex>): void {
    for (const end of ends) end.destroy()
  }
}

function refuse(end: Duplex): void {
  if (end instanceof Socket) end.resetAndDestroy()
  else end.destroy()
}

/** As soon as what it was given has arrived. */
function destroySoon(end: Duplex): void {
  end.end()
  if (end.writableFinished) end.destroy()
  else end.once('finish', () => end.destroy())
}

function wayOf(direction: Direction, line: object, [from, to]: [from: Duplex, to: Duplex]): Way {
  return {
    direction,
    line,
    cut(last) {
      // What had come before it broke may be dealt with later.
      if (from.destroyed) return
      if (last) to.write(last)
      destroySoon(to)
      from.destroy()
    },
  }
}

/** Resolves when there is room for more, and when it is closed. */
async function written(end: Duplex, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve) => end.write(bytes, () => resolve()))
}
