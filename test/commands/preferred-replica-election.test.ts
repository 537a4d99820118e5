import { describe, expect, it } from 'vitest'
import { memoryAdmin } from '../support/memory-admin.ts'
import { runCommand } from '../support/run-command.ts'

const localCluster = { find: async () => 'local:1', start: async () => 'started:1' }

describe('kt preferred-replica-election', () => {
  it('says what it is now, and does it', async () => {
    const { createAdmin, calls } = memoryAdmin({ electLeaders: async () => [] })
    const { code, stderr } = await runCommand(
      ['kafka-preferred-replica-election.sh', '--zookeeper', 'localhost:2181/kafka'],
      { createAdmin, localCluster },
    )
    expect(code).toBe(0)
    expect(stderr).toContain('now: kt leader-election --election-type preferred --all-topic-partitions')
    expect(calls.find(({ method }) => method === 'electLeaders')?.args.slice(0, 2)).toEqual(['PREFERRED', 'all'])
  })
  it('takes the partitions of a file', async () => {
    const { code, stderr } = await runCommand(['preferred-replica-election', '--path-to-json-file', '/gone.json'])
    expect(code).toBe(1)
    expect(stderr).toContain('--election-type preferred --path-to-json-file /gone.json')
    expect(stderr).not.toContain('--all-topic-partitions')
  })
})
