import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/cli/options.ts'
import { parseOptions } from '../../../src/cli/parse-options.ts'
import { checkEntities, checkEntityNames, entitiesOf, singular } from '../../../src/commands/configs/entities.ts'
import { type ConfigsGiven, configsOptions } from '../../../src/commands/configs/options.ts'

const parse = (line: string) => parseOptions(line.split(' '), configsOptions) as unknown as ConfigsGiven

describe('entities on the command line', () => {
  it.each([
    ['--topic t', ['topics'], ['t']],
    ['--entity-type topics --entity-name t', ['topics'], ['t']],
    ['--entity-type brokers --entity-default', ['brokers'], ['']],
    ['--entity-type users', ['users'], []],
    ['--user u --client c', ['clients', 'users'], ['c', 'u']],
    ['--user u --client-defaults', ['users', 'clients'], ['u', '']],
    ['--entity-type users --entity-default --entity-type clients --entity-name c', ['users', 'clients'], ['', 'c']],
    ['--entity-type users --entity-name u --entity-type clients --entity-default', ['users', 'clients'], ['u', '']],
    ['--ip-defaults', ['ips'], ['']],
  ])('%s', (line, types, names) => {
    expect(entitiesOf(parse(line))).toEqual({ types, names })
  })

  it('loses the last letter for one, as the script does', () => {
    expect(['topics', 'broker-loggers', 'client-metrics'].map((type) => singular(type as never))).toEqual([
      'topic',
      'broker-logger',
      'client-metric',
    ])
  })

  it.each([
    ['--describe', 'At least one entity type must be specified'],
    ['--describe --entity-type users --entity-type users', 'Duplicate entity type(s) specified: users'],
    ['--describe --topic t --broker 1', "Only 'users' and 'clients' entity types may be specified together"],
    [
      '--describe --topic t --entity-name x',
      '--entity-{type,name,default} should not be used in conjunction with specific entity flags',
    ],
    [
      '--describe --entity-type things',
      'Invalid entity type things, the entity type must be one of topics, clients, users, brokers, ips, client-metrics, groups, broker-loggers with a --bootstrap-server or --bootstrap-controller argument',
    ],
  ])('%s is refused', (line, message) => {
    expect(() => checkEntities(parse(line))).toThrow(new UsageError(message))
  })

  it.each([
    ['--describe --broker x', 'The entity name for brokers must be a valid integer broker id, but it is: x'],
    [
      '--describe --broker-logger x',
      'The entity name for broker-loggers must be a valid integer broker id, but it is: x',
    ],
    ['--describe --ip a_b', 'The entity name for ips must be a valid IP or resolvable host, but it is: a_b'],
    [
      '--describe --entity-type topics --entity-default',
      '--entity-default must not be specified with --describe of topics',
    ],
    ['--describe --entity-type broker-loggers', 'An entity name must be specified with --describe of broker-loggers'],
    ['--alter --entity-type topics', 'An entity name must be specified with --alter of topics'],
    [
      '--alter --entity-type users',
      'An entity-name or default entity must be specified with --alter of users, clients, brokers or ips',
    ],
  ])('%s names nothing that can be', (line, message) => {
    expect(() => checkEntityNames(parse(line))).toThrow(new UsageError(message))
  })

  it.each([
    '--describe --ip ::1',
    '--describe --ip my-host.example',
    '--alter --user-defaults',
    '--describe --broker 1',
  ])('%s is fine', (line) => {
    expect(() => checkEntityNames(parse(line))).not.toThrow()
  })
})
