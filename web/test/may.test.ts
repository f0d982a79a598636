import { expect, test } from 'vitest'
import { mayIn } from '#room/may.ts'

const NOTHING = { edits: false, answers: false, reacts: false, deletes: false, moderates: false }
const MEMBER = { edits: true, answers: true, reacts: true, deletes: true, moderates: false }

test.each([
  ['a member', { role: 'member' }, MEMBER],
  ['a moderator', { role: 'moderator' }, { ...MEMBER, moderates: true }],
  ['a member where moderators write alone', { role: 'member', posting: 'moderators' }, { ...MEMBER, edits: false, answers: false }],
  ['a moderator there', { role: 'moderator', posting: 'moderators' }, { ...MEMBER, moderates: true }],
  ['a member of an archived room', { role: 'member', archivedAt: 1 }, { ...NOTHING, deletes: true }],
  ['somebody who is none', { role: null, isMember: false }, NOTHING],
] as const)('what %s may do with messages', (_who, { role, ...room }, may) => {
  expect(mayIn({ isMember: true, archivedAt: null, posting: 'members', ...room }, role)).toEqual(may)
})
