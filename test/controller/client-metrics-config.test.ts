import { describe, expect, it } from 'vitest'
import { describeClientMetricsConfig, validateClientMetricsConfig } from '../../src/controller/client-metrics-config.ts'

const check =
  (configs: Record<string, string>, name = 'm') =>
  () =>
    validateClientMetricsConfig(name, new Map(Object.entries(configs)))

describe('client metrics subscriptions', () => {
  it('may be set', () => {
    expect(check({ metrics: '*', 'interval.ms': '1000', match: 'client_id=a.*,client_software_name=x' })).not.toThrow()
  })

  it.each([
    [{ 'interval.ms': '99' }, 'Invalid value 99 for interval.ms, interval must be between 100 and 3600000 (1 hour)'],
    [{ 'interval.ms': 'x' }, 'Not a number of type INT'],
    [{ match: 'client_id' }, 'Illegal client matching pattern: client_id'],
    [{ match: 'color=red' }, 'Illegal client matching pattern: color=red'],
    [{ match: 'client_id=(' }, 'Illegal client matching pattern: client_id=('],
    [{ other: '1' }, 'Unknown client metrics configuration: other'],
  ])('refuses %j', (configs, message) => {
    expect(check(configs as Record<string, string>)).toThrow(message)
  })

  it('need a name', () => {
    expect(check({}, '')).toThrow("Subscription name can't be empty")
  })
})

describe('a subscription as it is described', () => {
  const described = (given: Record<string, string>, names: readonly string[] | null = null) =>
    describeClientMetricsConfig(new Map(Object.entries(given)), names).map(
      ({ name, value, configSource, synonyms }) => [name, value, configSource, synonyms.length],
    )

  it('has what was given, and the defaults', () => {
    expect(described({ 'interval.ms': '1000' })).toEqual([
      ['interval.ms', '1000', 7, 1],
      ['match', '', 5, 0],
      ['metrics', '', 5, 0],
    ])
    expect(described({}, ['interval.ms'])).toEqual([['interval.ms', '300000', 5, 0]])
  })
})
