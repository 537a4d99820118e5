import { describe, expect, it } from 'vitest'
import { Findings } from '../../../src/commands/dump-log/findings.ts'

describe('Findings', () => {
  it('is silent when all is well', () => {
    expect(new Findings().text()).toBe('')
  })
  it('tells index mismatches, the latest offset first, then time indexes, then gaps', () => {
    const findings = new Findings()
    findings.gap('/a.log', -1, 5)
    findings.timeIndex('not-found', '/a.timeindex', 7, -1)
    findings.indexMismatch('/a.index', 1, 2)
    findings.indexMismatch('/a.index', 9, 8)
    findings.timeIndex('mismatch', '/a.timeindex', 3, 4)
    expect(findings.text()).toBe(
      [
        'Mismatches in :/a.index',
        '  Index offset: 9, log offset: 8',
        '  Index offset: 1, log offset: 2',
        'Found timestamp mismatch in :/a.timeindex',
        '  Index timestamp: 3, log timestamp: 4',
        'The following indexed offsets are not found in :/a.timeindex',
        'Indexed offset: 7, found log offset: -1',
        'Non-consecutive offsets in /a.log',
        '  -1 is followed by 5',
        '',
      ].join('\n'),
    )
  })
  it('does not keep millions of them', () => {
    const findings = new Findings()
    for (let offset = 0; offset < 20_000; offset++) findings.gap('/a.log', offset, offset + 2)
    expect(findings.text().split('\n').length).toBeLessThan(10_010)
  })
})
