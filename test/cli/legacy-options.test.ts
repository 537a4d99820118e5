import { describe, expect, it } from 'vitest'
import { translateLegacyOptions } from '../../src/cli/legacy-options.ts'
import { flag, text } from '../../src/cli/options.ts'

const table = { list: flag(''), include: text('x', ''), 'bootstrap-server': text('x', '') }
const translate = (line: string) => translateLegacyOptions(line.split(' '), table)

describe('options of older Kafka versions', () => {
  it('leaves a line of today alone, the very same array', () => {
    const args = ['--list', '--bootstrap-server', 'a:1']
    expect(translateLegacyOptions(args, table)).toEqual({ args, notices: [] })
    expect(translateLegacyOptions(args, table).args).toBe(args)
  })

  it('asks the brokers on the hosts where ZooKeeper was', () => {
    const { args, notices } = translate('--zookeeper zk1:2181,zk2:2181/kafka --list')
    expect(args).toEqual(['--bootstrap-server', 'zk1:9092,zk2:9092', '--list'])
    expect(notices).toEqual([
      '--zookeeper zk1:2181,zk2:2181/kafka: read as --bootstrap-server zk1:9092,zk2:9092 (Kafka 4 has no ZooKeeper; tools talk to brokers)',
    ])
  })

  it.each(['localhost:2181', '127.0.0.1:2181/chroot', '[::1]:2181'])('means the local cluster by %s', (server) => {
    const { args, notices } = translate(`--list --zookeeper=${server}`)
    expect(args).toEqual(['--list'])
    expect(notices[0]).toContain('left out')
  })

  it('reads --broker-list and --whitelist by their new names', () => {
    expect(translate('--broker-list a:1,b:2').args).toEqual(['--bootstrap-server', 'a:1,b:2'])
    expect(translate('--whitelist t.*').args).toEqual(['--include', 't.*'])
    expect(translate('-broker-list=a:1').args).toEqual(['--bootstrap-server', 'a:1'])
  })

  it('lets a connection in the words of today win', () => {
    const { args, notices } = translate('--bootstrap-server a:1 --broker-list b:2 --list')
    expect(args).toEqual(['--bootstrap-server', 'a:1', '--list'])
    expect(notices).toHaveLength(1)
  })

  it('keeps an option the command still has, and what a command cannot take', () => {
    const own = { 'broker-list': text('x', ''), 'bootstrap-server': text('x', '') }
    expect(translateLegacyOptions(['--broker-list', 'a:1'], own).args).toEqual(['--broker-list', 'a:1'])
    expect(translateLegacyOptions(['--whitelist', 'x'], own).args).toEqual(['--whitelist', 'x'])
    expect(translateLegacyOptions(['--zookeeper', 'x'], {}).args).toEqual(['--zookeeper', 'x'])
  })

  it('does not look behind two dashes', () => {
    expect(translate('--list -- --broker-list a:1').args).toEqual(['--list', '--', '--broker-list', 'a:1'])
  })
})
