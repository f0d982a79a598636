import { commands, type Input, type Result } from '@belfry/protocol/commands.ts'
import { accept } from './accept.ts'
import { onData, operate } from './data.ts'
import { print, type Printing } from './print.ts'

type Publish = Input<'notification.publish'>

/** Rings the bell of each: stored for all of them, or for nobody [N1]. `users`: with commas between. */
export async function notify(
  { users, title }: { users: string; title: string },
  options: Printing & Omit<Publish, 'to' | 'title'>,
): Promise<void> {
  const { json: _, ...more } = options
  const to = users
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const input = accept(commands['notification.publish'].input, { ...more, to, title })
  const result = await onData((store) => operate(store, 'notification.publish', input))
  print(options, { document: result, text: inWords(result) })
}

function inWords({ items, suppressed }: Result<'notification.publish'>): string {
  const told = items.filter((item) => !item.duplicate).map((item) => item.to)
  const there = items.filter((item) => item.duplicate).map((item) => item.to)
  const lines = []
  if (told.length > 0) lines.push(`Stored for ${told.join(', ')}.`)
  if (there.length > 0) lines.push(`Was there already for ${there.join(', ')}; it does not ring again.`)
  if (suppressed.length > 0) lines.push(`Does not ring now for ${suppressed.map(({ to }) => to).join(', ')}: do not disturb.`)
  return lines.join('\n')
}
