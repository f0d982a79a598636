import type { Socket } from '@belfry/client/world.ts'
import type { DownFrame } from '@belfry/protocol/down.ts'
import type { UpFrame } from '@belfry/protocol/up.ts'
import { MemorySocket } from '#server/test/memory-socket.ts'
import type { TestNode } from '#server/test/test-node.ts'
import type { Dice } from './dice.ts'
import type { Time } from './time.ts'

/** How bad the network is. */
export interface Weather {
  delayMsMax: number
  /** That a frame is the last that a connection carries: what was asked may be done, the answer is lost. */
  cut: number
  /** That a client notices a cut only by its own pings. */
  silent: number
}

export const STORM: Weather = { delayMsMax: 60, cut: 0.012, silent: 0.3 }
export const CALM: Weather = { delayMsMax: 5, cut: 0, silent: 0 }

/** A stalled reader is behind after some 5 kB. */
const BYTES_WEIGH = 200

/** Sees every frame of one connection: at the moment at which the server sends it, and at which the client does. */
export interface Observer {
  sent(frame: UpFrame): void
  told(frame: DownFrame): void
}

/** Between clients and nodes: delays, keeps the order of each direction, cuts. */
export class Network {
  weather: Weather = STORM
  readonly wires = new Set<Wire>()
  readonly dice: Dice
  readonly time: Time
  readonly #nodes: () => TestNode[]

  constructor(parts: { dice: Dice; time: Time; nodes(): TestNode[] }) {
    this.dice = parts.dice
    this.time = parts.time
    this.#nodes = parts.nodes
  }

  /** The WebSocket class of one client. */
  socketsOf(observe: () => Observer): new (url: string) => Socket {
    const dial = (wire: Wire) => this.#dial(wire)
    const surroundings = (): [Network, Observer] => [this, observe()]
    return class extends Wire {
      constructor() {
        super(...surroundings())
        dial(this)
      }
    }
  }

  #dial(wire: Wire): void {
    this.wires.add(wire)
    this.time.after(1 + this.dice.below(this.weather.delayMsMax), () => {
      const nodes = this.#nodes()
      if (nodes.length === 0) wire.breaks()
      else wire.reaches(this.dice.pick(nodes))
    })
  }
}

export class Wire implements Socket {
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  readonly #network: Network
  readonly #observer: Observer
  #server: MemorySocket | null = null
  #isCut = false
  #lastUp = 0
  #lastDown = 0

  constructor(network: Network, observer: Observer) {
    this.#network = network
    this.#observer = observer
  }

  reaches(node: TestNode): void {
    if (this.#isCut) return
    const server = new MemorySocket(node.server, { bytesWeigh: BYTES_WEIGH })
    this.#server = server
    server.onFrame = (text) => {
      this.#observer.told(JSON.parse(text) as DownFrame)
      this.#down(() => this.onmessage?.({ data: text } as MessageEvent))
    }
    server.onClose = (code) => this.#down(() => this.#ends(code))
    this.#down(() => this.onopen?.(new Event('open')))
  }

  send(text: string): void {
    if (this.#isCut) return
    this.#observer.sent(JSON.parse(text) as UpFrame)
    this.#lastUp = this.#carry(this.#lastUp, () => this.#server?.sendsText(text))
  }

  /** By the client: what is under way may arrive or not. */
  close(): void {
    if (this.#network.dice.happens(0.5)) return this.breaks()
    this.#lastUp = this.#carry(this.#lastUp, () => this.breaks())
  }

  /** Reads nothing for a while. */
  stalls(forMs: number): void {
    this.#server?.stalls()
    this.#network.time.after(forMs, () => this.#server?.readsAgain())
  }

  /** Neither side can reach the other any more. */
  breaks(): void {
    if (this.#isCut) return
    this.#isCut = true
    const { dice, time, weather } = this.#network
    this.#server?.cuts()
    if (dice.happens(weather.silent)) return
    time.after(1 + dice.below(500), () => this.#ends(1006))
  }

  #down(arrive: () => void): void {
    this.#lastDown = this.#carry(this.#lastDown, arrive)
  }

  #carry(last: number, arrive: () => void): number {
    const { dice, time, weather } = this.#network
    if (dice.happens(weather.cut)) time.after(dice.below(weather.delayMsMax), () => this.breaks())
    const at = Math.max(last, time.now() + 1 + dice.below(weather.delayMsMax))
    time.after(at - time.now(), () => {
      if (!this.#isCut) arrive()
    })
    return at
  }

  #ends(code: number): void {
    this.#isCut = true
    this.#network.wires.delete(this)
    this.onclose?.({ code } as CloseEvent)
  }
}
