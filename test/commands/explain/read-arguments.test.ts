import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/cli/program.ts'
import { readArguments } from '../../../src/commands/explain/read-arguments.ts'

async function read(line: string) {
  const [name = '', ...args] = line.split(' ')
  return readArguments(name, args, await (await COMMANDS[name]!.load()).grammar())
}
const modern = async (line: string) => (await read(line)).flatMap((part) => part.modern).join(' ')

describe('the arguments of a line', () => {
  it('are options with their values, in both spellings', async () => {
    const parts = await read('topics --create --topic=orders --partitions 3')
    expect(parts.map(({ option, values }) => [option, ...values])).toEqual([
      ['create'],
      ['topic', 'orders'],
      ['partitions', '3'],
    ])
    expect(parts.every(({ status, meaning }) => status === 'known' && /\.$/.test(meaning))).toBe(true)
  })

  it.each([
    ['topics --list --zookeeper zk1:2181,zk2:2181/chroot', 'old', '--list --bootstrap-server zk1:9092,zk2:9092'],
    ['console-producer --broker-list b:9092 --topic t', 'old', '--bootstrap-server b:9092 --topic t'],
    ['console-consumer --whitelist a.* --new-consumer', 'old', '--include a.*'],
    ['console-consumer --topic t --property print.key=true', 'old', '--topic t --formatter-property print.key=true'],
    ['console-consumer --topic t --consumer.config c', 'old', '--topic t --command-config c'],
    ['consumer-groups --list --new-consumer --bootstrap-server b:1', 'old', '--list --bootstrap-server b:1'],
    ['acls --list --authorizer-properties zookeeper.connect=z:2181', 'old', '--list --bootstrap-server z:9092'],
  ])('%s: old options become new ones', async (line, status, expected) => {
    expect((await read(line)).some((part) => part.status === status)).toBe(true)
    expect(await modern(line)).toBe(expected)
  })

  it('knows an option that exists from one of that name that is gone', async () => {
    expect((await read('replica-verification --broker-list b:9092'))[0]!.status).toBe('known')
    expect((await read('log-dirs --describe --broker-list 1,2')).map(({ status }) => status)).toEqual([
      'known',
      'known',
    ])
  })

  it('leaves an optional value alone when an option follows', async () => {
    const parts = await read('consumer-groups --list --state --bootstrap-server b:1')
    expect(parts.map(({ option, values }) => [option, ...values])).toEqual([
      ['list'],
      ['state'],
      ['bootstrap-server', 'b:1'],
    ])
  })

  it('knows subcommands, their options and short names', async () => {
    const parts = await read('storage format -t abc --standalone -c file')
    expect(parts.map(({ option, values }) => option ?? values[0])).toEqual([
      'format',
      'cluster-id',
      'standalone',
      'config',
    ])
    expect(await modern('storage format -t abc -c file')).toBe('format -t abc -c file')
  })

  it('names the nearest option for one that never was', async () => {
    const [part] = await read('topics --replication-facter 3')
    expect(part).toMatchObject({ status: 'unknown', words: ['--replication-facter', '3'] })
    const [old] = await read('topics --zookeper localhost:2181')
    expect(old).toMatchObject({ status: 'unknown', meaning: expect.stringContaining('--zookeeper') })
    expect(part!.meaning).toContain('--replication-factor')
  })

  it('says of a stray word that it is one', async () => {
    expect((await read('topics --list orders'))[1]).toMatchObject({ status: 'unknown' })
    expect((await read('server-start config/server.properties'))[0]).toMatchObject({ status: 'known' })
  })
})
