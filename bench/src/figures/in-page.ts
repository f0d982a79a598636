/** These run in the page: nothing from outside of a function is there. */

/** Resolves when a message has been painted; answers when, since the navigation began. */
export async function messagePainted(): Promise<number> {
  const isThere = () => {
    const log = document.querySelector('[role=log]')
    return log !== null && getComputedStyle(log).opacity === '1' && log.querySelector('article') !== null
  }
  while (!isThere()) await new Promise(requestAnimationFrame)
  await new Promise(requestAnimationFrame)
  return performance.now()
}

/** Clicks the link to a room; answers how long it took until that room was painted. */
export async function switchTo(path: string): Promise<number> {
  const before = document.querySelector('[role=log]')
  const startedAt = performance.now()
  document.querySelector<HTMLElement>(`nav a[href="${path}"]`)!.click()
  const isThere = () => {
    const log = document.querySelector('[role=log]')
    return log !== null && log !== before && getComputedStyle(log).opacity === '1' && log.querySelector('article, h2') !== null
  }
  while (!isThere()) await new Promise(requestAnimationFrame)
  await new Promise(requestAnimationFrame)
  return performance.now() - startedAt
}

/** Begins to note how long each frame takes; what was noted is taken with `takeFrames`. */
export function noteFrames(): void {
  const frames: number[] = []
  let last = performance.now()
  const next = (at: number) => {
    frames.push(at - last)
    last = at
    requestAnimationFrame(next)
  }
  requestAnimationFrame(next)
  Object.assign(globalThis, { takeFrames: () => frames.splice(0) })
}

/** The number of the first message in view. */
export function topNumber(): number {
  const edge = document.querySelector('[role=log]')!.getBoundingClientRect().top
  const rows = [...document.querySelectorAll<HTMLElement>('[role=log] article')]
  return Math.min(...rows.filter((row) => row.getBoundingClientRect().bottom > edge).map((row) => Number(row.dataset['n'])))
}
