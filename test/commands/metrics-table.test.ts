import { expect, it } from 'vitest'
import { metricsTable } from '../../src/commands/metrics-table.ts'

it('lays metrics out as the perf scripts do', () => {
  expect(metricsTable({ 'b:longer:{}': 12, 'a:x:{}': 1.23456 })).toBe(
    '\nMetric Name   Value\na:x:{}      : 1.235\nb:longer:{} : 12.000\n',
  )
})
