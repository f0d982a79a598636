import type { OutboxCommand, OutboxEntry } from './outbox-entry.ts'

type Mark = Extract<OutboxCommand, { name: 'notification.mark' }>

/** Whether an earlier entry need not be sent any more once this command is stored: marks of one notification fold into the last. */
export function isReplacedBy(earlier: OutboxEntry, later: OutboxCommand): boolean {
  if (later.name === 'notification.mark-all')
    return earlier.name === later.name && (later.input.set.read === true || earlier.input.set.read !== true)
  if (later.name !== 'notification.mark' && later.name !== 'notification.delete') return false
  return earlier.name === 'notification.mark' && earlier.input.id === later.input.id
}

/** The command with what the entry that it replaces still said. */
export function foldedInto(later: OutboxCommand, earlier: OutboxEntry): OutboxCommand {
  if (later.name !== 'notification.mark' || earlier.name !== later.name) return later
  return { ...later, input: { ...said(earlier, later), ...later.input } }
}

/** Archiving reads: also when it is taken back; and what was said of reading before it does not count any more. */
function said({ input: { read, ...rest } }: Mark, later: Mark): Partial<Mark['input']> {
  if (later.input.archived === true) return rest
  const isRead = read ?? (rest.archived === true || undefined)
  return isRead === undefined ? rest : { ...rest, read: isRead }
}
