/** Records out of the bundled node, in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { type CommandResult, type RunOptions, runCommand } from '../../support/run-command.ts'

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster({
    config: { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '2' },
  })
  await kt('topics', ['--create', '--topic', 'one', '--partitions', '1'])
  await kt('topics', ['--create', '--topic', 'three', '--partitions', '3'])
  await produce('one', 'a\nb\nc\nd\n')
  await produce('three', '1\tx\n2\ty\n3\tz\n4\tw\n5\tv\n', '--reader-property', 'parse.key=true')
})
afterAll(() => cluster.close())

const kt = (command: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> =>
  runCommand([command, '--bootstrap-server', cluster.bootstrapServers, ...args], options)

async function produce(topic: string, input: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await kt('console-producer', ['--topic', topic, ...args], { input })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}

const consume = (args: string, options: RunOptions = {}): Promise<CommandResult> =>
  kt('console-consumer', args.split(' '), options)

const processed = (count: number): string => `Processed a total of ${count} messages\n`

describe('without a group', () => {
  it('reads from the beginning', async () => {
    expect(await consume('--topic one --from-beginning --max-messages 4')).toMatchObject({
      code: 0,
      stdout: 'a\nb\nc\nd\n',
      stderr: processed(4),
    })
  })

  it('ends when nothing came for a while, with what it had', async () => {
    expect(await consume('--topic one --from-beginning --timeout-ms 300')).toMatchObject({
      code: 0,
      stdout: 'a\nb\nc\nd\n',
      stderr: processed(4),
    })
  })

  it('reads all partitions', async () => {
    const { stdout } = await consume(
      '--topic three --from-beginning --max-messages 5 --formatter-property print.key=true',
    )
    expect(stdout.trim().split('\n').sort()).toEqual(['1\tx', '2\ty', '3\tz', '4\tw', '5\tv'])
  })

  it.each([
    ['--offset 2 --max-messages 2', 'c\nd\n'],
    ['--offset earliest --max-messages 1', 'a\n'],
    ['--from-beginning --max-messages 1', 'a\n'],
    ['--offset LATEST --timeout-ms 200', ''],
    ['--timeout-ms 200', ''],
  ])('reads one partition: %s', async (args, stdout) => {
    expect((await consume(`--topic one --partition 0 ${args}`)).stdout).toBe(stdout)
  })

  it('begins again where auto.offset.reset says when the offset is not there', async () => {
    const args = '--topic one --partition 0 --offset 99 --max-messages 1 --command-property auto.offset.reset=earliest'
    expect((await consume(args)).stdout).toBe('a\n')
  })

  it('begins at a duration before now', async () => {
    const hour = '--topic one --max-messages 4 --command-property auto.offset.reset=by_duration:PT1H'
    expect((await consume(hour)).stdout).toBe('a\nb\nc\nd\n')
    const bad = await consume('--topic one --command-property auto.offset.reset=by_duration:soon')
    expect(bad.code).toBe(1)
  })

  it('sees what is written while it waits', async () => {
    await kt('topics', ['--create', '--topic', 'later', '--partitions', '1'])
    const reading = consume('--topic later --from-beginning --max-messages 1 --timeout-ms 10000')
    await produce('later', 'there you are\n')
    expect((await reading).stdout).toBe('there you are\n')
  })

  it('reads every topic whose whole name matches, internal ones left out', async () => {
    const { stdout } = await consume('--include on.|thr.* --from-beginning --timeout-ms 500')
    expect(stdout.trim().split('\n').sort()).toEqual(['a', 'b', 'c', 'd', 'v', 'w', 'x', 'y', 'z'])
    expect((await consume('--include n --from-beginning --timeout-ms 200')).stdout).toBe('')
    expect((await consume('--include __.* --from-beginning --timeout-ms 200')).stdout).toBe('')
  })

  it('waits for a topic that does not exist yet, naming near ones', async () => {
    await kt('topics', ['--create', '--topic', 'payments', '--partitions', '1'])
    const args = '--topic paymets --from-beginning --timeout-ms 300 --command-property allow.auto.create.topics=false'
    const ending = new AbortController()
    setTimeout(() => ending.abort('SIGINT'), 600)
    const { code, stdout, stderr } = await consume(args, { signal: ending.signal })
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(stderr).toContain("Topic 'paymets' does not exist yet (did you mean 'payments'?). Waiting for it.")
  })

  it('makes the topic appear where the cluster creates topics by itself', async () => {
    const { stderr } = await consume('--topic appears --from-beginning --timeout-ms 300')
    expect(stderr).toContain("Topic 'appears' does not exist yet")
    expect((await kt('topics', ['--list'])).stdout).toContain('appears\n')
  })

  it('tells of a partition that is not there', async () => {
    const { code, stderr } = await consume('--topic one --partition 9 --offset earliest --timeout-ms 200')
    expect(code).toBe(0)
    expect(stderr).toContain("Topic 'one' has no partition 9 yet: it has 1.")
  })

  it('leaves no group behind', async () => {
    await consume('--topic one --from-beginning --max-messages 1')
    expect((await kt('consumer-groups', ['--list'])).stdout).not.toContain('console-consumer')
  })
})

describe('with a group', () => {
  it('goes on where it stopped, to the record', async () => {
    const read = (args: string) => consume(`--topic one --group g1 ${args}`)
    expect((await read('--from-beginning --max-messages 2')).stdout).toBe('a\nb\n')
    expect((await read('--from-beginning --max-messages 1')).stdout).toBe('c\n')
    const { stdout } = await kt('consumer-groups', ['--describe', '--group', 'g1'])
    expect(stdout.split('\n')[2]!.split(/ +/).slice(0, 6)).toEqual(['g1', 'one', '0', '3', '4', '1'])
    expect((await read('--timeout-ms 1500')).stdout).toBe('d\n')
  })

  it('remembers where it began, although it read nothing', async () => {
    await kt('topics', ['--create', '--topic', 'quiet', '--partitions', '1'])
    await consume('--topic quiet --group g2 --timeout-ms 1500')
    await produce('quiet', 'meanwhile\n')
    expect((await consume('--topic quiet --group g2 --max-messages 1 --timeout-ms 5000')).stdout).toBe('meanwhile\n')
  })

  it('commits nothing when it is told not to', async () => {
    const args = '--topic one --group g3 --from-beginning --max-messages 2 --command-property enable.auto.commit=false'
    await consume(args)
    expect((await consume(args)).stdout).toBe('a\nb\n')
  })

  it('takes the group from the properties too, but only one', async () => {
    const args = '--topic one --from-beginning --max-messages 1 --command-property group.id=g4'
    expect((await consume(args)).stdout).toBe('a\n')
    const two = await consume(`${args} --group other`)
    expect(two.code).toBe(1)
    expect(two.stderr).toContain("Detected group ids: 'other', 'g4'")
  })
})

describe('formatters of internal topics', () => {
  it('prints committed offsets and groups as JSON, without line breaks', async () => {
    await consume('--topic one --group g5 --from-beginning --max-messages 4')
    const read = (formatter: string) =>
      consume(
        `--topic __consumer_offsets --from-beginning --timeout-ms 500 --formatter org.apache.kafka.tools.consumer.${formatter}`,
      )
    const offsets = (await read('OffsetsMessageFormatter')).stdout
    expect(offsets).toContain('{"key":{"type":1,"data":{"group":"g5","topic":"one","partition":0}},"value":{"version":')
    expect(offsets).not.toContain('\n')
    const groups = (await read('GroupMetadataMessageFormatter')).stdout
    expect(groups).toContain('{"key":{"type":2,"data":{"group":"g5"}},"value":{"version":')
    expect(groups).not.toContain('"type":1')
  })
})

describe('the end', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('on %s it prints the count and exits with %i', async (signal, expected) => {
    const ending = new AbortController()
    setTimeout(() => ending.abort(signal), 400)
    const result = await consume('--topic one --from-beginning', { signal: ending.signal })
    expect(result).toMatchObject({ code: expected, stdout: 'a\nb\nc\nd\n', stderr: processed(4) })
  })

  it('on a closed output it says so and exits with 0', async () => {
    const ending = new AbortController()
    setTimeout(() => ending.abort('closed'), 400)
    const result = await consume('--topic one --from-beginning', { signal: ending.signal })
    expect(result.code).toBe(0)
    expect(result.stderr).toBe(`Unable to write to standard out, closing consumer.\n${processed(4)}`)
  })

  it('prints shutdown_complete for system tests', async () => {
    const { stdout } = await consume('--topic one --from-beginning --max-messages 1 --enable-systest-events')
    expect(stdout).toBe('a\nshutdown_complete\n')
  })
})

describe('records it cannot print', () => {
  const LONGS = '--topic one --from-beginning --max-messages 2 --value-deserializer LongDeserializer'

  it('end it with the count and the reason', async () => {
    const { code, stdout, stderr } = await consume(LONGS)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(processed(1))
    expect(stderr).toContain('SerializationException: Size of data received by LongDeserializer is not 8')
  })
  it('are stepped over on request', async () => {
    const { code, stderr } = await consume(`${LONGS} --skip-message-on-error`)
    expect(code).toBe(0)
    expect(stderr.match(/skipping this message/g)).toHaveLength(2)
    expect(stderr).toContain(processed(2))
  })
  it('are printed as bytes by a deserializer it does not know', async () => {
    const { stdout, stderr } = await consume('--topic one --from-beginning --max-messages 1 --value-deserializer a.B')
    expect(stdout).toBe('a\n')
    expect(stderr).toContain('Unable to instantiate a deserializer from a.B')
  })
})
