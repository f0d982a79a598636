import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { answer } from './answer.ts'
import { Book } from './book.ts'
import { addressOf, inTurns } from './crowd.ts'
import { LastingFollower } from './lasting-follower.ts'
import { LastingSender } from './lasting-sender.ts'
import { type Cuts, type Losses, type LossJob, type LossResult, type Restarted, THERE_WITHIN_MS, TOLD_WITHIN_MS } from './loss-job.ts'
import { until } from './until.ts'

/** A generator process whose people lose their connections while some of them post, and come back. It does one job, checks all that comes, and ends. */

/** A message that comes twice comes within this time after the last one. */
const SILENCE_MS = 100

answer(work)

async function work(job: LossJob): Promise<LossResult> {
  const { port, ca, tokens, room, losses } = job
  const book = new Book()
  const ends = (token: string, at: number) => ({ port, token, from: addressOf(at), ...(ca && { ca }) })
  const followers = await inTurns(tokens.slice(0, job.followers), async (token, at) => {
    const follower = new LastingFollower(ends(token, at), { room, book })
    await comeOrGiveUp([follower])
    if (follower.hasGivenUp) throw new Error('A follower did not come.')
    return follower
  })
  const senders = tokens.slice(job.followers).map((token, name) => {
    return new LastingSender(ends(token, job.followers + name), { name, room, everyMs: job.postEveryMs })
  })
  for (const sender of senders) sender.post()
  const tookMs = await loseThem(followers, losses)
  const notDelivered = await countMissing({ followers, senders, book })
  for (const { connection } of [...followers, ...senders]) connection.close()
  const gaveUp = followers.filter(({ hasGivenUp }) => hasGivenUp).length
  const turnedAway = [...followers, ...senders].reduce((sum, { connection }) => sum + connection.turnedAway, 0)
  return { tookMs: tookMs.toSorted((one, other) => one - other), notDelivered, gaveUp, turnedAway }
}

async function loseThem(followers: LastingFollower[], losses: Losses): Promise<number[]> {
  if (losses.is === 'cuts') return cutInTurn(followers, losses)
  const { listensAt } = await outlive(followers)
  const back = followers.filter(({ hasGivenUp }) => !hasGivenUp)
  if (losses.is === 'restart') return back.map(({ comings }) => performance.timeOrigin + comings.at(-1)!.liveAt - listensAt)
  return back.flatMap(({ comings }) => comings.slice(1).map(({ lostAt, liveAt }) => liveAt - lostAt))
}

/** Each is cut as often as the others, all at other times. */
async function cutInTurn(followers: LastingFollower[], cuts: Cuts): Promise<number[]> {
  await Promise.all(followers.map((follower, at) => cutAgainAndAgain(follower, (at / followers.length) * cuts.everyMs, cuts)))
  await comeOrGiveUp(followers)
  return followers.flatMap(({ comings }) => comings.slice(1).map(({ helloAt, liveAt }) => liveAt - helloAt))
}

async function cutAgainAndAgain(follower: LastingFollower, firstMs: number, { times, everyMs, forMs }: Cuts): Promise<void> {
  const startedAt = performance.now()
  for (let cut = 0; cut < times; cut++) {
    await wait(Math.max(0, startedAt + firstMs + cut * everyMs - performance.now()))
    await comeOrGiveUp([follower])
    if (follower.hasGivenUp) return
    follower.connection.cut(forMs)
  }
}

/** Says that all are there, and waits until the server was restarted and all are there again. */
async function outlive(followers: LastingFollower[]): Promise<Restarted> {
  const restarted = once(process, 'message')
  process.send!({ is: 'gathered' })
  const [news] = (await restarted) as [Restarted]
  await comeOrGiveUp(followers, { again: true })
  return news
}

/** Waits until all are there, but for those who have given up: whoever takes too long has. `again`: after they were away. */
async function comeOrGiveUp(followers: LastingFollower[], { again = false } = {}): Promise<void> {
  const isAway = ({ connection, isLive }: LastingFollower) => !isLive || (again && connection.losses === 0)
  const away = () => followers.filter((follower) => !follower.hasGivenUp && isAway(follower))
  await until(() => away().length === 0, THERE_WITHIN_MS)
  for (const follower of away()) follower.giveUp()
}

interface Everybody {
  followers: LastingFollower[]
  senders: LastingSender[]
  book: Book
}

/** Everything that was posted must be there, once, at everybody. Answers how many deliveries are missing. */
async function countMissing({ followers, senders, book }: Everybody): Promise<number> {
  for (const sender of senders) sender.stop()
  if (!(await until(() => senders.every(({ isDone }) => isDone), TOLD_WITHIN_MS)))
    throw new Error('The last message of a sender was never acknowledged.')
  const posted = senders.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
  if (posted === 0) throw new Error('Nobody posted anything.')
  await until(() => followers.every(({ told, hasGivenUp }) => hasGivenUp || told >= posted), TOLD_WITHIN_MS)
  await wait(SILENCE_MS)
  if (book.length > posted) throw new Error(`${posted} messages were posted, but ${book.length} were told.`)
  return followers.reduce((sum, { told }) => sum + posted - told, 0)
}
