/** What a message says, so that its receivers can check it: who sent it, which of theirs it is, and when. */
export interface Stamp {
  sender: number
  number: number
  /** Microseconds on the generator's clock. */
  sentAt: number
}

const BODY_CHARS = 100

/** The clock of the stamps, in microseconds. Senders and receivers share a process, hence a clock. */
export function now(): number {
  return Math.round(performance.now() * 1000)
}

export function stampedBody({ sender, number, sentAt }: Stamp): string {
  return `${sender} ${number} ${sentAt} `.padEnd(BODY_CHARS, '.')
}

export function readStamp(body: string): Stamp {
  const [sender, number, sentAt] = body.split(' ', 3)
  return { sender: Number(sender), number: Number(number), sentAt: Number(sentAt) }
}
