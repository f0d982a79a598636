import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { CannotStart } from '#lib/cannot-start.ts'

/** The proxies whose word counts about who asks, and how. */
export interface Proxies {
  /** An address without its port; null: no socket any more. */
  trust(address: string | null): boolean
}

/** `trusted`: addresses and subnets, as `10.0.0.7` or `10.0.0.0/8`. */
export function proxies(trusted: string[]): Proxies {
  const list = new BlockList()
  for (const entry of trusted) addTo(list, entry)
  return { trust: (address) => address !== null && isIP(address) !== 0 && list.check(address, family(address)) }
}

function addTo(list: BlockList, entry: string): void {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d+))?$/.exec(entry.trim()) ?? []
  if (!isIP(address)) throw notAProxy(entry)
  try {
    if (bits === undefined) list.addAddress(address, family(address))
    else list.addSubnet(address, Number(bits), family(address))
  } catch {
    throw notAProxy(entry)
  }
}

function notAProxy(entry: string): CannotStart {
  return new CannotStart(`"${entry}" is not the address of a proxy. Write addresses and subnets, such as 10.0.0.7 or 10.0.0.0/8.`)
}

/** Who speaks to us: the other end of the socket, an IPv4 address that came mapped into IPv6 as itself. */
export function peerOf(request: IncomingMessage): string | null {
  return plain(request.socket.remoteAddress)
}

/** Who asks, as far as that can be known: of `X-Forwarded-For`, the right-most address that no trusted proxy has. */
export function clientAddress(request: IncomingMessage, trusted: Proxies): string | null {
  let address = peerOf(request)
  const forwarded = headerText(request, 'x-forwarded-for').split(',').reverse()
  for (const entry of forwarded) {
    const next = plain(entry.trim())
    if (!trusted.trust(address) || next === null) return address
    address = next
  }
  return address
}

/** What limits count by: an IPv4 address, or the first half of an IPv6 one, since a whole /64 belongs to one place. */
export function limitKey(address: string | null): string {
  if (address === null) return 'unknown'
  return isIP(address) === 6 ? `${firstHalf(address)}::/64` : address
}

export function isLoopback(address: string | null): boolean {
  return address === '::1' || (address !== null && isIP(address) === 4 && address.startsWith('127.'))
}

export function headerText(request: IncomingMessage, name: string): string {
  return String(request.headers[name] ?? '')
}

const HALF = 4

function firstHalf(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('%')[0]!.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) while (groups.length < HALF) groups.push('0')
  return groups
    .slice(0, HALF)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

function plain(address: string | undefined): string | null {
  const unmapped = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
  return isIP(unmapped) === 0 ? null : unmapped
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
