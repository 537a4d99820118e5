import { describe, expect, it } from 'vitest'
import { noColours } from '../../../src/cli/colour.ts'
import { drawPicture } from '../../../src/commands/learn/picture.ts'
import type { Picture, PictureReplica } from '../../../src/learn/picture/picture.ts'

const NOTHING: Picture = { brokers: [], controllers: [], topics: [], groups: [], isUnanswered: false }
const replica = (broker: number, role: PictureReplica['role'], end: number | null): PictureReplica => ({
  broker,
  role,
  end,
})

const PICTURE: Picture = {
  isUnanswered: false,
  brokers: [
    { id: 1, state: 'up' },
    { id: 2, state: 'dead' },
    { id: 3, state: 'paused' },
  ],
  controllers: [
    { id: 100, state: 'up', isActive: true },
    { id: 101, state: 'dead', isActive: false },
  ],
  topics: [
    {
      name: 'kt-15-orders',
      partitions: [
        {
          ...{ partition: 0, leader: 1, leaderEpoch: 3, highWatermark: 30 },
          replicas: [replica(1, 'leader', 31), replica(2, 'behind', null), replica(3, 'in-sync', 30)],
        },
        {
          ...{ partition: 1, leader: -1, leaderEpoch: 7, highWatermark: null },
          replicas: [replica(2, 'behind', null)],
        },
      ],
    },
  ],
  groups: [
    {
      id: 'kt-15-shop',
      state: 'Stable',
      members: [
        { name: 'one', shares: [{ partition: 'kt-15-orders-0', committed: 12, lag: 18 }] },
        { name: 'two', shares: [] },
        { name: '', shares: [{ partition: 'kt-15-orders-1', committed: 3, lag: null }] },
      ],
    },
  ],
}

const draw = (picture: Picture, columns: number, rows = 40): string[] =>
  drawPicture(picture, { columns, rows }, noColours).map((line) => line.trimEnd())

describe('the picture of a cluster', () => {
  it('has brokers as columns and replicas as cells, in half of 80 columns', () => {
    expect(draw(PICTURE, 39)).toEqual([
      'controllers 100* 101 dead  * active',
      'kt-15-orders',
      ' broker          1    2 dead 3 paused',
      ' p0 e3 hw 30     L 31 -      = 30',
      ' p1 e7 no leader .    -      .',
      'kt-15-shop Stable  2 members, lag 18',
      ' one  orders-0 at 12, lag 18',
      ' two  no partition',
      ' nobody  orders-1 at 3',
    ])
  })

  it('keeps the lag where there is no room for the offset as well', () => {
    expect(draw(PICTURE, 24)).toContain(' one  orders-0 lag 18')
  })

  it('is never wider than it may be, nor longer; what is missing is counted', () => {
    for (const columns of [20, 27, 39, 80]) {
      for (const line of draw(PICTURE, columns)) expect(line.length).toBeLessThanOrEqual(columns)
    }
    const short = draw(PICTURE, 39, 4)
    expect(short).toHaveLength(4)
    expect(short[3]).toBe('... 6 more lines: picture')
  })

  it('leaves out columns of brokers that do not fit, and says how many', () => {
    const many = Array.from({ length: 12 }, (_, at) => ({ id: at + 1, state: 'up' as const }))
    const [, name, head] = draw({ ...PICTURE, brokers: many }, 39)
    expect(name).toMatch(/^kt-15-orders \+\d brokers$/)
    expect(head!.trim().split(/\s+/).length - 1 + Number(/\+(\d)/.exec(name!)![1])).toBe(12)
  })

  it('names the brokers while there is no topic', () => {
    expect(draw({ ...PICTURE, topics: [], groups: [] }, 39)).toEqual([
      'controllers 100* 101 dead  * active',
      'brokers 1 2 dead 3 paused',
    ])
  })

  it('says that nobody answers', () => {
    expect(draw({ ...NOTHING, isUnanswered: true }, 39)).toEqual(['the cluster does not answer'])
  })

  it('repeats by colour what the characters say', () => {
    const tag = (name: string) => (text: string) => `<${name}>${text}</>`
    const colours = { ...noColours, good: tag('good'), bad: tag('bad'), warning: tag('warning') }
    const lines = drawPicture(PICTURE, { columns: 60, rows: 40 }, colours)
    expect(lines[2]).toContain('<bad>2 dead ')
    expect(lines[2]).toContain('<warning>3 paused ')
    expect(lines[3]).toContain('<good>L 31 ')
    // The cell of a broker that is dead is red, whatever it holds.
    expect(lines[3]).toContain('<bad>-')
    expect(lines[4]).toContain('<bad> p1 e7 no leader ')
    expect(lines.map((line) => line.replace(/<[^>]*>/g, '').trimEnd())).toEqual(draw(PICTURE, 60))
  })
})
