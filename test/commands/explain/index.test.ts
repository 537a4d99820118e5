import * as net from 'node:net'
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

  it('explains single words, and gives the nearest for one that is none', async () => {
    expect(await run(['retention.ms=60000'])).toMatchObject({ code: 0, stdout: expect.stringContaining('1 minute') })
    const { terms, commands } = JSON.parse((await run(['--format', 'json', 'linger.ms'])).stdout)
    expect(terms).toEqual([expect.objectContaining({ term: 'linger.ms', kind: 'setting', of: 'client' })])
    expect(commands).toEqual([])
    const { code, stderr } = await run(['retnetion.ms'])
    expect(code).toBe(8)
    expect(stderr).toContain("'retnetion.ms' is no setting, option, error, file, metric or word of Kafka")
    expect(stderr).toContain('did you mean retention.ms')
  })

  it('explains the settings on a line', async () => {
    const { stdout } = await run([
      '--format',
      'json',
      'kafka-configs.sh --alter --topic t --add-config retention.ms=1,clenup.policy=x',
    ])
    const part = JSON.parse(stdout).commands[0].parts.at(-1)
    expect(part.settings.map(({ key, status }: Record<string, string>) => [key, status])).toEqual([
      ['retention.ms', 'known'],
      ['clenup.policy', 'unknown'],
    ])
  })

  it('shows what it knows before a server has answered that never does, and then says so', async () => {
    const sockets: net.Socket[] = []
    const silent = net.createServer((socket) => sockets.push(socket))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const server = `127.0.0.1:${(silent.address() as net.AddressInfo).port}`
    const { code, stdout } = await run(['--bootstrap-server', server, 'min.insync.replicas', 'nosuch.setting'])
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => silent.close(resolve))
    expect(code).toBe(0)
    expect(stdout.match(/^min\.insync\.replicas \((topic|broker) setting\)$/gm)).toHaveLength(2)
    expect(stdout).toContain('Not known: nosuch.setting')
    const [before, after] = stdout.split('The cluster is asked for live values ...')
    expect(before).toContain('To change it')
    expect(after).toContain(`No live values: ${server} did not answer.`)
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
