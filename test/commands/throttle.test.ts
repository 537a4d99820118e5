import { describe, expect, it } from 'vitest'
import { Throttle } from '../../src/commands/throttle.ts'

describe('Throttle', () => {
  it('lets everything go below zero', () => {
    expect(new Throttle(-1, 0).allowed(1e9, 1)).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('keeps a steady rate from the first on', () => {
    const throttle = new Throttle(1000, 5000)
    expect(throttle.allowed(0, 5000)).toBe(1)
    expect(throttle.allowed(1, 5000)).toBe(0)
    expect(throttle.allowed(1, 5100)).toBe(100)
    expect(throttle.allowed(101, 5100)).toBe(0)
    // What was late is made up for.
    expect(throttle.allowed(101, 6000)).toBe(900)
  })

  it('waits until the next is due, two milliseconds at least', () => {
    const throttle = new Throttle(10, 0)
    expect(throttle.pauseMs(5, 0)).toBe(500)
    expect(new Throttle(1000, 0).pauseMs(1, 0)).toBe(2)
    // After the pause something may go.
    expect(throttle.allowed(5, throttle.pauseMs(5, 0))).toBeGreaterThan(0)
  })

  it('lets one go at zero and never another', () => {
    const throttle = new Throttle(0, 0)
    expect(throttle.allowed(0, 0)).toBe(1)
    expect(throttle.allowed(1, 1e9)).toBe(0)
    expect(throttle.pauseMs(1, 0)).toBe(Number.POSITIVE_INFINITY)
  })
})
