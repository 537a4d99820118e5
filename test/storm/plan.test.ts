import { describe, expect, it } from 'vitest'
import { planStorm } from './plan.ts'

describe('a storm', () => {
  it('is its seed', () => {
    expect(planStorm(7, 30)).toEqual(planStorm(7, 30))
    expect(planStorm(7, 30)).not.toEqual(planStorm(8, 30))
  })

  it('strikes as often as it was told, brokers and controllers', () => {
    const { brokers, controllers } = planStorm(1, 100)
    expect(brokers.length + controllers.length).toBe(100)
    expect(brokers.length).toBeGreaterThan(controllers.length)
    expect(brokers.every(({ role }) => role === 'broker')).toBe(true)
    expect(controllers.every(({ role }) => role === 'controller')).toBe(true)
  })

  it('knows every kind of blow, long ones and short ones, at leaders and at others', () => {
    const { brokers, controllers } = planStorm(1, 300)
    const all = [...brokers, ...controllers]
    expect(new Set(brokers.map(({ fault }) => fault)).size).toBe(8)
    expect(new Set(controllers.map(({ fault }) => fault)).size).toBe(6)
    expect(new Set(brokers.map(({ target }) => target))).toEqual(new Set(['leader', 'coordinator', 0, 1, 2]))
    expect(all.some(({ holdMs }) => holdMs < 1_000)).toBe(true)
    expect(all.some(({ holdMs }) => holdMs > 2_500)).toBe(true)
  })

  it('cuts a controller off from nodes only: clients do not come to it', () => {
    const kinds = new Set(planStorm(3, 300).controllers.map(({ fault }) => fault))
    expect(kinds.has('isolate-clients')).toBe(false)
    expect(kinds.has('isolate-brokers')).toBe(false)
  })
})
