import type { Socket, World } from '@belfry/client/world.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import type { UpFrame } from '@belfry/protocol/up.ts'
import { MemorySocket } from '#server/test/memory-socket.ts'
import type { TestNode } from '#server/test/test-node.ts'
import type { Dice } from '#bench/src/dice.ts'
import { Exchange } from './exchange.ts'
import type { Time } from './time.ts'
import { type Air, BYTES_WEIGH, type Observer, type Weather, type Wire } from './wire.ts'

export const STORM: Weather = { delayMsMax: 60, cut: 0.012, silent: 0.3, heldUp: 0.06 }
export const CALM: Weather = { delayMsMax: 5, cut: 0, silent: 0, heldUp: 0 }
/** Longer than a client waits for an answer: what it sends again overtakes it. */
const HELD_UP_MS_MAX = 30_000

/** What a proxy does with WebSockets. */
export type Proxy = 'passes' | 'refuses' | 'swallows'

/** Between clients and nodes: delays, keeps the order of each direction, cuts. */
export class Network implements Air {
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
  socketsOf(client: { observe(): Observer; proxy(): Proxy }): new (url: string) => Socket {
    const dial = (wire: SocketWire) => this.#dial(wire, client)
    const surroundings = (): [Network, Observer] => [this, client.observe()]
    return class extends SocketWire {
      constructor() {
        super(...surroundings())
        dial(this)
      }
    }
  }

  /** The fetch of one client. */
  fetchOf({ observe }: { observe(): Observer }): NonNullable<World['fetch']> {
    return (address, init) => {
      const exchange = new Exchange(this, address, init)
      exchange.isHeldUp = !exchange.isStream && this.dice.happens(this.weather.heldUp)
      this.#reach(exchange, (node) => exchange.reaches(node, observe), exchange.isHeldUp ? HELD_UP_MS_MAX : this.weather.delayMsMax)
      return exchange.answer
    }
  }

  carry(last: number, wire: Wire, arrive: () => void): number {
    const { dice, time, weather } = this
    if (dice.happens(weather.cut)) time.after(dice.below(weather.delayMsMax), () => wire.breaks())
    const at = Math.max(last, time.now() + 1 + dice.below(weather.delayMsMax))
    time.after(at - time.now(), arrive)
    return at
  }

  #dial(wire: SocketWire, { proxy }: { proxy(): Proxy }): void {
    if (proxy() === 'refuses') this.time.after(1 + this.dice.below(this.weather.delayMsMax), () => wire.isRefused())
    if (proxy() === 'passes') this.#reach(wire, (node) => wire.reaches(node))
  }

  #reach(wire: Wire, reaches: (node: TestNode) => void, withinMs = this.weather.delayMsMax): void {
    this.wires.add(wire)
    this.time.after(1 + this.dice.below(withinMs), () => {
      const nodes = this.#nodes()
      if (nodes.length === 0) wire.breaks()
      else reaches(this.dice.pick(nodes))
    })
  }
}

class SocketWire implements Wire, Socket {
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  /** A cut is noticed late. */
  readonly readyState = 1
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
      this.#observer.told(downFrameIn(text))
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

  /** By a proxy. */
  isRefused(): void {
    if (!this.#isCut) this.#ends(1006)
  }

  #down(arrive: () => void): void {
    this.#lastDown = this.#carry(this.#lastDown, arrive)
  }

  #carry(last: number, arrive: () => void): number {
    return this.#network.carry(last, this, () => {
      if (!this.#isCut) arrive()
    })
  }

  #ends(code: number): void {
    this.#isCut = true
    this.#network.wires.delete(this)
    this.onclose?.({ code } as CloseEvent)
  }
}
