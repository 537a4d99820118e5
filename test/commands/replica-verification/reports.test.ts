import { describe, expect, it } from 'vitest'
import {
  differenceFields,
  differenceText,
  lagFields,
  lagText,
  reportText,
  timeText,
} from '../../../src/commands/replica-verification/reports.ts'

const mark = (replica: number, lastOffset: number, checksum: number) => ({ replica, lastOffset, checksum })
const OFFSET = { kind: 'offset', topic: 't', partition: 2, first: mark(1, 5, 9), other: mark(3, 6, 8) } as const
const CHECKSUM = { ...OFFSET, kind: 'checksum', other: mark(3, 5, 8) } as const

describe('reports', () => {
  it('are the script’s sentences', () => {
    expect(differenceText(OFFSET)).toBe("partition t-2: replica 1's offset 5 doesn't match replica 3's offset 6")
    expect(differenceText(CHECKSUM)).toBe(
      "partition t-2 has unmatched checksum at offset 5; replica 1's checksum 9; replica 3's checksum 8",
    )
    expect(lagText({ lag: 4, topic: 't', partition: 2, offset: 6 }, 7)).toBe(
      'max lag is 4 for partition t-2 at offset 6 among 7 partitions',
    )
    expect(lagText({ lag: -1, topic: null, partition: -1, offset: -1 }, 7)).toBe(
      'max lag is -1 for partition null at offset -1 among 7 partitions',
    )
  })

  it('are documents without stand-ins', () => {
    expect(differenceFields(OFFSET)).toEqual({
      what: 'offset',
      topic: 't',
      partition: 2,
      replicas: [
        { brokerId: 1, lastOffset: 5, checksum: 9 },
        { brokerId: 3, lastOffset: 6, checksum: 8 },
      ],
    })
    expect(lagFields({ lag: -1, topic: null, partition: -1, offset: -1 }, 7)).toEqual({
      maxLag: null,
      topic: null,
      partition: null,
      offset: null,
      partitions: 7,
    })
  })

  it('stand on a line, or in a document, with their time', () => {
    const now = new Date(2024, 4, 3, 9, 8, 7, 6).getTime()
    expect(timeText(now)).toBe('2024-05-03 09:08:07,006')
    const report = { kind: 'ReplicaLag', line: 'max lag', fields: { partitions: 1 } }
    expect(reportText('script', report, now)).toBe('2024-05-03 09:08:07,006: max lag\n')
    expect(reportText('terminal', report, now)).toBe('2024-05-03 09:08:07,006: max lag\n')
    expect(reportText('json', report, now)).toBe(
      `{"apiVersion":"kt/v1","kind":"ReplicaLag","timestamp":${now},"partitions":1}\n`,
    )
    expect(reportText('yaml', report, now)).toBe(
      `---\napiVersion: kt/v1\nkind: ReplicaLag\ntimestamp: ${now}\npartitions: 1\n`,
    )
  })
})
