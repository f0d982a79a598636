import type { VerdictKind } from '#checker/judge/verdict.ts'

/** One exact piece of a source file, and what is put in its place. */
export interface Piece {
  /** From the root of the repository. */
  file: string
  from: string
  to: string
}

/** A mistake that is made on purpose, and what the checker must say of it. */
export interface Plant {
  /** In the words of a report. */
  name: string
  says: VerdictKind
  /** And by which rule, where a run that stands still says the same by another. */
  by?: string
  where: 'nodes' | 'clients'
  nodes: 1 | 2
  /** Faults that bring it to light: those whose names begin so. */
  faults: string[]
  pieces: Piece[]
}

const LOST_ANSWERS = ['a node is killed', 'the line to a client breaks', 'nothing passes between clients and a node, and connections are']
const RESTORE = ['the server is put back']

/** What was not heard is looked for neither now and then nor where something is missing. */
const NOTHING_LOOKED_FOR: Piece[] = [
  { file: 'server/src/realtime/feeds.ts', from: '    if (this.#feeds.size === 0) return\n', to: '    return\n' },
  { file: 'server/src/realtime/feed.ts', from: '      if (announcement.prev > this.#told) return this.#lookUp()\n', to: '' },
]

export const plants: readonly Plant[] = [
  {
    name: 'a write is answered before its commit, which then fails',
    says: 'lost',
    by: 'W2',
    where: 'nodes',
    nodes: 1,
    faults: [],
    pieces: [
      {
        file: 'server/src/store/sqlite/run-batch.ts',
        from: '  commit(context.connection)\n',
        to: `  if (Math.random() < 0.05) {
    context.connection.exec('ROLLBACK')
    return { ...allOf(done), announcements: [] }
  }
  commit(context.connection)
`,
      },
    ],
  },
  {
    name: 'a write is announced before its commit, which then fails',
    says: 'phantom',
    where: 'nodes',
    nodes: 1,
    faults: [],
    pieces: [
      {
        file: 'server/src/store/sqlite/run-batch.ts',
        from: '  commit(context.connection)\n',
        to: `  if (Math.random() < 0.05) {
    context.connection.exec('ROLLBACK')
    const { announcements } = allOf(done)
    return { ...forAll(writes, { is: 'failed', failure: 'planted', because: 'unreachable' }), announcements: joinAnnouncements(announcements) }
  }
  commit(context.connection)
`,
      },
    ],
  },
  {
    name: 'what is stored is answered as refused',
    says: 'refused',
    where: 'nodes',
    nodes: 1,
    faults: [],
    pieces: [
      {
        file: 'server/src/store/write.ts',
        from: '        return one.resolve(outcome.result)\n',
        to: "        return Math.random() < 0.1 ? one.reject(failureRefusal('locked')) : one.resolve(outcome.result)\n",
      },
    ],
  },
  {
    name: 'the id of a message is not looked up',
    says: 'doubled',
    where: 'nodes',
    nodes: 1,
    faults: LOST_ANSWERS,
    pieces: [
      {
        file: 'server/src/chat/post-message.ts',
        from: '  const id = input.id ?? uuidv7()\n  const earlier = known.earlier.get(id) ?? known.drafts.get(id)\n',
        to: '  const id = input.id === undefined || known.earlier.has(input.id) ? uuidv7() : input.id\n  const earlier = known.drafts.get(id)\n',
      },
    ],
  },
  {
    name: 'an announcement that was lost is never noticed',
    says: 'hole',
    where: 'nodes',
    nodes: 1,
    faults: [],
    pieces: [
      {
        file: 'server/src/bus/memory.ts',
        from: 'for (const announcement of announcements) for (const listener of listeners)',
        to: 'for (const announcement of announcements) if (Math.random() > 0.05) for (const listener of listeners)',
      },
      ...NOTHING_LOOKED_FOR,
    ],
  },
  {
    name: 'a part of the rows of a catch-up is left out',
    says: 'hole',
    where: 'nodes',
    nodes: 1,
    faults: LOST_ANSWERS,
    pieces: [
      {
        file: 'server/src/realtime/catch-up.ts',
        from: "  if (rows) return { is: 'rows', prev: from!, rows: await seen(db, rows, sight) }\n",
        to: "  if (rows) return { is: 'rows', prev: from!, rows: await seen(db, { ...rows, message: rows.message?.slice(1) }, sight) }\n",
      },
    ],
  },
  {
    name: 'a change is told across a hole',
    says: 'hole',
    where: 'nodes',
    nodes: 1,
    faults: [],
    pieces: [
      {
        file: 'server/src/realtime/feed.ts',
        from: '    const change = { prev: this.#told!, seq, rows }\n',
        to: '    const change = { prev: Math.random() < 0.05 ? this.#told! + 1 : this.#told!, seq, rows }\n',
      },
    ],
  },
  {
    name: 'the end of a membership is no barrier',
    says: 'unauthorised',
    where: 'nodes',
    nodes: 1,
    faults: [],
    pieces: [
      {
        file: 'server/src/realtime/feed.ts',
        from: '    const barrier = barrierOf(this.topic, change.rows)\n',
        to: '    const barrier = null as ReturnType<typeof barrierOf>\n',
      },
    ],
  },
  {
    name: 'whoever catches up is not asked for their right',
    says: 'unauthorised',
    where: 'nodes',
    nodes: 1,
    faults: [],
    pieces: [
      {
        file: 'server/src/realtime/catch-up.ts',
        from: '  const sights = await sightsOf(db, asks)\n',
        to: '  const sights = (await sightsOf(db, asks)).map((sight) => sight ?? { after: 0, since: 0, guestId: null })\n',
      },
    ],
  },
  {
    name: 'the end of a session closes nothing',
    says: 'unauthorised',
    where: 'nodes',
    nodes: 1,
    faults: [],
    pieces: [{ file: 'server/src/topics.ts', from: '    barrier: endedSessions,\n', to: '    barrier: () => null,\n' }],
  },
  {
    name: 'a notification is announced to another person',
    says: 'unauthorised',
    where: 'nodes',
    nodes: 1,
    faults: [],
    pieces: [
      {
        file: 'server/src/notifications/inbox.ts',
        from: 'topic: userTopic(userId), row: after,',
        to: 'topic: userTopic(changes[0]!.userId), row: after,',
      },
    ],
  },
  {
    name: "a topic's counter is not locked",
    says: 'reordered',
    where: 'nodes',
    nodes: 2,
    faults: [],
    pieces: [
      { file: 'server/src/store/postgres/locks.ts', from: '  lock: lockTopics,\n', to: '  lock: async () => {},\n' },
      { file: 'server/src/store/postgres/run-batch.ts', from: '      await lockName(connection.db, laneOf(writes[0]!))\n', to: '' },
      {
        file: 'server/src/store/topics.ts',
        from: '    for (const counter of await takeSeqs(db, values)) taken.set(counter.topic as Topic, counter)\n',
        to: `    const held = await db.selectFrom('topics').selectAll().where('topic', 'in', some.map(({ topic }) => topic)).execute()
    for (const { topic, seqs, posted } of some) {
      const before = held.find((one) => one.topic === topic) ?? { seq: 0, posted: 0 }
      const counter = { topic, floor: 0, seq: before.seq + seqs, posted: before.posted + posted }
      await db.insertInto('topics').values(counter).onConflict((conflict) => conflict.column('topic').doUpdateSet(counter)).execute()
      taken.set(topic, counter)
    }
`,
      },
    ],
  },
  {
    name: 'a commit that PostgreSQL has not answered counts as stored',
    says: 'lost',
    by: 'W2',
    where: 'nodes',
    nodes: 2,
    faults: ['PostgreSQL is killed before the commit has arrived'],
    pieces: [
      {
        file: 'server/src/store/postgres/run-batch.ts',
        from: "    throw isUnreachable(error) ? new UnknownCommit('the commit was not answered', { cause: error }) : error\n",
        to: '    if (!isUnreachable(error)) throw error\n',
      },
    ],
  },
  {
    name: 'what another node has said is neither heard nor looked for',
    says: 'hole',
    where: 'nodes',
    nodes: 2,
    faults: [],
    pieces: [
      {
        file: 'server/src/bus/redis.ts',
        from: '    this.#here.publish(envelope.announcements)\n',
        to: '    if (Math.random() > 0.05) this.#here.publish(envelope.announcements)\n',
      },
      ...NOTHING_LOOKED_FOR,
    ],
  },
  {
    name: 'the epoch is kept by a restore',
    says: 'hole',
    where: 'nodes',
    nodes: 1,
    faults: RESTORE,
    pieces: [
      {
        file: 'server/src/store/epoch.ts',
        from: "  if (numDeletedRows > 0n) await db.deleteFrom('meta').where('key', '=', KEY).execute()\n",
        to: '',
      },
    ],
  },
  {
    name: 'what a client holds outlives its epoch',
    says: 'phantom',
    where: 'clients',
    nodes: 1,
    faults: RESTORE,
    pieces: [
      {
        file: 'client/src/topic.ts',
        from: '  #replace(frame: Snapshot): Taken {\n    this.#rows.clear()\n',
        to: '  #replace(frame: Snapshot): Taken {\n    if (!this.#position || this.#position.epoch === frame.epoch) this.#rows.clear()\n',
      },
    ],
  },
  {
    name: 'what waits longest is sent last',
    says: 'order',
    where: 'clients',
    nodes: 1,
    faults: LOST_ANSWERS,
    pieces: [
      {
        file: 'client/src/outbox.ts',
        from: '    const seen = new Set<Lane>()\n    for (const entry of this.#entries.all) {\n',
        to: '    const seen = new Set<Lane>()\n    for (const entry of this.#entries.all.toReversed()) {\n',
      },
    ],
  },
]

export function plantNamed(name: string): Plant {
  const plant = plants.find((one) => one.name === name)
  if (!plant) throw new Error(`Nothing named ${name} is planted.`)
  return plant
}
