/** kcat (librdkafka) against the bundled node. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalCluster, startCluster } from '../../../src/index.ts'
import { runProcess } from '../../support/apache-kafka.ts'
import { lines, works } from './tools.ts'

const present = works('kcat', ['-V'])

describe.skipIf(!present)(`kcat${present ? '' : ' is not on this machine: skipped'}`, () => {
  let cluster: LocalCluster

  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster.close())

  const kcat = (args: readonly string[], input = '') =>
    runProcess('kcat', ['-b', cluster.bootstrapServers, ...args], { input, timeoutMs: 30_000 })

  it('lists a cluster of one broker', async () => {
    const { stdout, code } = await kcat(['-L'])
    expect(code).toBe(0)
    expect(stdout).toContain(`broker 1 at ${cluster.bootstrapServers} (controller)`)
  })

  it('produces to a topic that comes into being, and reads it back with keys and offsets', async () => {
    const produced = await kcat(['-P', '-t', 'fresh', '-K:'], 'k1:v1\nk2:v2\nk3:v3\n')
    expect(produced).toMatchObject({ code: 0 })
    const consumed = await kcat(['-C', '-t', 'fresh', '-e', '-q', '-f', '%p %o %k %s\n'])
    expect(consumed.stdout).toBe('0 0 k1 v1\n0 1 k2 v2\n0 2 k3 v3\n')
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('compresses with %s', async (codec) => {
    const text = lines(2000, `some text that repeats ${codec}`)
    expect((await kcat(['-P', '-t', `z-${codec}`, '-z', codec], text)).code).toBe(0)
    expect((await kcat(['-C', '-t', `z-${codec}`, '-e', '-q'])).stdout).toBe(text)
  })

  it('produces idempotently', async () => {
    const text = lines(5000, 'once')
    const produced = await kcat(['-P', '-t', 'idempotent', '-X', 'enable.idempotence=true'], text)
    expect(produced).toMatchObject({ code: 0 })
    expect((await kcat(['-C', '-t', 'idempotent', '-e', '-q'])).stdout).toBe(text)
  })

  it.each(['0', '1', 'all'])('produces with acks=%s', async (acks) => {
    expect((await kcat(['-P', '-t', `acks-${acks}`, '-X', `acks=${acks}`], lines(100, 'a'))).code).toBe(0)
    expect((await kcat(['-C', '-t', `acks-${acks}`, '-e', '-q'])).stdout).toBe(lines(100, 'a'))
  })

  it('starts where it is told: from an offset, from the end, from a time', async () => {
    await kcat(['-P', '-t', 'places'], lines(10, 'v'))
    expect((await kcat(['-C', '-t', 'places', '-o', '7', '-e', '-q'])).stdout).toBe('v-7\nv-8\nv-9\n')
    expect((await kcat(['-C', '-t', 'places', '-o', '-2', '-e', '-q'])).stdout).toBe('v-8\nv-9\n')
    const { stdout } = await kcat(['-Q', '-t', 'places:0:1'])
    expect(stdout).toContain('places [0] offset 0')
  })

  it('consumes in a group and goes on where the group was', async () => {
    await kcat(['-P', '-t', 'grouped'], lines(5, 'first'))
    const group = ['-G', 'kcat-group', '-q', '-e', '-X', 'auto.offset.reset=earliest', 'grouped']
    expect((await kcat(group)).stdout).toBe(lines(5, 'first'))
    await kcat(['-P', '-t', 'grouped'], lines(3, 'second'))
    expect((await kcat(group)).stdout).toBe(lines(3, 'second'))
  })
})
