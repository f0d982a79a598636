export type LinkTarget = { is: 'page'; path: string } | { is: 'elsewhere'; href: string }

/** Where a notification leads: a page of this app, or an http(s) address, opened apart. Anything else leads nowhere. */
export function linkTarget(address: string | null, origin: string): LinkTarget | null {
  if (!address || /[\s\\]/.test(address) || !/^(?:\/(?!\/)|https?:\/\/)/i.test(address) || !URL.canParse(address, origin)) return null
  const url = new URL(address, origin)
  // The router would take this for another host's.
  if (url.pathname.startsWith('//')) return null
  return url.origin === origin ? { is: 'page', path: url.pathname + url.search + url.hash } : { is: 'elsewhere', href: url.href }
}
