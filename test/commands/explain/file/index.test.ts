import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../../src/cli/program.ts'
import { explain } from '../../../../src/commands/explain/explanation.ts'
import { FILES, LOG_DIRECTORY, PARTITION_DIRECTORY } from '../../../../src/commands/explain/file/files.ts'
import { meanings } from '../../../../src/commands/explain/file/index.ts'
import { encodeBatch } from '../../../../src/protocol/records/record.ts'

/** A batch as it lies in a segment. */
const batchOf = (baseOffset: number, count: number): Buffer =>
  encodeBatch(
    Array.from({ length: count }, (_, at) => ({ timestamp: 1_000 + at, key: null, value: Buffer.from(`value ${at}`) })),
    { baseOffset },
  )

let home: string
beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-explain-files-'))
})
afterAll(() => fs.rmSync(home, { recursive: true, force: true }))

const put = (name: string, data: string | Uint8Array): string => {
  const file = path.join(home, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, data)
  return file
}
const contentsOf = async (file: string): Promise<Record<string, string>> => {
  const [meaning] = await meanings(file)
  const contents = meaning!.details.contents as unknown as { name: string; value: string }[]
  return Object.fromEntries(contents.map(({ name, value }) => [name, value]))
}
const whatIs = async (name: string) => (await meanings(name))[0]?.title

describe('files of a data directory by name', () => {
  it.each([
    ['/tmp/kafka-logs/t-0/00000000000000000000.log', 'segment'],
    ['.timeindex', 'time index'],
    ['00000000000000000042.index', 'offset index'],
    ['.txnindex', 'transaction index'],
    ['.snapshot', 'snapshot of producers'],
    ['00000000000000000042-0000000007.checkpoint', 'snapshot of the metadata'],
    ['bootstrap.checkpoint', 'first metadata of a cluster'],
    ['meta.properties', 'identity of a directory'],
    ['partition.metadata', 'identity of a partition'],
    ['leader-epoch-checkpoint', 'checkpoint of leader epochs'],
    ['recovery-point-offset-checkpoint', 'checkpoint of recovery points'],
    ['replication-offset-checkpoint', 'checkpoint of high watermarks'],
    ['log-start-offset-checkpoint', 'checkpoint of log starts'],
    ['quorum-state', 'vote'],
    ['.kafka_cleanshutdown', 'mark of an orderly stop'],
    ['.lock', 'lock'],
    ['__cluster_metadata-0', 'metadata log'],
    ['__consumer_offsets-12', 'partition of __consumer_offsets'],
    ['orders-0.0123456789abcdef0123456789abcdef-delete', 'partition that is being deleted'],
    ['-future', 'partition on its way to this directory'],
    ['-stray', 'stray partition'],
    ['00000000000000000000.log.deleted', 'segment file on its way'],
  ])('%s', async (name, what) => {
    expect(await whatIs(name)).toBe(what)
  })

  it('is nothing else', async () => {
    for (const name of ['orders-0', 'KIP-848', 'readme.txt', '', '/', '..', 'log'])
      expect(await meanings(name)).toEqual([])
  })

  it('says what it is, who writes it, what a crash does, in sentences, with lines that run', async () => {
    for (const { meaning, written, crash, lines } of [...FILES, LOG_DIRECTORY, PARTITION_DIRECTORY]) {
      for (const text of [meaning, written, crash]) expect(text).toMatch(/^[A-Z.].*\.$/s)
      for (const line of lines) {
        const [command] = (await explain(line, COMMANDS)).commands
        const unknown = command!.parts.filter(({ status, option }) => status !== 'known' && option !== undefined)
        expect([line, command!.command === null, unknown]).toEqual([line, false, []])
      }
    }
  })
})

describe('what is in a file', () => {
  it('of a segment: offsets, records, times, how it ends', async () => {
    const batches = [batchOf(40, 3), batchOf(43, 2)]
    const file = put('orders-0/00000000000000000040.log', Buffer.concat(batches))
    expect(await contentsOf(file)).toMatchObject({
      offsets: '40 to 44',
      batches: '2',
      records: '5',
      compression: 'none',
    })
    const torn = put('orders-0/00000000000000000050.log', Buffer.concat([batches[0]!, batches[1]!.subarray(0, 70)]))
    expect((await contentsOf(torn)).end).toMatch(/^70 bytes from byte \d+ on are no whole batch/)
    const damaged = Buffer.from(batches[0]!)
    damaged[damaged.length - 1]! ^= 1
    expect((await contentsOf(put('orders-0/00000000000000000060.log', damaged))).damaged).toMatch(/^1 batch whose/)
    expect(await contentsOf(put('orders-0/00000000000000000070.log', ''))).toEqual({ size: 'empty' })
  })

  it('of indexes: entries, and the zeros of a preallocated one', async () => {
    const index = Buffer.alloc(8 * 5)
    index.writeInt32BE(2, 0)
    index.writeInt32BE(100, 4)
    index.writeInt32BE(4, 8)
    index.writeInt32BE(200, 12)
    expect(await contentsOf(put('orders-0/00000000000000000040.index', index))).toEqual({
      ...{ size: '40 bytes', entries: '2, then 24 bytes of zeros (preallocated)' },
      ...{ first: 'offset 42 at byte 100', last: 'offset 44 at byte 200' },
    })
    const times = Buffer.alloc(12)
    times.writeBigInt64BE(1_000n, 0)
    times.writeInt32BE(2, 8)
    expect(await contentsOf(put('orders-0/00000000000000000040.timeindex', times))).toEqual({
      ...{ size: '12 bytes', entries: '1', first: '1970-01-01T00:00:01.000Z at offset 42' },
    })
  })

  it('of checkpoints and small text', async () => {
    expect(await contentsOf(put('leader-epoch-checkpoint', '0\n2\n0 0\n3 42\n'))).toMatchObject({
      ...{ entries: '2', 'epoch 0': 'from offset 0', 'epoch 3': 'from offset 42' },
    })
    expect(await contentsOf(put('replication-offset-checkpoint', '0\n1\norders 2 17\n'))).toMatchObject({
      'orders-2': '17',
    })
    expect(await contentsOf(put('meta.properties', '#\nnode.id=1\ncluster.id=abc\n'))).toMatchObject({
      ...{ 'node.id': '1', 'cluster.id': 'abc' },
    })
    const many = Array.from({ length: 30 }, (_, at) => `orders ${at} 1\n`).join('')
    expect((await contentsOf(put('recovery-point-offset-checkpoint', `0\n30\n${many}`)))['...']).toBe('18 more')
  })

  it('is told where it is broken, too large for what it is, or cannot be read', async () => {
    expect((await contentsOf(put('log-start-offset-checkpoint', '0\n5\n'))).broken).toMatch(/promises 5 entries/)
    expect((await contentsOf(put('00000000000000000001.snapshot', 'xyz'))).broken).toMatch(/only 3 bytes/)
    const large = put('cleaner-offset-checkpoint', '')
    fs.truncateSync(large, 2 * 1024 * 1024)
    expect((await contentsOf(large))['not read']).toMatch(/more than such a file has/)
  })

  it('of a segment that is large: the beginning and the end', async () => {
    const file = put('big-0/00000000000000000000.log', batchOf(0, 1))
    fs.truncateSync(file, 1024 ** 3)
    expect(await contentsOf(file)).toMatchObject({
      offsets: '0 to 0',
      batches: expect.stringMatching(/beginning and the end/),
    })
  })

  it('of directories: a replica, a log directory; others are nothing of Kafka’s', async () => {
    put('a b/x', '')
    put('data/meta.properties', 'node.id=1\n')
    put('data/orders-3/partition.metadata', 'version: 0\ntopic_id: x\n')
    put('data/orders-3/00000000000000000000.log', 'abc')
    put('data/orders-3/00000000000000000042.log', '')
    expect(await contentsOf(path.join(home, 'data/orders-3/'))).toEqual({
      segments: '2, 3 bytes',
      first: '00000000000000000000.log: begins with offset 0',
      active: '00000000000000000042.log: begins with offset 42',
    })
    expect(await whatIs(path.join(home, 'data'))).toBe('log directory')
    expect(await contentsOf(path.join(home, 'data'))).toEqual({ replicas: '1' })
    expect(await meanings(path.join(home, 'a b'))).toEqual([])
    expect(await meanings(path.join(home, 'big-0'))).toEqual([])
  })

  it('fills the file into the lines to type, quoted where a shell wants it', async () => {
    const [meaning] = await meanings(put('a b/00000000000000000000.index', ''))
    expect((meaning!.details.lines as string[])[0]).toMatch(
      /^kt dump-log --files '.*\/a b\/00000000000000000000\.index'$/,
    )
  })
})
