import { storableText } from './reading.ts'

/** A day of an IRC room, as somebody's client wrote it down. */
export interface IrcLog {
  said: Said[]
  others: { is: 'action' | 'notice' | 'other'; line: number }[]
}

/** `line`: counted from 1. */
export interface Said {
  line: number
  minute: number
  nick: string
  text: string
}

/** `[09:14] <nick> text`, and nothing else, is a message. */
const MESSAGE = /^\[([01]\d|2[0-3]):([0-5]\d)\] <([^>]+)> ?(.*)$/s
const ACTION = /^\[\d\d:\d\d\]\s+\* /
const NOTICE = /^===/

export function parseIrcLog(bytes: Uint8Array): IrcLog {
  const log: IrcLog = { said: [], others: [] }
  for (const [at, text] of linesOf(bytes).entries()) {
    const line = at + 1
    const message = MESSAGE.exec(text)
    if (message) log.said.push({ line, ...saidOf(message as unknown as [string, string, string, string, string]) })
    else if (text.trim() !== '') log.others.push({ is: kindOf(text), line })
  }
  return log
}

function saidOf([, hours, minutes, nick, text]: [string, string, string, string, string]): Omit<Said, 'line'> {
  return { minute: Number(hours) * 60 + Number(minutes), nick: withoutCodes(nick), text: withoutCodes(text) }
}

function kindOf(text: string): 'action' | 'notice' | 'other' {
  if (ACTION.test(text)) return 'action'
  return NOTICE.test(text) ? 'notice' : 'other'
}

const NEWLINE = 0x0a

/** Each line by itself is UTF-8 or not: people in one room had different clients. */
function linesOf(bytes: Uint8Array): string[] {
  const whole = utf8(bytes)
  return whole === null ? split(bytes).map((line) => utf8(line) ?? windows1252(line)) : whole.split('\n')
}

function split(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  let begin = 0
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begin)) {
    lines.push(bytes.subarray(begin, end))
    begin = end + 1
  }
  return [...lines, bytes.subarray(begin)]
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true })
const WINDOWS_1252 = new TextDecoder('windows-1252')

/** Null: it is no UTF-8. */
function utf8(bytes: Uint8Array): string | null {
  try {
    return UTF_8.decode(bytes)
  } catch {
    return null
  }
}

function windows1252(bytes: Uint8Array): string {
  return WINDOWS_1252.decode(bytes)
}

/** mIRC's colours (with their numbers), bold and the like, a carriage return at the end, and whatever else a terminal would act on. */
function withoutCodes(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return storableText(text.replaceAll(/\u0003(?:\d{1,2}(?:,\d{1,2})?)?|\u0004(?:[\dA-Fa-f]{6})?|[\u0001-\u0008\u000B-\u001F\u007F]/g, ''))
}
