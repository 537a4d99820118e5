import { describe, expect, it } from 'vitest'
import { clockTime } from '../../src/learn/checks/happened.ts'
import { eventText, isQuiet } from '../../src/learn/event-text.ts'
import type { Event } from '../../src/learn/journal.ts'

const text = (event: object) => eventText({ at: 1, after: 0, ...event } as Event)

describe('an event in words', () => {
  it.each([
    [{ kind: 'leader', partition: 'o-0', from: 1, to: -1, epoch: 3 }, 'leader of o-0: 1 -> none, leader epoch 3'],
    [{ kind: 'isr', partition: 'o-0', from: [1, 2], to: [] }, 'ISR of o-0: 1,2 -> none'],
    [{ kind: 'replicas', partition: 'o-0', from: [1], to: [1, 2] }, 'replicas of o-0: 1 -> 1,2'],
    [{ kind: 'end', partition: 'o-0', from: 1, to: 5 }, 'log end of o-0: 1 -> 5'],
    [{ kind: 'partition', partition: 'o-0', change: 'made' }, 'o-0 is there'],
    [{ kind: 'partition', partition: 'o-0', change: 'gone' }, 'o-0 is gone'],
    [{ kind: 'group', group: 'g', from: 'absent', to: 'Stable' }, 'group g: absent -> Stable'],
    [{ kind: 'member', group: 'g', clientId: 'c', change: 'joined' }, 'c joined group g'],
    [
      { kind: 'assignment', group: 'g', clientId: 'c', from: [], to: ['o-0', 'o-1'] },
      'c in group g reads o-0,o-1, before: nothing',
    ],
    [{ kind: 'committed', group: 'g', partition: 'o-0', from: -1, to: 5 }, 'group g has committed 5 of o-0'],
    [{ kind: 'committed', group: 'g', partition: 'o-0', from: 2, to: 5 }, 'group g has committed 5 of o-0, before: 2'],
    [{ kind: 'broker', id: 2, change: 'gone' }, 'broker 2 is out of service'],
    [
      { kind: 'restored', snapshot: 'last', takenAt: 1 },
      `the cluster was put back to the snapshot last of ${clockTime(1)}`,
    ],
    [{ kind: 'broker', id: 2, change: 'registered' }, 'broker 2 is in service'],
    [{ kind: 'node', id: 2, from: 'running', to: 'paused' }, 'process of node 2: running -> paused'],
  ])('%j', (event, expected) => {
    expect(text(event)).toBe(expected)
  })

  it('is quiet when it moves with every record', () => {
    const quiet = ['leader', 'end', 'committed', 'broker'].filter((kind) => isQuiet({ kind } as Event))
    expect(quiet).toEqual(['end', 'committed'])
  })
})
