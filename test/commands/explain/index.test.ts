import { describe, expect, it } from 'vitest'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

const run = (args: string[], options: RunOptions = {}) => runCommand(['explain', ...args], options)

describe('kt explain', () => {
  it('takes a line as one word, as several, or from standard input, and connects to nothing', async () => {
    const line = "kafka-topics.sh --delete --topic 'a b'"
    const one = await run([line])
    expect(one).toMatchObject({ code: 0, stderr: '' })
    expect(one.stdout).toContain('kt topics --delete --topic ')
    expect((await run(['kafka-topics.sh', '--delete', '--topic', 'a b'])).stdout).toBe(one.stdout)
    expect((await run([], { input: `${line}\n` })).stdout).toBe(one.stdout)
  })

  it('prints a document', async () => {
    const { stdout } = await run(['--format', 'json', 'kafka-topics.sh --list --zookeeper z:2181 --format x'])
    const { kind, commands } = JSON.parse(stdout)
    expect(kind).toBe('Explanation')
    expect(commands[0]).toMatchObject({ command: 'topics', modern: { kt: expect.stringContaining('z:9092') } })
    expect(commands[0].parts.map(({ status }: { status: string }) => status)).toEqual(['known', 'old', 'known'])
  })

  it('refuses a line without any program of Kafka’s', async () => {
    const { code, stdout, stderr } = await run(['ls -l | grep x'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain("there is none of Kafka's programs in it")
    expect((await run(['--format', 'xml', 'kafka-topics.sh'])).code).toBe(2)
    expect((await run([''])).code).toBe(2)
  })

  it('shows how it is used: asked for on stdout; at a terminal without a line on stderr', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, stderr: '' })
    expect(await run([], { terminal: true })).toMatchObject({ code: 2, stdout: '' })
  })

  it('knows a script that is not Apache’s for what it is', async () => {
    expect((await run(['kafka-avro-console-producer --topic t'])).stderr).toContain('Not a program of Apache Kafka')
  })
})
