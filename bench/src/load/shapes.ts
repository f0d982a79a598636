import { setTimeout as wait } from 'node:timers/promises'
import { percentile } from '#statistics.ts'
import type { Crowd } from './crowd.ts'
import type { Shape } from './job.ts'

/** Called when the time that counts begins and ends. */
export interface Stopwatch {
  start(): void
  stop(): void
}

type Of<Is extends Shape['is']> = Extract<Shape, { is: Is }>

/** Sends as the shape says and answers its figures. When it resolves, no more is sent, but some may still be under way. */
export function run(crowd: Crowd, shape: Shape, stopwatch: Stopwatch): Promise<Record<string, number>> {
  switch (shape.is) {
    case 'latency':
      return latency(crowd, shape, stopwatch)
    case 'broadcast':
      return broadcast(crowd, shape, stopwatch)
    case 'acknowledged':
      return acknowledged(crowd, shape, stopwatch)
    default:
      return shape satisfies never
  }
}

/** The next message is sent when every follower has the last one. The delays of all receivers are taken together. */
async function latency({ rooms, senders }: Crowd, shape: Of<'latency'>, stopwatch: Stopwatch): Promise<Record<string, number>> {
  const postOne = (sender: number) =>
    new Promise<void>((resolve) => {
      rooms.onComplete = () => resolve()
      senders[sender % senders.length]!.post()
    })
  for (let at = 0; at < shape.warmUpMessages; at++) await postOne(at)
  const delays: number[] = []
  rooms.delays = delays
  stopwatch.start()
  for (let at = 0; at < shape.messages; at++) await postOne(at)
  stopwatch.stop()
  rooms.delays = null
  delays.sort((one, other) => one - other)
  return { p50: percentile(delays, 0.5) / 1000, p99: percentile(delays, 0.99) / 1000 }
}

/** A message is in flight until its last follower has it; then the next sender's turn has come. */
async function broadcast({ rooms, senders }: Crowd, shape: Of<'broadcast'>, stopwatch: Stopwatch): Promise<Record<string, number>> {
  let turn = 0
  const post = (messages: number) => {
    const sharing = Math.min(messages, senders.length)
    for (let at = 0; at < sharing; at++) senders[turn++ % senders.length]!.post(Math.floor((messages + at) / sharing))
  }
  rooms.onComplete = post
  post(shape.inFlight)
  const aSecond = await measured(() => rooms.deliveries, shape, stopwatch)
  rooms.onComplete = () => {}
  return { aSecond }
}

/** Each sender posts again when its last message was acknowledged. */
async function acknowledged({ senders }: Crowd, shape: Of<'acknowledged'>, stopwatch: Stopwatch): Promise<Record<string, number>> {
  for (const sender of senders) {
    sender.onAcknowledged = () => sender.post()
    sender.post()
  }
  const aSecond = await measured(() => senders.reduce((sum, sender) => sum + sender.acknowledged, 0), shape, stopwatch)
  for (const sender of senders) sender.onAcknowledged = () => {}
  return { aSecond }
}

/** By how much it grows in a second, after warming up. */
async function measured(count: () => number, time: { warmUpMs: number; measureMs: number }, stopwatch: Stopwatch): Promise<number> {
  await wait(time.warmUpMs)
  const [before, startedAt] = [count(), performance.now()]
  stopwatch.start()
  await wait(time.measureMs)
  stopwatch.stop()
  return (count() - before) / ((performance.now() - startedAt) / 1000)
}
