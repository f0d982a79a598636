import { describe, expect, test } from 'vitest'
import type { Event } from '#checker/record/journal.ts'
import { digestOf } from '#checker/record/text.ts'
import {
  answered,
  BOB,
  CELLAR,
  change,
  follows,
  posts,
  seen,
  sends,
  shown,
  shows,
  snapshot,
  stored,
  verdictsOn,
  withBob,
} from './history-of.ts'

/** Each of these histories is judged alone: what is `over` owes nobody that it stands where the database does. */
const over = { isOver: true }

test('nothing is said of a history in which everything is right', () => {
  const messages = [stored(1), stored(2, { changed: 3, isEdited: true, body: 'd1 2 edited' })]
  const frames = [
    snapshot(1, { rows: [seen(messages[0]!)] }),
    change(1, 2, { rows: [seen(stored(2))] }),
    change(2, 3, { rows: [seen(messages[1]!)] }),
  ]
  const events = [
    follows,
    0,
    ...posts(1),
    ...posts(2),
    1,
    sends(3, 'message.edit', { id: 'm2', body: 'd1 2 edited' }),
    answered(3),
    2,
    shows(messages.map(shown)),
  ]
  const versions = new Map([['m2', [{ changed: 2, text: digestOf('d1 2') }]]])
  expect(verdictsOn({ messages, frames, events, database: { versions } })).toEqual([])
})

describe('what was answered', () => {
  test('[W2] is lost where it is not stored', () => {
    expect(verdictsOn({ events: posts(1), client: over })).toEqual(['lost W2'])
    expect(verdictsOn({ messages: [stored(1)], events: posts(1), client: over })).toEqual([])
  })

  test('[W2] an edit is lost where neither the message nor what it was says it, unless it was deleted', () => {
    const events = [sends(1, 'message.edit', { id: 'm1', body: 'd1 1 edited' }), answered(1)]
    expect(verdictsOn({ messages: [stored(1)], events, client: over })).toEqual(['lost W2'])
    expect(verdictsOn({ messages: [stored(1, { isDeleted: true, isEdited: true, body: '' })], events, client: over })).toEqual([])
  })

  test('[W2] a deletion is lost where the message stands', () => {
    const events = [sends(1, 'message.delete', { id: 'm1' }), answered(1)]
    expect(verdictsOn({ messages: [stored(1)], events, client: over })).toEqual(['lost W2'])
    expect(verdictsOn({ messages: [stored(1, { isDeleted: true, body: '' })], events, client: over })).toEqual([])
  })

  test('[W2] as refused must not be stored, by the attempts that were', () => {
    expect(verdictsOn({ messages: [stored(1)], events: posts(1, { code: 'not-found' }), client: over })).toEqual(['refused W2'])
    expect(verdictsOn({ messages: [stored(1)], events: posts(1, { code: 'unknown' }), client: over })).toEqual([])
    const again = [...posts(1, { code: 'busy' }), sends(2, 'message.post', { id: 'm1', body: 'd1 1' })]
    expect(verdictsOn({ messages: [stored(1)], events: [...again, answered(2)], client: over })).toEqual([])
    expect(verdictsOn({ messages: [stored(1)], events: [...again, answered(2, { isDuplicate: true })], client: over })).toEqual([
      'refused W2',
    ])
  })

  test('[W2] holds what was so', () => {
    const events = [...posts(1), answered(9, { rows: [seen(stored(7))] })]
    expect(verdictsOn({ messages: [stored(1)], events, client: over })).toEqual(['phantom W2'])
  })

  test('[N1] a notification is lost where it does not stand for its person', () => {
    const row = { id: 'n1', userId: BOB, changed: 1, text: '', key: null, isListed: true, isUnread: false, isUnseen: false }
    const rung = [{ userId: BOB, id: 'n1', ms: 0 }]
    expect(verdictsOn({ history: { rung }, client: over })).toEqual(['lost N1'])
    expect(verdictsOn({ history: { rung }, client: over, database: { notifications: new Map([['n1', row]]) } })).toEqual([])
  })
})

describe('what was written', () => {
  test('[W8] is lost where it is neither stored nor refused for good, by a client that goes on', () => {
    const at = { seq: 0, frames: [snapshot(0)] }
    const stands = [follows, 0, shows([])]
    expect(verdictsOn({ ...at, events: [...posts(1, { code: 'busy' }), ...stands] })).toEqual(['lost W8'])
    expect(verdictsOn({ ...at, events: [...posts(1, { code: 'not-found' }), ...stands] })).toEqual([])
    expect(verdictsOn({ ...at, events: posts(1, { code: 'busy' }), client: over })).toEqual([])
  })

  test('[W8] stands in the order of writing', () => {
    const events = [...posts(1, {}, 'm2'), ...posts(2, {}, 'm1')]
    const messages = [stored(1, { body: 'd1 2' }), stored(2, { body: 'd1 1' })]
    expect(verdictsOn({ messages, events, client: over })).toEqual(['order W8'])
    expect(verdictsOn({ messages: [stored(1), stored(2)], events: [...posts(1), ...posts(2)], client: over })).toEqual([])
  })
})

describe('the database', () => {
  test('[W3] holds what somebody said once', () => {
    expect(verdictsOn({ messages: [stored(1), stored(2, { body: 'd1 1' })], client: over })).toEqual(['doubled W3'])
  })

  test('[W4] numbers the messages of a room 1, 2, 3 …', () => {
    expect(verdictsOn({ messages: [stored(1), stored(3)], posted: 3, client: over })).toEqual(['reordered W4'])
    expect(verdictsOn({ messages: [stored(1)], posted: 2, client: over })).toEqual(['reordered W4'])
  })

  test('[W1] gives each seq once, in the order of the numbers, and none beyond the counter', () => {
    expect(verdictsOn({ messages: [stored(1), stored(2, { changed: 1 })], client: over })).toEqual(['reordered W1'])
    expect(verdictsOn({ messages: [stored(1, { changed: 2 }), stored(2, { changed: 1 })], client: over })).toEqual(['reordered W1'])
    expect(verdictsOn({ messages: [stored(1, { changed: 2, isEdited: true }), stored(2, { changed: 1 })], client: over })).toEqual([])
    expect(verdictsOn({ messages: [stored(1)], seq: 0, client: over })).toEqual(['reordered W1'])
  })

  test('[N2] [N3] rings once for a key, and counts what is unread', () => {
    const row = { userId: BOB, changed: 1, text: '', key: 'build', isListed: true, isUnread: true, isUnseen: true }
    const rows = (...ids: string[]) => new Map(ids.map((id) => [id, { ...row, id }]))
    const counts = new Map([[BOB, { unread: 1, unseen: 1 }]])
    expect(verdictsOn({ client: over, database: { notifications: rows('n1'), counts } })).toEqual([])
    expect(verdictsOn({ client: over, database: { notifications: rows('n1') } })).toEqual(['hole N3'])
    expect(verdictsOn({ client: over, database: { notifications: rows('n1', 'n2'), counts } })).toEqual(['doubled N2', 'hole N3'])
  })
})

describe('of a server that was put back to a backup', () => {
  const before = [stored(1)]
  const after = [stored(1), stored(2, { body: 'd1 3', id: 'm3' })]
  const gone = [{ fromMs: 100, toMs: 200 }]
  const at = (ms: number) => ({ is: 'at', ms }) as const
  const opened = (ms: number) => ({ is: 'opened', ms, door: 0 }) as const
  const era = { messages: after, history: { gone } }

  test('[W2] what was answered is lost, unless it was answered between backup and end', () => {
    const says = (ms: number) => verdictsOn({ ...era, events: [opened(0), at(ms), ...posts(2)], client: over })
    expect(says(50)).toEqual(['lost W2'])
    expect(says(150)).toEqual([])
    expect(says(200)).toEqual(['lost W2'])
  })

  test('[N1] what was rung as well', () => {
    const says = (ms: number) => verdictsOn({ history: { gone, rung: [{ userId: BOB, id: 'n1', ms }] }, client: over })
    expect(says(50)).toEqual(['lost N1'])
    expect(says(150)).toEqual([])
    expect(says(200)).toEqual(['lost N1'])
  })

  test('[W8] what was written is owed, unless its sender knew that it was stored', () => {
    const here = [opened(210), follows, 1, shows(after.map(shown))]
    const frames = [change(1, 2, { rows: [seen(stored(2))] }), snapshot(2, { rows: after.map(seen) })]
    const wrote = posts(2)[0]!
    expect(verdictsOn({ ...era, frames, events: [opened(0), at(150), wrote, at(210), ...here] })).toEqual(['lost W8'])
    expect(verdictsOn({ ...era, frames, events: [opened(0), at(150), ...posts(2), at(210), ...here] })).toEqual([])
    expect(verdictsOn({ ...era, frames, events: [opened(0), at(150), wrote, 0, at(210), ...here] })).toEqual([])
    expect(verdictsOn({ ...era, frames, events: [opened(0), at(50), wrote, 0, at(210), ...here] })).toEqual(['lost W8'])
  })

  test('[W1] [W4] what was told is judged by what stood at the end of its time: numbers are given again', () => {
    const frames = [snapshot(2, { rows: [seen(stored(1)), seen(stored(2))] }), snapshot(2, { rows: after.map(seen) })]
    const events = [opened(0), follows, 0, at(210), opened(210), follows, 1, shows(after.map(shown))]
    expect(verdictsOn({ ...era, frames, events })).toEqual([])
    expect(verdictsOn({ messages: [stored(1), stored(2)], frames, events, history: { untilMs: 200 } })).toEqual([])
    expect(verdictsOn({ messages: before, frames, events, history: { untilMs: 200 } })).toEqual(['phantom W1'])
    expect(verdictsOn({ ...era, frames: frames.toReversed(), events })).toEqual(['phantom W1'])
  })

  test('[F8] nobody goes on from a position of another epoch', () => {
    const from = { is: 'follows', from: { [`room:${CELLAR}`]: 1 } } as const
    const frames = [snapshot(1, { rows: [seen(stored(1))] }), change(1, 2, { rows: [seen(after[1]!)] })]
    const comes = (epoch: string) => [from, { is: 'welcomed', epoch } as const, 1]
    const first = [opened(0), follows, { is: 'welcomed', epoch: 'one' } as const, 0]
    expect(verdictsOn({ messages: after, frames, events: [...first, opened(50), ...comes('one')], client: over })).toEqual([])
    expect(verdictsOn({ messages: after, frames, events: [...first, opened(50), ...comes('two')], client: over })).toEqual(['hole F1'])
    expect(verdictsOn({ ...era, frames, events: [...first, opened(210), ...comes('one')], client: over })).toEqual(['hole F1'])
  })
})

describe('what is told', () => {
  const messages = [stored(1), stored(2)]
  const told = (...frames: ReturnType<typeof change>[]) => ({ messages, frames, events: [follows, ...frames.keys()], client: over })

  test('[F1] goes on where it has ended before', () => {
    expect(verdictsOn(told(snapshot(0), change(0, 2)))).toEqual([])
    expect(verdictsOn(told(snapshot(0), change(1, 2)))).toEqual(['hole F1'])
    expect(verdictsOn(told(change(0, 2)))).toEqual(['hole F1'])
    expect(verdictsOn(told(snapshot(1), change(0, 2)))).toEqual([])
  })

  test('[F1] moves the position with the last of its parts, of which none is missing', () => {
    const part = (at: number, of: number) => change(0, 2, { part: [at, of] })
    expect(verdictsOn(told(snapshot(0), part(0, 3), part(1, 3), part(2, 3), change(2, 2)))).toEqual([])
    expect(verdictsOn(told(snapshot(0), part(0, 3), change(2, 2)))).toEqual(['hole F1'])
    expect(verdictsOn(told(snapshot(0), part(0, 3), part(2, 3)))).toEqual(['hole F1'])
  })

  test('[F1] begins anew with each connection, and when it is asked for anew', () => {
    const opened = { is: 'opened', ms: 5, door: 0 } as const
    const frames = [snapshot(1), change(1, 2)]
    expect(verdictsOn({ messages, frames, events: [follows, 0, opened, 1], client: over })).toEqual(['hole F1'])
    const from = { is: 'follows', from: { [`room:${CELLAR}`]: 1 } } as const
    expect(verdictsOn({ messages, frames, events: [follows, 0, opened, from, 1], client: over })).toEqual([])
  })

  test('is no hole of a node where a line lost what was said, for as long as that connection lasts', () => {
    const at = { ...told(snapshot(0), change(1, 2)), history: { lossy: [{ fromMs: 10, toMs: 20 }] } }
    expect(verdictsOn({ ...at, events: [follows, { is: 'at', ms: 30 }, 0, 1] })).toEqual([])
    // Its time is noted now and then.
    expect(verdictsOn({ ...at, events: [follows, { is: 'at', ms: 2 }, 0, 1], history: { lossy: [{ fromMs: 15, toMs: 20 }] } })).toEqual([])
    expect(verdictsOn({ ...at, events: [follows, { is: 'at', ms: 2 }, 0, 1], history: { lossy: [{ fromMs: 40, toMs: 50 }] } })).toEqual([
      'hole F1',
    ])
    expect(verdictsOn({ ...at, events: [{ is: 'opened', ms: 25, door: 0 }, follows, { is: 'at', ms: 30 }, 0, 1] })).toEqual(['hole F1'])
  })

  test('[W1] was committed, in that state', () => {
    const says = (row: ReturnType<typeof stored>, more: object = {}) =>
      verdictsOn({ ...told(snapshot(0), change(0, 2, { rows: [seen(row)] })), ...more })
    expect(says(stored(2))).toEqual([])
    expect(says(stored(3))).toEqual(['phantom W1'])
    expect(says(stored(2, { changed: 3 }))).toEqual(['phantom W1'])
    expect(says(stored(2, { body: 'something else' }))).toEqual(['phantom W1'])
    expect(says(stored(2, { n: 1 }))).toEqual(['phantom W1'])
  })

  test('[W1] was so before, where it is another now', () => {
    const edited = [stored(1), stored(2, { changed: 3, isEdited: true, body: 'd1 2 edited' })]
    const at = { ...told(snapshot(0), change(0, 2, { rows: [seen(stored(2))] })), messages: edited }
    expect(verdictsOn(at)).toEqual(['phantom W1'])
    expect(verdictsOn({ ...at, database: { versions: new Map([['m2', [{ changed: 2, text: digestOf('d1 2') }]]]) } })).toEqual([])
  })

  test('[W1] of what is deleted was sent to be said', () => {
    const deleted = [stored(1), stored(2, { changed: 3, isDeleted: true, body: '' })]
    const at = { ...told(snapshot(0), change(0, 2, { rows: [seen(stored(2))] })), messages: deleted }
    expect(verdictsOn(at)).toEqual(['phantom W1'])
    expect(verdictsOn({ ...at, events: [...posts(2), ...at.events] })).toEqual([])
  })

  test('[F4] [F5] is in the end all that there is, as it is', () => {
    const rows = messages.map(seen)
    const ends = (...frames: ReturnType<typeof change>[]) => verdictsOn({ messages, frames, events: [follows, ...frames.keys()] })
    expect(ends(snapshot(2, { rows }))).toEqual([])
    expect(ends(snapshot(1, { rows }))).toEqual(['lost F4'])
    expect(ends(snapshot(2, { rows: [rows[0]!] }))).toEqual(['hole F5'])
    expect(ends(snapshot(2, { rows: [rows[1]!], from: 2 }))).toEqual([])
    expect(ends(snapshot(1, { rows: [rows[0]!] }), change(1, 2))).toEqual(['hole F5'])
  })
})

describe('who is told', () => {
  const messages = [stored(1), stored(2), stored(5)]
  const late = change(0, 5, { rows: [seen(stored(5))] })
  const at = { messages, posted: 3, client: over, events: [follows, 0, { is: 'at', ms: 100 } as const, 1] }
  const fairly = (said: string[]) => said.filter((one) => !one.startsWith('reordered'))
  const moved = (...moves: ['in' | 'out', seq: number, fromMs: number][]) => {
    const members = withBob()
    for (const [is, seq, fromMs] of moves) members.moved(CELLAR, BOB, { is, seq, fromMs })
    return members
  }

  test('[A2] is a member then, or asks to be one again', () => {
    const says = (members: ReturnType<typeof withBob>) => fairly(verdictsOn({ ...at, members, frames: [snapshot(0), late] }))
    expect(says(moved())).toEqual([])
    expect(says(moved(['out', 4, 0]))).toEqual(['unauthorised A2'])
    expect(says(moved(['out', 6, 0]))).toEqual([])
    expect(says(moved(['out', 4, 0], ['in', 6, 90]))).toEqual([])
    expect(says(moved(['out', 4, 0], ['in', 6, 200]))).toEqual(['unauthorised A2'])
    expect(says(moved(['out', 3, 0], ['in', 4, 200]))).toEqual([])
  })

  test('[A2] also in short', () => {
    const bump = { ...change(0, 5), t: 'bump' as const, named: [5] }
    expect(fairly(verdictsOn({ ...at, members: moved(['out', 4, 0]), frames: [snapshot(0), bump] }))).toEqual(['unauthorised A2'])
    expect(fairly(verdictsOn({ ...at, members: moved(['out', 4, 0]), frames: [snapshot(0), { ...bump, named: [2] }] }))).toEqual([])
  })

  test("[A1] [N1] is told nobody else's topic, and nobody else's notification", () => {
    const own = snapshot(0, { topic: `user:${BOB}` })
    const others = snapshot(0, { topic: 'user:alice' })
    expect(verdictsOn({ frames: [own], events: [0], client: over })).toEqual([])
    expect(verdictsOn({ frames: [others], events: [0], client: over })).toEqual(['unauthorised A1'])
    const row = { id: 'n1', userId: 'alice', changed: 1, text: 'x', key: null, isListed: true, isUnread: false, isUnseen: false }
    const told = { ...own, rows: [{ kind: 'notification', id: 'n1', roomId: '', n: 0, changed: 1, text: 'x' } as const] }
    const database = { notifications: new Map([['n1', row]]) }
    expect(verdictsOn({ frames: [told], events: [0], client: over, database })).toEqual(['unauthorised N1'])
  })

  test('[A4] is signed in, and has an account', () => {
    const own = snapshot(7, { topic: `user:${BOB}` })
    const ended = (seq: number) => ({ sessionEnds: new Map([['session', seq]]) })
    expect(verdictsOn({ frames: [own], events: [0], client: over, database: ended(8) })).toEqual([])
    expect(verdictsOn({ frames: [own], events: [0], client: over, database: ended(7) })).toEqual(['unauthorised A4'])
    const comes = (ms: number) => [{ is: 'opened', ms, door: 0 } as const, { is: 'welcomed', epoch: 'one' } as const]
    const history = { disabled: new Map([[BOB, 50]]) }
    expect(verdictsOn({ events: comes(40), client: over, history })).toEqual([])
    expect(verdictsOn({ events: comes(60), client: over, history })).toEqual(['unauthorised A4'])
    const told = (ms: number) => verdictsOn({ frames: [own], events: [{ is: 'at', ms }, 0], client: over, history })
    expect(told(60_000)).toEqual([])
    expect(told(61_000)).toEqual(['unauthorised A4'])
  })
})

describe('what is shown', () => {
  const messages = [stored(1), stored(2)]
  const rows = messages.map(seen)
  const items = messages.map(shown)
  const frames = [snapshot(2, { rows })]
  const says = (event: Event, more: object = {}) => verdictsOn({ messages, frames, events: [follows, 0, event], ...more })

  test('[F5] [F7] is all that stands, once, in its order, as it is', () => {
    expect(says(shows(items))).toEqual([])
    expect(says(shows([items[1]!], { isWhole: false }))).toEqual([])
    expect(says(shows([items[0]!], { isNewest: false }))).toEqual([])
    expect(says(shows([items[0]!]))).toEqual(['lost F5'])
    expect(says(shows([], { view: 'loading' }))).toEqual(['lost F7'])
    expect(says(shows(items.toReversed()))).toEqual(['reordered F5'])
    expect(says(shows([...items, items[1]!]))).toEqual(['doubled W3', 'reordered F5'])
    expect(says(shows([items[0]!, { ...items[1]!, text: 'else' }]))).toEqual(['hole F5'])
    expect(says(shows([...items, shown(stored(3))]))).toEqual(['phantom F5'])
    expect(says(shows([...items, { ...shown(stored(3)), n: null }]))).toEqual([])
  })

  test('[A2] is nothing of a room that one has lost', () => {
    const members = withBob()
    members.moved(CELLAR, BOB, { is: 'out', seq: 3, fromMs: 0 })
    expect(says(shows([], { view: 'gone' }), { members })).toEqual([])
    expect(says(shows(items), { members })).toEqual(['unauthorised A2'])
  })

  const row = { userId: BOB, changed: 1, text: '', key: null, isListed: true, isUnread: false, isUnseen: false }
  const notifications = new Map([
    ['n4', { ...row, id: 'n4' }],
    ['n5', { ...row, id: 'n5' }],
    ['n6', { ...row, id: 'n6', userId: 'alice' }],
    ['n7', { ...row, id: 'n7', isListed: false }],
  ])
  const inbox = (ids: string[], more: { unread?: number; isWhole?: boolean } = {}) =>
    says({ is: 'counted', unread: 0, ids, isWhole: true, ...more }, { database: { notifications } })

  test("[N1] [N3] of the inbox is one's own, and counted right", () => {
    expect(inbox(['n5', 'n4'])).toEqual([])
    expect(inbox(['n5'])).toEqual(['lost N1'])
    expect(inbox(['n5'], { isWhole: false })).toEqual([])
    expect(inbox(['n5', 'n4'], { unread: 1 })).toEqual(['hole N3'])
    expect(inbox(['n6', 'n5', 'n4'])).toEqual(['unauthorised N1'])
  })

  test('[F5] [N3] of the inbox is each once, the newest first, and what stands there alone', () => {
    expect(inbox(['n5', 'n5', 'n4'])).toEqual(['doubled F5'])
    expect(inbox(['n4', 'n5'])).toEqual(['reordered F5'])
    expect(inbox(['n4', 'n5'], { isWhole: false })).toEqual(['reordered F5'])
    expect(inbox(['n7', 'n5', 'n4'])).toEqual(['phantom N3'])
    expect(inbox(['n9', 'n5', 'n4'])).toEqual(['phantom F5'])
    expect(inbox(['n4', 'n9'], { isWhole: false })).toEqual(['lost N1', 'reordered F5', 'phantom F5'])
  })
})
