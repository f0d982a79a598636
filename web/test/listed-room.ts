import type { ListedRoom } from '@belfry/client/belfry.ts'

/** A room as the list of rooms has it. */
export function listedRoom(id: string, name: string, own: Partial<ListedRoom> = {}): ListedRoom {
  const about = {
    description: '',
    kind: 'open',
    posting: 'members',
    history: 'whole',
    archivedAt: null,
    people: null,
    isPair: false,
  } as const
  const place = { notify: 'mentions', mentions: 0, favouriteAt: null, hiddenTo: null } as const
  return { id, name, ...about, seq: 1, posted: 0, role: 'member', seesAfter: 0, readTo: 0, unread: 0, ...place, ...own }
}
