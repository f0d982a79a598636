import { ROUTES } from '@belfry/protocol/routes.ts'
import type { Room } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import { asks, CALLERS, type Secrets, secretsOf, Tally, type Tells } from './callers.ts'
import { codesOf, KINDS, NAMED, READERS, ROLES, type Role, type Scene, Stage } from './scenes.ts'

interface Line {
  command: string
  /** Where it is asked about several things. */
  about?: string
  input?(stage: Stage): object
  /** In the order of the callers. */
  became: string
  tells?: Tells
  /** Of what: names and texts, unless it says otherwise. */
  secrets?: (scenes: Scene[]) => Secrets
}

const PASSWORD = 'correct horse battery'

const LINES: Line[] = [
  {
    command: 'user.find',
    about: 'the hermit',
    input: () => ({ query: 'hermit' }),
    became: '........UFU',
    tells: { hermit: '++++++-----' },
  },
  {
    command: 'user.find',
    about: 'the owner',
    input: () => ({ query: 'alice' }),
    became: '........UFU',
    tells: { owner: '++++++-+---' },
  },
  {
    command: 'user.list',
    input: ({ hermit, people }) => ({ ids: [hermit.id, people.owner.id] }),
    became: '........UFU',
    tells: { hermit: '++++++-----', owner: '++++++-+---' },
  },
  { command: 'user.search', input: () => ({ query: 'hermit' }), became: 'FFFFF.FFUFU', tells: { hermit: '-----+-----' } },
  {
    command: 'user.update',
    input: ({ hermit }) => ({ id: hermit.id, role: 'member' }),
    became: 'FFFFF.FFUFU',
    tells: { hermit: '-----+-----' },
  },
  {
    command: 'user.set-password',
    input: ({ hermit }) => ({ id: hermit.id, password: PASSWORD }),
    became: 'FFFFF.FFUFU',
    tells: { hermit: '-----+-----' },
  },
  { command: 'user.create', input: () => ({ username: 'hermit', password: PASSWORD }), became: 'FFFFFXFFUFF' },
  { command: 'session.create', input: () => ({ username: 'hermit', password: PASSWORD }), became: 'WWWWWWWWUWW' },
  { command: 'direct.open', about: 'the hermit', input: ({ hermit }) => ({ people: [hermit.id] }), became: '......RRUFU' },
  { command: 'direct.open', about: 'somebody unknown', input: () => ({ people: ['unknown'] }), became: 'RRRRRRRRUFU' },
  {
    command: 'direct.open',
    about: 'the owner',
    input: ({ people }) => ({ people: [people.owner.id] }),
    // With themselves nobody opens one.
    became: '....R.R.UFU',
  },
  { command: 'block.create', about: 'the hermit', input: ({ hermit }) => ({ id: hermit.id }), became: '......NNUFU' },
  { command: 'block.create', about: 'somebody unknown', input: () => ({ id: 'unknown' }), became: 'NNNNNNNNUFU' },
  { command: 'block.end', input: ({ hermit }) => ({ id: hermit.id }), became: 'NNNNNNNNUFU' },
  {
    command: 'room.list',
    became: '........UFU',
    tells: Object.fromEntries(NAMED.map((kind) => [kind, READERS[kind].padEnd(CALLERS.length, '-')])),
  },
  { command: 'room.read-all', input: () => ({ rooms: [{ roomId: 'general', readTo: 1 }] }), became: '........UFU' },
  { command: 'workspace.get', became: '........U..' },
  { command: 'workspace.update', input: () => ({ name: 'Belfry' }), became: 'FFFFF.FFUFU' },
  { command: 'me.get', became: '........UFU', tells: { owner: '----+------' } },
  { command: 'me.update', input: () => ({ name: 'Another name' }), became: '........UFU' },
  { command: 'me.set-preferences', input: () => ({ dndForMs: null }), became: '........UFU' },
  { command: 'me.set-picture', input: () => ({ picture: null }), became: '........UFU', tells: { owner: '----+------' } },
  { command: 'me.set-password', input: () => ({ current: 'a guess', password: PASSWORD }), became: 'PPPPPPPPUFU' },
  { command: 'session.list', became: '........UFU' },
  { command: 'session.end-other', input: ({ hermit }) => ({ id: hermit.device.sessionId }), became: 'NNNNNNNNUFU' },
  { command: 'session.end-others', became: '........UFU' },
  { command: 'session.end', became: '........UFU' },
  {
    command: 'notification.publish',
    about: 'the hermit',
    input: ({ hermit }) => ({ to: hermit.id, title: 'Ring' }),
    became: 'FFFFF.FFU.U',
  },
  { command: 'notification.publish', about: 'somebody unknown', input: () => ({ to: 'unknown', title: 'Ring' }), became: 'FFFFFRFFURU' },
  { command: 'notification.list', became: '........UFU', tells: { bell: '----+------' } },
  { command: 'notification.mark', input: ({ bell }) => ({ id: bell, read: true }), became: 'NNNN.NNNUFU', tells: { bell: '----+------' } },
  { command: 'notification.delete', input: ({ bell }) => ({ id: bell }), became: 'NNNN.NNNUFU' },
  {
    command: 'notification.mark-all',
    input: ({ world }) => ({ epoch: world.store.epoch, upTo: 1, set: { read: true } }),
    became: '........UFU',
  },
  { command: 'invite.create', became: 'FFFFF.FFUFU' },
  { command: 'invite.list', became: 'FFFFF.FFUFU', secrets: idsOf, tells: { open: '-----+-----', news: '-----+-----' } },
  {
    command: 'invite.revoke',
    about: 'the operator’s',
    input: ({ invite }) => ({ id: invite }),
    became: 'FFFFF.FFUFU',
    secrets: idsOf,
    tells: { open: '-----+-----', news: '-----+-----' },
  },
  { command: 'invite.revoke', about: 'an unknown one', input: () => ({ id: 'unknown' }), became: 'FFFFFNFFUFU' },
  { command: 'key.create', input: () => ({ name: 'mine', scopes: ['notify'] }), became: 'FFFFF.FFUFU' },
  { command: 'key.list', became: 'FFFFF.FFUFU' },
  { command: 'key.revoke', input: () => ({ id: 'unknown' }), became: 'FFFFFNFFUFU' },
  { command: 'server.get', became: 'FFFFF.FFUFU' },
]

/** What is asked in a room of one's own, with nobody in it but its host, about another room; or about its name or id as one makes a room. */
interface CrossLine extends Omit<Line, 'input' | 'tells' | 'secrets'> {
  input(scene: Scene, stage: Stage): object
  /** Who is told something of that room. */
  tells?: string
}

const ACROSS: CrossLine[] = [
  { command: 'message.list', about: 'around', input: ({ messages }) => ({ around: messages.owners.id }), became: 'NNNNNNNNUFU' },
  { command: 'message.list', about: 'ids', input: ({ messages }) => ({ ids: [messages.owners.id] }), became: '........UFU' },
  {
    command: 'message.post',
    about: 'replyTo',
    input: ({ messages }) => ({ body: 'yes', replyTo: messages.owners.id }),
    became: 'NNNNNNNNUFU',
  },
  { command: 'message.post', about: 'id', input: ({ messages }) => ({ body: 'mine', id: messages.owners.id }), became: 'CCCCCCCCUFU' },
  {
    command: 'message.edit',
    input: ({ messages: { owners } }) => ({ id: owners.id, body: 'changed', changed: owners.changed }),
    became: 'NNNNNNNNUFU',
  },
  { command: 'message.delete', input: ({ messages }) => ({ id: messages.owners.id }), became: 'NNNNNNNNUFU' },
  { command: 'message.versions', input: ({ messages }) => ({ id: messages.owners.id }), became: 'NNNNNNNNUFU' },
  { command: 'reaction.add', input: ({ messages }) => ({ id: messages.owners.id, emoji: '🎉' }), became: 'NNNNNNNNUFU' },
  { command: 'reaction.remove', input: ({ messages }) => ({ id: messages.owners.id, emoji: '👍' }), became: 'NNNNNNNNUFU' },
  { command: 'member.list', about: 'query', input: () => ({ query: 'hermit' }), became: '........UFU' },
  { command: 'member.add', about: 'the hermit', input: (_, { hermit }) => ({ id: hermit.id }), became: '......NNUFU' },
  {
    command: 'room.create',
    input: ({ room }) => ({ id: room.id, name: 'Mine', kind: 'closed' }),
    became: 'CCCC.CCCUFU',
    tells: '----+------',
  },
]

test.each(LINES)('[A1] [A3] $command $about, by everybody ($became)', async ({ command, input, ...line }) => {
  await using stage = await Stage.open()
  const told = new Tally((line.secrets ?? secretsOf)(await stage.makesAll()))
  const became: string[] = []
  for (const caller of CALLERS) {
    const { code, text } = await asks(stage, caller, { command, input: input?.(stage) ?? {} })
    became.push(code)
    told.hears(caller, text())
  }
  expect(became).toEqual(codesOf(line.became))
  expect(told.tells).toEqual(line.tells ?? {})
})

test.each(ACROSS)('[A3] $command $about, in a room of one’s own about another ($became)', async ({ command, input, ...line }) => {
  await using stage = await Stage.open()
  const homes = await homesIn(stage)
  for (const kind of KINDS) {
    const scene = await stage.makes(kind)
    const told = new Tally(secretsOf([scene]))
    const became: string[] = []
    for (const caller of CALLERS) {
      const roomId = homes.get(caller as Role) ?? scene.room.id
      const { code, text } = await asks(stage, caller, { command, input: { roomId, ...input(scene, stage) } })
      became.push(code)
      told.hears(caller, text())
    }
    expect({ kind, became }).toEqual({ kind, became: codesOf(line.became) })
    expect(told.tells).toEqual(line.tells && NAMED.includes(kind) ? { [kind]: line.tells } : {})
  }
})

test('[A3] a text names members of its room alone, by everybody', async () => {
  await using stage = await Stage.open()
  const homes = await homesIn(stage)
  const everybody = [...Object.values(stage.people), stage.hermit]
  const body = everybody.map(({ user }) => `@${user.username}`).join(' ')
  for (const role of ROLES) {
    const { names } = await stage.people[role].post(body, { roomId: homes.get(role)! })
    expect(names).toEqual({ [stage.people[role].user.username]: stage.people[role].id })
  }
})

test('the tables name every command', () => {
  const named = new Set([...LINES, ...ACROSS].map(({ command }) => command))
  const elsewhere = Object.entries(ROUTES).filter(([, { path }]) => !path.includes(':roomId'))
  expect(elsewhere.map(([name]) => name).filter((name) => !named.has(name))).toEqual([])
})

/** Which rooms there are. */
function idsOf(scenes: Scene[]): Secrets {
  return Object.fromEntries(scenes.map(({ kind, room }) => [kind, [room.id]]))
}

/** For each role an open room with a host whom nobody else knows. */
async function homesIn({ world, people }: Stage): Promise<Map<Role, string>> {
  const host = await world.person('host')
  const homes = new Map<Role, string>()
  for (const role of ROLES) {
    const { id: roomId } = await host.does<Room>('room.create', { name: `Home of ${role}`, kind: 'open' })
    await host.does('member.add', { roomId, id: people[role].id })
    homes.set(role, roomId)
  }
  return homes
}
