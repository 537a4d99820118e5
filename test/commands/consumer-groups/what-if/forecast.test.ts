import { describe, expect, it } from 'vitest'
import {
  type Forecast,
  type FutureMember,
  forecast,
  type Scenario,
} from '../../../../src/commands/consumer-groups/what-if/forecast.ts'
import {
  forecastFields,
  forecastsText,
  verdictText,
} from '../../../../src/commands/consumer-groups/what-if/forecast-text.ts'
import { BROKER_ASSIGNORS, CLIENT_ASSIGNORS } from '../../../../src/protocol/assignors/index.ts'

const orders = { name: 'orders', topicId: 'AAAAAAAAAAAAAAAAAAAAEQ', partitionCount: 6 }
const owned = (numbers: readonly number[]) => numbers.map((partition) => ({ topic: 'orders', partition }))

function member(memberId: string, numbers: readonly number[], isNew = false): FutureMember {
  return { memberId, instanceId: null, label: memberId, isNew, topics: ['orders'], owned: owned(numbers) }
}

function scenarioOf(members: readonly FutureMember[], gone: Readonly<Record<string, number[]>> = {}): Scenario {
  const readers = new Map(
    members.flatMap(({ memberId, owned: list }) => list.map((each) => [`orders-${each.partition}`, memberId])),
  )
  for (const [memberId, numbers] of Object.entries(gone))
    for (const each of numbers) readers.set(`orders-${each}`, memberId)
  return { members, topics: [orders], readers }
}

const joining = scenarioOf([member('a', [0, 1, 2]), member('b', [3, 4, 5]), member('c', [], true)])
const clientsOwn = (name: string) => CLIENT_ASSIGNORS.find((assignor) => assignor.name === name)!
const summary = ({ moved, standStill, rebalances, fewest, most }: Forecast) => ({
  moved,
  standStill,
  rebalances,
  fewest,
  most,
})

describe('a member more', () => {
  it.each([
    ['range', { moved: 3, standStill: 6, rebalances: 1, fewest: 2, most: 2 }],
    ['roundrobin', { moved: 4, standStill: 6, rebalances: 1, fewest: 2, most: 2 }],
    ['sticky', { moved: 2, standStill: 6, rebalances: 1, fewest: 2, most: 2 }],
    ['cooperative-sticky', { moved: 2, standStill: 2, rebalances: 2, fewest: 2, most: 2 }],
  ])('%s', (name, expected) => {
    expect(summary(forecast(clientsOwn(name), joining))).toEqual(expected)
  })

  it('in a group of the consumer protocol stops only what moves', () => {
    expect(summary(forecast(BROKER_ASSIGNORS[0]!, joining))).toEqual({
      moved: 2,
      standStill: 2,
      rebalances: 1,
      fewest: 2,
      most: 2,
    })
  })

  it('tells what each member gets and loses', () => {
    const { members } = forecast(clientsOwn('sticky'), joining)
    expect(members.map(({ label, gained, lost }) => [label, gained.length, lost.length])).toEqual([
      ['a', 0, 1],
      ['b', 0, 1],
      ['c', 2, 0],
    ])
  })
})

it('a member less: what it read moves, with nobody having lost it', () => {
  const { moved, members, standStill } = forecast(
    clientsOwn('cooperative-sticky'),
    scenarioOf([member('a', [0, 1, 2])], { b: [3, 4, 5] }),
  )
  expect([moved, standStill]).toEqual([3, 3])
  expect(members[0]).toMatchObject({ gained: owned([3, 4, 5]), lost: [] })
})

it('nothing stands still in a group that begins', () => {
  const fresh = scenarioOf([member('new-1', [], true), member('new-2', [], true)])
  for (const assignor of [...CLIENT_ASSIGNORS, ...BROKER_ASSIGNORS]) {
    expect(summary(forecast(assignor, fresh))).toEqual({ moved: 0, standStill: 0, rebalances: 1, fewest: 3, most: 3 })
  }
})

describe('as text', () => {
  const forecasts = [clientsOwn('range'), clientsOwn('cooperative-sticky')].map((each) => forecast(each, joining))

  it('compares assignors, then lists members', () => {
    expect(forecastsText(forecasts, { name: 'range', protocol: 'classic' })).toBe(
      [
        'ASSIGNOR            PROTOCOL  PER-MEMBER  MOVED  REBALANCES  STANDS-STILL',
        'range (now)         classic            2      3           1  all 6, from the first to leave off until it is shared anew',
        'cooperative-sticky  classic            2      2           2  2, between the two rebalances',
        '',
        'range (classic)',
        '  MEMBER  PARTITIONS  ASSIGNMENT  CHANGE',
        '  a                2  orders 0-1  -orders 2',
        '  b                2  orders 2-3  +orders 2  -orders 4-5',
        '  c                2  orders 4-5  joins',
        '',
        'cooperative-sticky (classic)',
        '  MEMBER  PARTITIONS  ASSIGNMENT  CHANGE',
        '  a                2  orders 0-1  -orders 2',
        '  b                2  orders 3-4  -orders 5',
        '  c                2  orders 2,5  joins',
        '',
      ].join('\n'),
    )
  })

  it('says which disturbs least, where that differs', () => {
    expect(verdictText(forecasts)).toBe('Least stands still with cooperative-sticky (classic): 2 partitions.\n')
    expect(verdictText(forecasts.slice(0, 1))).toBe('')
  })

  it('is a structure too', () => {
    expect(forecastFields(forecasts[1]!)).toMatchObject({
      assignor: 'cooperative-sticky',
      protocol: 'classic',
      style: 'cooperative',
      moved: 2,
      members: [{ memberId: 'a', lost: owned([2]) }, {}, { memberId: 'c', isNew: true, gained: owned([2, 5]) }],
    })
  })
})
