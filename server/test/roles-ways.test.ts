import { ROUTES } from '@belfry/protocol/routes.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { expect, test } from 'vitest'
import { asks, type Caller, CALLERS, type Secrets, secretsOf, Tally, type Tells, tokenOf } from './callers.ts'
import { codesOf, KINDS, type Kind, READERS, type Role, ROLES, type Scene, Stage } from './scenes.ts'
import { Screen } from './screen.ts'
import { settles } from './settle.ts'

/** How topics are followed. Answers all that was told until it is asked. */
type Follows = (stage: Stage, caller: Caller, topics: string[]) => Promise<() => string>

const WAYS: { way: string; route?: string; follows: Follows }[] = [
  {
    way: 'in the hello of a socket',
    follows: async (stage, caller, topics) => {
      const screen = await new Screen(stage.node.server).hello(
        tokenOf(stage, caller) ?? '',
        topics.map((topic) => [topic]),
      )
      return () => JSON.stringify(screen.frames)
    },
  },
  {
    way: 'over a socket, one by one',
    follows: async (stage, caller, topics) => {
      const screen = await new Screen(stage.node.server).hello(tokenOf(stage, caller) ?? '')
      if (!screen.socket.closed) for (const topic of topics) await screen.follows(topic)
      return () => JSON.stringify(screen.frames)
    },
  },
  {
    way: 'over a stream',
    route: '/api/v1/stream',
    follows: async (stage, caller, topics) => (await asks(stage, caller, { path: `/api/v1/stream?follow=${topics.join()}` })).text,
  },
  {
    way: 'over streams of one topic',
    route: '/api/v1/topics/:topic/changes',
    follows: async (stage, caller, topics) => {
      const answers = await Promise.all(topics.map((topic) => asks(stage, caller, { path: `/api/v1/topics/${topic}/changes` })))
      return () => answers.map(({ text }) => text()).join('\n')
    },
  },
]

/** Of everything in the world: who is told of it who tries to follow all that there is. */
const FOLLOWED = {
  ...Object.fromEntries(KINDS.map((kind) => [kind, `${READERS[kind]}---`])),
  hermit: '++++++-----',
  owner: '++++++-+---',
  bell: '----+------',
} satisfies Tells

test.each(WAYS)('[A1] [A3] everybody tries to follow everything $way', async ({ follows }) => {
  await using stage = await Stage.open()
  const scenes = await stage.makesAll()
  const topics = [...scenes.map(({ room }) => roomTopic(room.id)), 'workspace', stage.people.owner.topic]
  const [held, later] = [new Tally(secretsOf(scenes)), new Tally(LATER)]
  const told = new Map<Caller, () => string>()
  for (const caller of CALLERS) told.set(caller, await follows(stage, caller, topics))
  for (const [caller, text] of told) held.hears(caller, text())
  expect(held.tells).toEqual(FOLLOWED)

  await happens(stage, scenes)
  for (const [caller, text] of told) later.hears(caller, text())
  expect(later.tells).toEqual(FOLLOWED)
})

/** In the order of the roles: whose typing is told, to all others who read there. */
const TYPISTS: Record<Kind, string> = {
  open: '--+++--+',
  closed: '--+++--+',
  archived: '--------',
  news: '---++---',
  direct: '--+++--+',
  pair: '----+---',
}

test.each(KINDS)('[A1] everybody types, in a room of the kind %s', async (kind) => {
  await using stage = await Stage.open()
  const scene = await stage.makes(kind)
  const topic = roomTopic(scene.room.id)
  for (const screen of stage.screens.values()) await screen.follows(topic)
  for (const [at, role] of ROLES.entries()) {
    stage.screens.get(role)!.sends({ t: 'signal', name: 'typing', topic })
    await settles()
    const heard = ROLES.map((other) => (signals(stage, other).some((text) => text.includes(stage.people[role].id)) ? '+' : '-'))
    const readers = READERS[kind].slice(0, at) + '-' + READERS[kind].slice(at + 1)
    expect({ role, heard: heard.join('') }).toEqual({ role, heard: TYPISTS[kind][at] === '+' ? readers : '--------' })
  }
})

/** In the order of the roles: who is told of whose presence. All but guests are in General together. */
const PRESENT: Record<'hermit' | Role, string> = {
  hermit: '++++++--',
  outsider: '++++++--',
  removed: '++++++--',
  member: '++++++-+',
  moderator: '++++++-+',
  owner: '++++++-+',
  admin: '++++++--',
  guest: '------+-',
  visitor: '--+++--+',
}

// Whoever is in a pair here is in General with the other, too.
test.each(KINDS.filter((kind) => kind !== 'pair'))('[A1] everybody looks who is there, with a room of the kind %s', async (kind) => {
  await using stage = await Stage.open()
  await stage.makes(kind)
  await stage.hermit.opens(stage.node)
  const people = { hermit: stage.hermit, ...stage.people }
  const ids = Object.values(people).map(({ id }) => id)
  for (const screen of stage.screens.values()) screen.sends({ t: 'signal', name: 'look', ids })
  await settles()
  for (const [name, { id }] of Object.entries(people)) {
    const told = ROLES.map((role) => (signals(stage, role).some((text) => text.includes(id)) ? '+' : '-'))
    expect({ name, told: told.join('') }).toEqual({ name, told: PRESENT[name as keyof typeof PRESENT] })
  }
})

/** What is no command; in the order of the callers, what becomes of it. */
const ADDRESSES: { route: string; asked?: (stage: Stage) => string; became: string }[] = [
  { route: '/api/v1/openapi.json', became: '...........' },
  { route: '/health', became: '...........' },
  // A key that may, and whoever sits at the server itself.
  { route: '/metrics', became: 'NNNNNNNNN..' },
  {
    route: '/api/v1/users/:id/pictures/:picture',
    asked: ({ hermit, picture }) => `/api/v1/users/${hermit.id}/pictures/${picture}`,
    became: '......NNUNN',
  },
]

test.each(ADDRESSES)('[A1] [A3] everybody asks for $route ($became)', async ({ route, asked, became }) => {
  await using stage = await Stage.open()
  const told = new Tally(secretsOf(await stage.makesAll()))
  const codes: string[] = []
  for (const caller of CALLERS) {
    const { code, text } = await asks(stage, caller, { path: asked?.(stage) ?? route })
    codes.push(code)
    told.hears(caller, text())
  }
  expect({ codes, tells: told.tells }).toEqual({ codes: codesOf(became), tells: {} })
})

test('the tables name every address', async () => {
  await using stage = await Stage.open()
  const commands = Object.values(ROUTES).map(({ method, path }) => `${method} /api/v1${path}`)
  const others = [...ADDRESSES, ...WAYS].flatMap(({ route }) => (route ? [`GET ${route}`] : []))
  expect((await stage.node.routes()).toSorted()).toEqual([...commands, ...others].toSorted())
})

const LATER: Secrets = {
  ...Object.fromEntries(KINDS.map((kind) => [kind, [`Later in ${kind}`]])),
  hermit: ['Later name of the hermit'],
  owner: ['Later name of the owner'],
  bell: ['Later title'],
}

async function happens({ world, node, people, hermit }: Stage, scenes: Scene[]): Promise<void> {
  const { owner } = people
  for (const { kind, room } of scenes) {
    const [news] = LATER[kind]!
    if (kind === 'archived') await owner.does('room.update', { roomId: room.id, description: news })
    else await owner.post(news!, { roomId: room.id })
  }
  await hermit.does('me.update', { name: LATER.hermit![0] })
  await owner.does('me.update', { name: LATER.owner![0] })
  await world.notifies(owner.id, { title: LATER.bell![0]! })
  await settles()
  node.realtime.feeds.tellWatchers()
  await settles()
}

function signals(stage: Stage, role: Role): string[] {
  return stage.screens
    .get(role)!
    .told('signal')
    .map((frame) => JSON.stringify(frame))
}
