import { framesIn } from './eras.ts'
import type { History } from './history.ts'
import { phantomVerdicts, textsIn } from './phantoms.ts'
import { storedVerdicts } from './stored.ts'
import { toldVerdicts } from './told.ts'
import type { Verdict } from './verdict.ts'
import { sentBy } from './writes.ts'

/** All that is wrong with a history: nothing, when the rules hold. */
export function judge(history: History): Verdict[] {
  const sent = sentBy(history)
  const known = { database: history.database, texts: textsIn(sent.writes, history.database) }
  return [
    ...storedVerdicts(history, sent),
    ...phantomVerdicts(framesIn(history), known),
    ...history.clients.flatMap((client) => toldVerdicts(client, history, known)),
  ]
}
