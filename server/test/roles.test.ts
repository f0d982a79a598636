import { ROUTES } from '@belfry/protocol/routes.ts'
import { expect, test } from 'vitest'
import { codesOf, KINDS, reads, ROLES, type Scene, Stage } from './scenes.ts'

interface Line {
  command: string
  input(scene: Scene): object
  open: string
  closed: string
  archived: string
  /** Open, and moderators write alone. */
  news: string
  /** A group that somebody has left. */
  direct: string
  /** The owner's with one other person. */
  pair: string
}

const LINES: Line[] = [
  {
    command: 'message.list',
    input: () => ({}),
    open: '......N.',
    closed: 'NN...NN.',
    archived: '......N.',
    news: '......N.',
    direct: 'NN...NN.',
    pair: 'NNNN.NNN',
  },
  {
    command: 'message.list',
    input: ({ messages }) => ({ around: messages.owners.id }),
    open: '......N.',
    closed: 'NN...NN.',
    archived: '......N.',
    news: '......N.',
    direct: 'NN...NN.',
    pair: 'NNNN.NNN',
  },
  {
    command: 'message.list',
    input: ({ messages }) => ({ ids: [messages.owners.id] }),
    open: '......N.',
    closed: 'NN...NN.',
    archived: '......N.',
    news: '......N.',
    direct: 'NN...NN.',
    pair: 'NNNN.NNN',
  },
  {
    command: 'member.list',
    input: () => ({}),
    open: '......N.',
    closed: 'NN...NN.',
    archived: '......N.',
    news: '......N.',
    direct: 'NN...NN.',
    pair: 'NNNN.NNN',
  },
  {
    command: 'message.post',
    input: () => ({ body: 'hello' }),
    open: 'NN...NN.',
    closed: 'NN...NN.',
    archived: 'NNAAANNA',
    news: 'NNF..NNF',
    direct: 'NN...NN.',
    pair: 'NNNN.NNN',
  },
  {
    command: 'message.edit',
    input: ({ messages: { owners } }) => ({ id: owners.id, body: 'changed', changed: owners.changed }),
    open: 'NNNN.NNN',
    closed: 'NNNN.NNN',
    archived: 'NNNNANNN',
    news: 'NNNN.NNN',
    direct: 'NNNN.NNN',
    pair: 'NNNN.NNN',
  },
  {
    command: 'message.delete',
    input: ({ messages: { others } }) => ({ id: others.id }),
    open: 'NNN..NNN',
    closed: 'NNN..NNN',
    archived: 'NNN..NNN',
    news: 'NNN..NNN',
    direct: 'NNNNNNNN',
    pair: 'NNNNNNNN',
  },
  {
    command: 'room.update',
    input: () => ({ description: 'new' }),
    open: 'FFF...NF',
    closed: 'NNF..NNF',
    archived: 'FFF...NF',
    news: 'FFF...NF',
    direct: 'NNFFFNNF',
    pair: 'NNNNFNNN',
  },
  {
    command: 'message.versions',
    input: ({ messages }) => ({ id: messages.owners.id }),
    open: '......N.',
    closed: 'NN...NN.',
    archived: '......N.',
    news: '......N.',
    direct: 'NN...NN.',
    pair: 'NNNN.NNN',
  },
  {
    command: 'reaction.add',
    input: ({ messages }) => ({ id: messages.owners.id, emoji: '🎉' }),
    open: 'NN...NN.',
    closed: 'NN...NN.',
    archived: 'NNAAANNA',
    news: 'NN...NN.',
    direct: 'NN...NN.',
    pair: 'NNNN.NNN',
  },
  {
    command: 'reaction.remove',
    input: ({ messages }) => ({ id: messages.owners.id, emoji: '👍' }),
    open: 'NN...NN.',
    closed: 'NN...NN.',
    archived: 'NNAAANNA',
    news: 'NN...NN.',
    direct: 'NN...NN.',
    pair: 'NNNN.NNN',
  },
  {
    command: 'room.update',
    input: () => ({ posting: 'moderators' }),
    open: 'FFFF..NF',
    closed: 'NNFF.NNF',
    archived: 'FFFF..NF',
    news: 'FFF...NF',
    direct: 'NNFFFNNF',
    pair: 'NNNNFNNN',
  },
  {
    command: 'room.update',
    input: ({ room }) => ({ archived: !room.archivedAt }),
    open: 'FFFF..NF',
    closed: 'NNFF.NNF',
    archived: 'FFFF..NF',
    news: 'FFFF..NF',
    direct: 'NNFFFNNF',
    pair: 'NNNNFNNN',
  },
  {
    command: 'room.update',
    input: ({ room }) => ({ kind: room.kind === 'open' ? 'closed' : 'open' }),
    open: 'FFFF..NF',
    closed: 'NNFF.NNF',
    archived: 'FFFF..NF',
    news: 'FFFF..NF',
    direct: 'NNFFFNNF',
    pair: 'NNNNFNNN',
  },
  {
    command: 'room.join',
    input: () => ({}),
    open: '......N.',
    closed: 'NN...NN.',
    archived: 'AA...AN.',
    news: '......N.',
    direct: 'NN...NN.',
    pair: 'NNNN.NNN',
  },
  {
    command: 'room.read',
    input: () => ({ readTo: 1 }),
    open: 'NN...NN.',
    closed: 'NN...NN.',
    archived: 'NN...NN.',
    news: 'NN...NN.',
    direct: 'NN...NN.',
    pair: 'NNNN.NNN',
  },
  {
    command: 'place.update',
    input: () => ({ isFavourite: true }),
    open: 'NN...NN.',
    closed: 'NN...NN.',
    archived: 'NN...NN.',
    news: 'NN...NN.',
    direct: 'NN...NN.',
    pair: 'NNNN.NNN',
  },
  {
    command: 'room.leave',
    input: () => ({}),
    open: 'N...ONN.',
    closed: 'N...ONN.',
    archived: 'N...ONN.',
    news: 'N...ONN.',
    direct: 'N....NN.',
    pair: 'NNNNFNNN',
  },
  {
    // The visitor knows the stranger from the room before.
    command: 'member.add',
    input: ({ stranger }) => ({ id: stranger.id }),
    open: 'FF....N.',
    closed: 'NNF..NNF',
    archived: 'FFAAAANA',
    news: 'FF....N.',
    direct: 'NN...NN.',
    pair: 'NNNNFNNN',
  },
  {
    command: 'member.update',
    input: ({ author }) => ({ id: author.id, role: 'moderator' }),
    open: 'FFFF..NF',
    closed: 'NNFF.NNF',
    archived: 'FFFF..NF',
    news: 'FFFF..NF',
    direct: 'NNFFFNNF',
    pair: 'NNNNFNNN',
  },
  {
    command: 'member.remove',
    input: ({ author }) => ({ id: author.id }),
    open: 'FFF...NF',
    closed: 'NNF..NNF',
    archived: 'FFF...NF',
    news: 'FFF...NF',
    direct: 'NNFFFNNF',
    pair: 'NNNNFNNN',
  },
]

test.each(LINES)('[A1] [A3] $command, by everybody, in every kind of room ($open)', async (line) => {
  await using stage = await Stage.open()
  for (const kind of KINDS) {
    const became: string[] = []
    const secrets: string[] = []
    for (const role of ROLES) {
      const scene = await stage.makes(kind)
      secrets.push(...scene.secrets)
      const { refusal } = await stage.screens.get(role)!.calls(line.command, { roomId: scene.room.id, ...line.input(scene) })
      became.push(refusal?.code ?? 'done')
    }
    expect({ kind, became }).toEqual({ kind, became: codesOf(line[kind]) })
    for (const role of ROLES.filter((one) => !reads(one, kind))) {
      const heard = await stage.heard(role)
      expect({ kind, role, heard: secrets.filter((secret) => heard.includes(secret)) }).toEqual({ kind, role, heard: [] })
    }
  }
})

test('the table names every command about a room', () => {
  const named = new Set(LINES.map(({ command }) => command))
  const about = Object.entries(ROUTES).filter(([, { path }]) => path.includes(':roomId'))
  expect(about.map(([name]) => name).filter((name) => !named.has(name))).toEqual([])
})
