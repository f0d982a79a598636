/** In this order: many browsers also name those that they descend from. */
const PROGRAMS: [RegExp, string][] = [
  [/\bEdgA?(?:iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]

const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\b(?:Macintosh|Mac OS X)\b/, 'macOS'],
  [/\b(?:Linux|X11)\b/, 'Linux'],
]

const DEVICE_MAX_CHARS = 64
const UNKNOWN = 'Unknown device'

/** What a person recognizes a device by, from its User-Agent: "Firefox on Linux", "curl". */
export function deviceOf(userAgent: string | undefined): string {
  const agent = userAgent ?? ''
  const program = firstOf(PROGRAMS, agent) ?? productOf(agent)
  if (!program) return UNKNOWN
  const system = firstOf(SYSTEMS, agent)
  return system ? `${program} on ${system}` : program
}

function firstOf(table: [RegExp, string][], agent: string): string | null {
  return table.find(([pattern]) => pattern.test(agent))?.[1] ?? null
}

/** `curl/8.5.0` → `curl`. */
function productOf(agent: string): string | null {
  const product = /^[\w.+ -]+/.exec(agent)?.[0].trim().slice(0, DEVICE_MAX_CHARS)
  if (!product) return null
  return product === 'Mozilla' ? 'Browser' : product
}
