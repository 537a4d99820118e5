/** Tables held against what `kafka-consumer-groups.sh` printed for the same groups. */
import { describe, expect, it } from 'vitest'
import {
  assignmentText,
  deletedOffsetsTable,
  listTable,
  type MemberRow,
  membersTable,
  type OffsetRow,
  offsetsTable,
  resetTable,
  type StateRow,
  stateTable,
} from '../../../src/commands/consumer-groups/tables.ts'

const lines = (...text: string[]): string => text.map((line) => `${line}\n`).join('')

const row = (partition: number, end: number, more: Partial<OffsetRow> = {}): OffsetRow => ({
  group: 'h-g1',
  topic: 'h-three',
  partition,
  leaderEpoch: null,
  currentOffset: 0,
  logEndOffset: end,
  lag: end,
  consumerId: null,
  host: null,
  clientId: null,
  ...more,
})

describe('offsetsTable', () => {
  it('prints a group without members', () => {
    const rows = [row(0, 2), row(1, 3, { currentOffset: 3, lag: 0, leaderEpoch: 0 })]
    expect(offsetsTable(rows, false)).toBe(
      lines(
        '',
        'GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID',
        'h-g1            h-three         0          0               2               2               -               -               -',
        'h-g1            h-three         1          3               3               0               -               -               -',
      ),
    )
    expect(offsetsTable(rows, true)).toBe(
      lines(
        '',
        'GROUP           TOPIC           PARTITION  LEADER-EPOCH    CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID',
        'h-g1            h-three         0          -               0               2               2               -               -               -',
        'h-g1            h-three         1          0               3               3               0               -               -               -',
      ),
    )
  })
  it('widens with long names, the last column alone is never padded', () => {
    const member = {
      consumerId: 'h-client-98b4e8bf-8123-4419-b2db-baa379f4b7d1',
      host: '/127.0.0.1',
      clientId: 'h-client',
    }
    expect(offsetsTable([row(0, 2, { group: 'h-classic', currentOffset: 2, lag: 0, ...member })], false)).toBe(
      lines(
        '',
        'GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID                                   HOST            CLIENT-ID',
        'h-classic       h-three         0          2               2               0               h-client-98b4e8bf-8123-4419-b2db-baa379f4b7d1 /127.0.0.1      h-client',
      ),
    )
  })
  it('prints - for what is not known', () => {
    const table = offsetsTable([row(0, 0, { currentOffset: null, logEndOffset: null, lag: null })], false)
    expect(table.split('\n')[2]).toBe(
      'h-g1            h-three         0          -               -               -               -               -               -',
    )
  })
})

const member = (more: Partial<MemberRow> = {}): MemberRow => ({
  group: 'h-classic',
  consumerId: 'inst-1-ee363891',
  groupInstanceId: '',
  host: '/127.0.0.1',
  clientId: 'h-client',
  assignment: [{ topic: 'h-three', partition: 2 }],
  targetAssignment: [],
  currentEpoch: null,
  targetEpoch: null,
  upgraded: null,
  ...more,
})

describe('membersTable', () => {
  it('pads every column and ends each line with a blank', () => {
    expect(membersTable([member()], false)).toBe(
      lines(
        '',
        'GROUP           CONSUMER-ID     HOST            CLIENT-ID       #PARTITIONS     ',
        'h-classic       inst-1-ee363891 /127.0.0.1      h-client        1               ',
      ),
    )
  })
  it('shows instance ids when there are any', () => {
    expect(membersTable([member({ groupInstanceId: 'inst-1' }), member({ assignment: [] })], false)).toBe(
      lines(
        '',
        'GROUP           CONSUMER-ID     GROUP-INSTANCE-ID HOST            CLIENT-ID       #PARTITIONS     ',
        'h-classic       inst-1-ee363891 inst-1            /127.0.0.1      h-client        1               ',
        'h-classic       inst-1-ee363891                   /127.0.0.1      h-client        0               ',
      ),
    )
  })
  it('shows epochs and assignments with --verbose', () => {
    const assignment = [2, 0, 1].map((partition) => ({ topic: 'h-three', partition }))
    const rows = [member({ assignment, targetAssignment: assignment, currentEpoch: 2, targetEpoch: 2 })]
    expect(membersTable(rows, true)).toBe(
      lines(
        '',
        'GROUP           CONSUMER-ID     HOST            CLIENT-ID       #PARTITIONS     CURRENT-EPOCH   CURRENT-ASSIGNMENT   TARGET-EPOCH    TARGET-ASSIGNMENT   ',
        'h-classic       inst-1-ee363891 /127.0.0.1      h-client        3               2               h-three:0,1,2        2               h-three:0,1,2       ',
      ),
    )
  })
  it('says who speaks the new protocol only while a group migrates', () => {
    const rows = [member({ upgraded: true }), member({ upgraded: false })]
    expect(membersTable(rows, true)).toContain('TARGET-ASSIGNMENT    UPGRADED\n')
    expect(membersTable(rows, true)).toContain(' true\n')
    expect(membersTable([member({ upgraded: true })], true)).not.toContain('UPGRADED')
  })
  it('prints the header of an empty group', () => {
    const header = 'GROUP           CONSUMER-ID     HOST            CLIENT-ID       #PARTITIONS     '
    expect(membersTable([], false)).toBe(lines('', header))
  })
})

describe('assignmentText', () => {
  it('sorts topics, and partitions as numbers', () => {
    const assignment = [...[10, 9, 2].map((partition) => ({ topic: 'b', partition })), { topic: 'a', partition: 0 }]
    expect(assignmentText(assignment)).toBe('a:0;b:2,9,10')
    expect(assignmentText([])).toBe('-')
  })
})

describe('stateTable', () => {
  const state: StateRow = {
    group: 'h-cons',
    coordinator: '127.0.0.1:29092  (1)',
    assignmentStrategy: 'uniform',
    state: 'Stable',
    groupEpoch: 2,
    targetAssignmentEpoch: null,
    memberCount: 1,
  }
  it('prints header and row', () => {
    expect(stateTable({ ...state, assignmentStrategy: '', state: 'Empty', memberCount: 0 }, false)).toBe(
      lines(
        '',
        'GROUP           COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE                #MEMBERS',
        'h-cons          127.0.0.1:29092  (1)      -                    Empty                0',
      ),
    )
  })
  it('prints epochs with --verbose', () => {
    expect(stateTable(state, true)).toBe(
      lines(
        '',
        'GROUP           COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE                GROUP-EPOCH     TARGET-ASSIGNMENT-EPOCH   #MEMBERS',
        'h-cons          127.0.0.1:29092  (1)      uniform              Stable               2               -                         1',
      ),
    )
  })
})

describe('listTable', () => {
  const groups = [
    { groupId: 'console-consumer-85125', type: 'Classic', state: 'Empty', protocolType: 'consumer' },
    { groupId: 'h', type: '', state: '', protocolType: '' },
  ]
  it('prints the columns asked for', () => {
    expect(listTable(groups, true, true)).toBe(
      lines(
        'GROUP                            TYPE                 STATE               ',
        'console-consumer-85125           Classic              Empty               ',
        'h                                Unknown              Unknown             ',
      ),
    )
    expect(listTable(groups.slice(0, 1), false, true)).toBe(
      lines(
        'GROUP                            STATE               ',
        'console-consumer-85125           Empty               ',
      ),
    )
  })
  it('prints the header alone when there are no groups', () => {
    expect(listTable([], false, true)).toBe('GROUP                     STATE               \n')
  })
})

describe('resetTable', () => {
  it('prints what is set', () => {
    const plan = new Map([['h-g1', [{ topic: 'h-three', partition: 1, offset: 3 }]]])
    expect(resetTable(plan)).toBe(
      lines(
        '',
        'GROUP           TOPIC           PARTITION  NEW-OFFSET',
        'h-g1            h-three         1          3',
      ),
    )
  })
  it('prints the header of a group that gets nothing, and a line break when there is no group', () => {
    const header = 'GROUP           TOPIC           PARTITION  NEW-OFFSET'
    expect(resetTable(new Map([['g', []]]))).toBe(lines('', header))
    expect(resetTable(new Map())).toBe('\n')
  })
})

describe('deletedOffsetsTable', () => {
  it('sorts by topic and partition as text, and pads the last column too', () => {
    const rows = [
      { topic: 't', partition: 10, error: null },
      { topic: 't', partition: 2, error: 'no' },
      { topic: 'gone', partition: -1, error: 'unknown' },
    ]
    expect(deletedOffsetsTable(rows)).toBe(
      lines(
        '',
        'TOPIC           PARTITION  STATUS         ',
        'gone            -          Error: unknown ',
        't               10         Successful     ',
        't               2          Error: no      ',
      ),
    )
  })
})
