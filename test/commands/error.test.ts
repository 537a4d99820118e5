import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { runCommand } from '../support/run-command.ts'

const run = (line: string) => runCommand(['error', ...line.split(' ').filter((word) => word !== '')])

describe('kt error', () => {
  it.each(['3', 'UNKNOWN_TOPIC_OR_PARTITION', 'unknown_topic_or_partition', 'UnknownTopicOrPartitionException'])(
    'finds %s',
    async (word) => {
      const { code, stdout } = await run(word)
      expect(code).toBe(0)
      expect(stdout).toBe(
        'UNKNOWN_TOPIC_OR_PARTITION  code 3, the same request may succeed later\n' +
          '  This server does not host this topic-partition.\n' +
          '  Java: UnknownTopicOrPartitionException\n' +
          '  The topic is not there, or this broker has not heard of it yet. List them: kt topics --list\n',
      )
    },
  )

  it('finds by the class with its package, several, and parts', async () => {
    expect((await run('org.apache.kafka.common.errors.NotLeaderOrFollowerException')).stdout).toMatch(/^NOT_LEADER/)
    expect((await run('1 2')).stdout).toMatch(/^OFFSET_OUT_OF_RANGE[\s\S]*\n\nCORRUPT_MESSAGE/)
    expect((await run('not_enough')).stdout).toMatch(/NOT_ENOUGH_REPLICAS [\s\S]*NOT_ENOUGH_REPLICAS_AFTER_APPEND /)
    expect((await run('-1')).stdout).toMatch(/^UNKNOWN_SERVER_ERROR /)
  })

  it('lists all, in the order of codes', async () => {
    const lines = (await run('')).stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(Object.keys(ErrorCode).length)
    expect(lines.slice(0, 3)).toEqual(['  -1  UNKNOWN_SERVER_ERROR', '   0  NONE', '   1  OFFSET_OUT_OF_RANGE'])
    const { errors } = JSON.parse((await run('--format json')).stdout) as { errors: { code: number }[] }
    expect(errors).toHaveLength(lines.length)
    expect(errors[2]).toMatchObject({ code: 1, name: 'OFFSET_OUT_OF_RANGE', retriable: false })
  })

  it('says that there is none', async () => {
    expect(await run('999')).toMatchObject({ code: 8, stderr: expect.stringContaining('Kafka has no error 999') })
    expect((await run('NOT_LEDER_OR_FOLLOWER')).stderr).toContain('did you mean NOT_LEADER_OR_FOLLOWER?')
    expect((await run('3 --format xml')).code).toBe(2)
  })
})
