import { describe, expect, it } from 'vitest'
import { runCommand } from '../../support/run-command.ts'

const BASE = '--topic t --num-records 10 --record-size 1 --throughput -1'
const run = (args: string) => runCommand(['producer-perf-test', ...args.split(' ').filter((word) => word !== '')])

describe('options of producer-perf-test', () => {
  it.each([
    [`${BASE} --num-records 0`, '--num-records should be greater than zero.'],
    [`${BASE} --warmup-records 10`, 'The value for --warmup-records must be strictly fewer than'],
    [`${BASE} --record-size 0`, '--record-size should be greater than zero.'],
    [`${BASE} --reporting-interval 0`, '--reporting-interval should be greater than zero.'],
    [`${BASE} --transaction-duration-ms 0`, '--transaction-duration-ms should be greater than zero.'],
    [`${BASE} --command-property a=1 --producer-props b=2`, '--command-property and --producer-props cannot be'],
    [`${BASE} --command-config a --producer.config b`, '--command-config and --producer.config cannot be'],
    [`${BASE} --payload-monotonic`, 'not allowed with argument --record-size'],
    [`${BASE} --command-property`, 'argument --command-property: expected 1 argument(s)'],
    [`${BASE} --command-property acks=1 linger`, 'Invalid property: linger'],
    [`${BASE} --num-records x`, "could not convert 'x' to Long"],
    ['--topic t --num-records 1 --throughput -1', 'one of the arguments'],
  ])('%s', async (line, message) => {
    const { code, stderr, stdout } = await run(line)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
  })

  it('prints its help when there is nothing to do', async () => {
    const { code, stdout } = await run('')
    expect(code).toBe(0)
    expect(stdout).toContain('--num-records')
    expect((await run('--help')).code).toBe(1)
  })
})
