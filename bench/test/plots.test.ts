import { describe, expect, test } from 'vitest'
import { plotSvg } from '#report/plot.ts'
import { scaleOf } from '#report/scale.ts'

describe('an axis', () => {
  test('begins with zero where the values are near each other', () => {
    const { isLogarithmic, ticks, at } = scaleOf([3, 10.9])
    expect(isLogarithmic).toBe(false)
    expect(ticks).toEqual([0, 5, 10, 15])
    expect([0, 7.5, 15].map(at)).toEqual([0, 0.5, 1])
  })

  test('goes by powers of ten where they are far apart', () => {
    const { isLogarithmic, ticks, at } = scaleOf([1_200, 900_000])
    expect(isLogarithmic).toBe(true)
    expect(ticks).toEqual([1_000, 10_000, 100_000, 1_000_000])
    expect(at(1_000)).toBe(0)
    expect(at(1_000_000)).toBe(1)
    expect(at(10_000)).toBeCloseTo(1 / 3)
  })

  test.each([[0.03], [1], [7], [99], [100], [250_000]])('holds %d', (value) => {
    const { ticks, at } = scaleOf([value])
    expect(at(value)).toBeLessThanOrEqual(1)
    expect(at(value)).toBeGreaterThan(0.4)
    expect(ticks.length).toBeLessThanOrEqual(6)
  })
})

test('a plot has a bar and its whiskers for everyone, and says what names say', () => {
  const of = { median: 2, min: 1, max: 4 }
  const bars = [
    { name: 'Belfry', of, isOurs: true },
    { name: 'a < b', of, isOurs: false },
  ]
  const svg = plotSvg({ name: 'some', title: 'p50 ms', groups: [{ title: 'To 100', bars }] })
  expect(svg.match(/<rect class="ours"/g)).toHaveLength(1)
  expect(svg.match(/<rect class="bar"/g)).toHaveLength(1)
  expect(svg.match(/class="whisker"/g)).toHaveLength(6)
  expect(svg).toContain('a &lt; b')
})
