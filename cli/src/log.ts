import { type Level, type Logger, pino } from 'pino'

/** Written at once, not from a buffer: the last line before an end counts most. */
export async function openLog(level: Level | 'silent', { readable }: { readable: boolean }): Promise<Logger> {
  if (!readable) return pino({ level }, pino.destination({ dest: 1, sync: true }))
  const { PinoPretty } = await import('pino-pretty')
  return pino({ level }, PinoPretty({ singleLine: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true }))
}
