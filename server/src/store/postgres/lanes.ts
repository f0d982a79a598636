import { slotOf } from '#lib/slot-of.ts'
import { hasBatchForm, type Write, type WriteTable } from '#store/batch.ts'

/**
 * As many as a node has connections to write with; fixed, so that nodes of all versions take the same turns. With a lane for each topic a commit was of two
 * messages where 256 were in flight in 99 rooms; with fewer lanes, more rooms would wait for whoever holds up one.
 */
const LANES = 8

/** In which lane each write runs [W4]: of those that one statement can store, all of a topic are in one, at every node; every other write has one of its own. */
export function lanesOf(table: WriteTable): (write: Write) => string {
  let alone = 0
  return (write) => {
    if (!hasBatchForm(table, write)) return `${(alone += 1)}`
    return laneOf(write.name, table[write.name]!.topic!(write.input as never))
  }
}

export function laneOf(name: string, topic: string): string {
  return `${name} ${slotOf(topic, LANES)}`
}
