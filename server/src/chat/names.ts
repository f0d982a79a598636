import { NAMES_OF_MANY, namesIn, namingsIn } from '@belfry/protocol/names.ts'
import type { Kysely } from 'kysely'
import { chunks } from '#lib/chunks.ts'
import { fold } from '#lib/fold.ts'
import type { Tables } from '#store/schema.ts'

/** A text in a room. */
interface Written {
  roomId: string
  body: string
}

/** Who is called what in these rooms. */
export interface MemberNames {
  /** Whom this text names: members of its room, by the names as they are written. */
  in(written: Written): Record<string, string>
}

const NAMES_A_QUERY = 1_000

/** The members that these texts may name. Most name nobody, and cost nothing. */
export async function memberNames(db: Kysely<Tables>, texts: Written[]): Promise<MemberNames> {
  const naming = texts.map(({ roomId, body }) => ({ roomId, names: namingsIn(body).flatMap(({ candidates }) => candidates.map(fold)) }))
  const folded = [...new Set(naming.flatMap(({ names }) => names))]
  const roomIds = [...new Set(naming.filter(({ names }) => names.length > 0).map(({ roomId }) => roomId))]
  const ids = new Map<string, string>()
  for (const some of chunks(folded, NAMES_A_QUERY)) {
    const members = db.selectFrom('members').innerJoin('users', 'users.id', 'members.id').select(['users.id', 'folded', 'roomId'])
    const named = members.where('endedAt', 'is', null).where('roomId', 'in', roomIds).where('folded', 'in', some)
    for (const row of await named.execute()) ids.set(`${row.roomId} ${row.folded}`, row.id)
  }
  return { in: ({ roomId, body }) => namesIn(body, (name) => idOf(name, (folds) => ids.get(`${roomId} ${folds}`))) }
}

/** `room` and `here` stand for themselves. */
function idOf(name: string, member: (folded: string) => string | undefined): string | undefined {
  const folded = fold(name)
  return NAMES_OF_MANY.find((many) => many === folded) ?? member(folded)
}

/** Whom a text names that takes another's place: who was named by the same name before still is, whatever they are called now. */
export async function namesInEdit(db: Kysely<Tables>, written: Written, before: Record<string, string>): Promise<Record<string, string>> {
  const now = (await memberNames(db, [written])).in(written)
  return namesIn(written.body, (name) => before[name] ?? now[name])
}
