import type { Kept, KeptNews } from '#kept.ts'
import type { OutboxCommand, OutboxEntry } from '#outbox-entry.ts'
import type { TopicCopy } from '#topic-copy.ts'

/** What every `Kept` does: told in Node of memory, and in a browser of IndexedDB. A story is told to a browser that keeps nothing yet. */
export interface KeptStory {
  title: string
  /** What is seen in the end. */
  told(browser: { tab(userId: string): Kept }): Promise<unknown>
  expected: unknown
}

export const keptStories: KeptStory[] = [
  {
    title: '[F5] a copy is found again as it was written, in its last state',
    async told({ tab }) {
      await tab('alice').putTopics([copy('room:general', 3), copy('workspace', 1)])
      await tab('alice').putTopics([copy('room:general', 5)])
      return tab('alice').topics()
    },
    expected: [copy('room:general', 5), copy('workspace', 1)],
  },
  {
    title: '[F1] a copy only goes forward: a tab that is behind does not set it back',
    async told({ tab }) {
      const [ahead, behind] = [tab('alice'), tab('alice')]
      await ahead.putTopics([copy('room:general', 5)])
      await behind.putTopics([copy('room:general', 4), copy('room:den', 4)])
      return positions(ahead)
    },
    expected: ['room:den e1 4', 'room:general e1 5'],
  },
  {
    title: '[F1] tabs that write at once leave the newest',
    async told({ tab }) {
      const tabs = [tab('alice'), tab('alice'), tab('alice')]
      const seqs = [3, 9, 5, 8, 1, 7]
      await Promise.all(seqs.map((seq, at) => tabs[at % 3]!.putTopics([copy('room:general', seq)])))
      return positions(tabs[0]!)
    },
    expected: ['room:general e1 9'],
  },
  {
    title: 'a copy of the same position takes the place of an earlier one: it may hold more',
    async told({ tab }) {
      const kept = tab('alice')
      await kept.putTopics([copy('room:general', 5)])
      await kept.putTopics([{ ...copy('room:general', 5), windows: { messages: 1 } }])
      return (await kept.topics()).map((value) => (value as TopicCopy).windows)
    },
    expected: [{ messages: 1 }],
  },
  {
    title: '[F3] a copy of another epoch replaces whatever is there',
    async told({ tab }) {
      const kept = tab('alice')
      await kept.putTopics([copy('room:general', 50)])
      await kept.putTopics([copy('room:general', 4, 'e2')])
      return positions(kept)
    },
    expected: ['room:general e2 4'],
  },
  {
    title: 'of the copies some can be removed, or all; what waits to be sent stays',
    async told({ tab }) {
      const kept = tab('alice')
      await kept.outbox([added('one')])
      await kept.putTopics([copy('room:general', 1), copy('room:den', 1), copy('workspace', 1)])
      await kept.removeTopics(['room:den', 'room:nowhere'])
      const some = await positions(kept)
      await kept.removeTopics('all')
      return [some, await positions(kept), await bodies(kept)]
    },
    expected: [['room:general e1 1', 'workspace e1 1'], [], ['1 one']],
  },
  {
    title: 'every command is found again as it was',
    async told({ tab }) {
      await tab('alice').outbox(COMMANDS.map((command, at) => ({ is: 'added', entry: entry(`x${at}`, command) })))
      return tab('alice').outbox([])
    },
    get expected() {
      return COMMANDS.map((command, at) => ({ ...entry(`x${at}`, command), order: at + 1 }))
    },
  },
  {
    title: '[W8] the order of storing is one for all tabs',
    async told({ tab }) {
      const [a, b] = [tab('alice'), tab('alice')]
      await a.outbox([added('one'), added('two')])
      await b.outbox([added('three')])
      await a.outbox([added('four')])
      await b.outbox([{ is: 'removed', entryIds: ['two'] }, added('five')])
      return bodies(a)
    },
    expected: ['1 one', '3 three', '4 four', '5 five'],
  },
  {
    title: 'an entry that another tab has removed is not brought back by its next state',
    async told({ tab }) {
      const [a, b] = [tab('alice'), tab('alice')]
      await a.outbox([added('one'), added('two')])
      await b.outbox([{ is: 'removed', entryIds: ['one'] }])
      await a.outbox([{ is: 'put', entry: { ...post('one'), tries: 1 }, inPlaceOf: 'one' }])
      return bodies(a)
    },
    expected: ['2 two'],
  },
  {
    title: '[W8] an entry keeps its place in its next state, also under another id',
    async told({ tab }) {
      const kept = tab('alice')
      await kept.outbox([added('one'), added('two'), added('three')])
      await kept.outbox([
        { is: 'put', entry: { ...post('uno'), order: 99 }, inPlaceOf: 'one' },
        { is: 'put', entry: { ...post('two'), tries: 1 }, inPlaceOf: 'two' },
      ])
      return [await bodies(kept), (await kept.outbox([])).map(({ tries }) => tries)]
    },
    expected: [
      ['1 uno', '2 two', '3 three'],
      [0, 1, 0],
    ],
  },
  {
    title: 'what cannot be kept leaves nothing of its transaction behind',
    async told({ tab }) {
      const kept = tab('alice')
      const unfit = { ...post('unfit'), failure: (() => undefined) as never }
      const outcome = await kept.outbox([added('one'), { is: 'added', entry: unfit }]).catch(() => 'refused')
      const copies = kept.putTopics([copy('workspace', 1), { ...copy('room:general', 1), rows: (() => undefined) as never }])
      return [outcome, await copies.catch(() => 'refused'), await bodies(kept), await positions(kept)]
    },
    expected: ['refused', 'refused', [], []],
  },
  {
    title: 'the other tabs are told that the outbox is another, and whoever did it is not',
    async told({ tab }) {
      const [a, b, ofBob] = [tab('alice'), tab('alice'), tab('bob')]
      const heard: string[] = []
      a.onNews((news) => heard.push(`a ${news}`))
      ofBob.onNews((news) => heard.push(`bob ${news}`))
      const told = nextNews(b)
      await a.outbox([added('one')])
      heard.push(`b ${await told}`)
      return heard
    },
    expected: ['b outbox'],
  },
  {
    title: 'what only looks tells nobody',
    async told({ tab }) {
      const [a, b] = [tab('alice'), tab('alice')]
      const heard: KeptNews[] = []
      b.onNews((news) => heard.push(news))
      await a.outbox([])
      await a.putTopics([copy('workspace', 1)])
      const told = nextNews(b)
      await a.outbox([added('one')])
      await told
      return heard
    },
    expected: ['outbox'],
  },
  {
    title: 'forgetting deletes all of one account, for every tab, and nothing of another',
    async told({ tab }) {
      const [a, b, ofBob] = [tab('alice'), tab('alice'), tab('bob')]
      for (const kept of [a, ofBob]) {
        await kept.putTopics([copy('workspace', 1)])
        await kept.outbox([added('one')])
      }
      const told = nextNews(b)
      await a.forget()
      const late = b.putTopics([copy('workspace', 9)]).catch(() => undefined)
      const news = await told
      await late
      const refused = await b.outbox([added('late')]).catch(() => 'refused')
      const anew = tab('alice')
      return [news, refused, await positions(anew), await bodies(anew), await positions(ofBob), await bodies(ofBob)]
    },
    expected: ['forgotten', 'refused', [], [], ['workspace e1 1'], ['1 one']],
  },
  {
    title: 'what was asked before closing is done; afterwards nothing is',
    async told({ tab }) {
      const kept = tab('alice')
      const asked = kept.outbox([added('one')])
      kept.close()
      await asked
      return [await kept.topics().catch(() => 'refused'), await bodies(tab('alice'))]
    },
    expected: ['refused', ['1 one']],
  },
]

const COMMANDS: OutboxCommand[] = [
  { name: 'message.post', input: { roomId: 'general', id: 'm1', body: 'one' } },
  { name: 'message.edit', input: { roomId: 'general', id: 'm1', body: 'uno', changed: 4 } },
  { name: 'message.delete', input: { roomId: 'general', id: 'm1' } },
  { name: 'notification.mark', input: { id: 'n1', read: true } },
  { name: 'notification.mark', input: { id: 'n1', archived: false, changed: 3 } },
  { name: 'notification.mark-all', input: { epoch: 'e1', upTo: 10, set: { seen: true } } },
  { name: 'notification.delete', input: { id: 'n1' } },
]

function copy(topic: string, seq: number, epoch = 'e1'): TopicCopy {
  return { topic, epoch, seq, windows: { messages: null }, rows: {}, openedAt: 7 }
}

function entry(entryId: string, command: OutboxCommand): OutboxEntry {
  const unsent = { tries: 0, sentAt: null, openUntil: 0, failure: null, isIdLost: false }
  return { ...command, entryId, order: 0, createdAt: 1, epoch: null, ...unsent }
}

function post(body: string): OutboxEntry {
  return entry(body, { name: 'message.post', input: { roomId: 'general', id: body, body } })
}

function added(body: string) {
  return { is: 'added', entry: post(body) } as const
}

async function positions(kept: Kept): Promise<string[]> {
  const copies = (await kept.topics()) as TopicCopy[]
  return copies.map(({ topic, epoch, seq }) => `${topic} ${epoch} ${seq}`).toSorted()
}

async function bodies(kept: Kept): Promise<string[]> {
  return (await kept.outbox([])).map(({ order, entryId }) => `${order} ${entryId}`)
}

function nextNews(kept: Kept): Promise<KeptNews> {
  return new Promise((resolve) => void kept.onNews(resolve))
}
