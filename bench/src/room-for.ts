import { openFilesMax } from './process-usage.ts'

/** Of a server, beside its people's sockets. */
const OTHER_FILES = 100

/** Where people's sockets are more than a process may hold, what would need them is left out, with a line. */
export function hasRoomFor(title: string, { followers, senders }: { followers: number; senders: number }): boolean {
  const [needed, allowed] = [followers + senders + OTHER_FILES, openFilesMax()]
  if (needed > allowed) console.log(`  ${title} is left out: that needs ${needed} open files in a process, and ulimit -Hn says ${allowed}.`)
  return needed <= allowed
}
