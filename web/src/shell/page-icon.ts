import type { Waiting } from './page-title.ts'

const COUNTED_MAX = 9

/** The icon in the browser's tab: a quiet dot where only rooms have something new; how much there is for oneself, in the colour of the bell. */
export function pageIcon({ notifications, messages }: Waiting): string {
  if (notifications === 0) return messages > 0 ? '/favicon-unread.svg' : '/favicon.svg'
  return `data:image/svg+xml,${encodeURIComponent(withCount(notifications > COUNTED_MAX ? `${COUNTED_MAX}+` : String(notifications)))}`
}

/** As favicon.svg, with a badge that can be read at 16 px. */
function withCount(words: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="#0c5e5b"/>
  <path d="M16 4.500 6.500 11.500V27.500h19V11.500z" fill="#e9f3f1"/>
  <circle cx="20" cy="13" r="12.500" fill="#a8620f"/>
  <text x="20" y="19" text-anchor="middle" font-family="system-ui, sans-serif" font-weight="700" font-size="${words.length > 1 ? 13 : 18}" fill="#fff">${words}</text>
</svg>`
}
