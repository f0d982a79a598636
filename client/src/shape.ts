/** Looks at what was kept by an earlier page: another version of this program, or somebody else, may have written it. */
export type Check = (value: unknown) => boolean
export type Shape = Record<string, Check>

export const isText: Check = (value) => typeof value === 'string'
export const isNumber: Check = (value) => Number.isFinite(value)
export const isTrue: Check = (value) => value === true
export const isFlag: Check = (value) => typeof value === 'boolean'

export function orNull(isRight: Check): Check {
  return (value) => value === null || isRight(value)
}

export function orAbsent(isRight: Check): Check {
  return (value) => value === undefined || isRight(value)
}

export function listOf(isRight: Check): Check {
  return (value) => Array.isArray(value) && value.every(isRight)
}

export function recordOf(isRight: Check): Check {
  return (value) => typeof value === 'object' && value !== null && Object.values(value).every(isRight)
}

export function has(value: unknown, shape: Shape): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(shape).every(([name, isRight]) => isRight((value as Record<string, unknown>)[name]))
}
