/** What is asked of a generator process, and what it answers. */

/** What the senders do. In `latency` one message is under way at a time, in `broadcast` many, in `acknowledged` one of each sender. */
export type Shape =
  | { is: 'latency'; warmUpMessages: number; messages: number }
  | { is: 'broadcast'; inFlight: number; warmUpMs: number; measureMs: number }
  | { is: 'acknowledged'; warmUpMs: number; measureMs: number }

export type DialectName = 'belfry' | 'ws-loop' | 'socket-io'

export interface Job {
  dialect: DialectName
  /** Of one server or several: people are spread over them in turn. */
  ports: number[]
  /** Whose processor time is counted beside the generator's own. */
  serverPids: number[]
  /** Of signed-in people: one for each connection. */
  tokens: string[]
  /** People are spread over them in turn. */
  rooms: string[]
  followers: number
  senders: number
  shape: Shape
}

/** Of the time that was measured. */
export interface JobResult {
  /** By name: `p50` and `p99` in milliseconds, or how many `aSecond`. */
  figures: Record<string, number>
  /** Everything that was received and checked, warming up included. */
  deliveries: number
  /** Whether what was in flight at the end all arrived in time. */
  isWhole: boolean
  /** What one follower had to read for one message. */
  bytesPerDelivery: number
  /** Of one core: 1 is 100 %. */
  serverCpu: number
  generatorCpu: number
  /** The server's processor time for one delivery, microseconds. */
  serverMicros: number
  /** What of that passed in the kernel. */
  kernelMicros: number
}
