import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseOptions } from '../../../src/cli/parse-options.ts'
import {
  CONSOLE_CONSUMER_OPTIONS,
  consumerSettings,
  type GivenConsoleConsumer,
  startOffsetOf,
} from '../../../src/commands/console-consumer/options.ts'
import { formatterProperties } from '../../../src/commands/console-consumer/shared-options.ts'
import { runCommand } from '../../support/run-command.ts'

const given = (line: string): GivenConsoleConsumer =>
  parseOptions(line.split(' '), CONSOLE_CONSUMER_OPTIONS) as unknown as GivenConsoleConsumer

describe('the checks', () => {
  const run = (line: string, options = {}) =>
    runCommand(['console-consumer', '--bootstrap-server', '127.0.0.1:1', ...line.split(' ').filter(Boolean)], options)

  it.each([
    ['', 'Exactly one of the following arguments is required: [topic], [include]'],
    ['--topic a --include b', 'Exactly one of the following arguments is required: [topic], [include]'],
    ['--include a --partition 0', 'The topic is required when partition is specified.'],
    ['--topic a --offset 0', 'The partition is required when offset is specified.'],
    ['--topic a --partition 0 --offset 0 --from-beginning', 'Options from-beginning and offset cannot be specified'],
    ['--topic a --partition 0 --offset -5', "The provided offset value '-5' is incorrect. Valid values are"],
    ['--topic a --partition 0 --offset abc', "The provided offset value 'abc' is incorrect. Valid values are"],
    ['--topic a --partition 0 --group g', 'Options group and partition cannot be specified together.'],
    ['--topic a --partition x', "Cannot parse argument 'x' of option partition"],
    ['--topic a --max-messages x', "Cannot parse argument 'x' of option max-messages"],
    ['--topic a --formatter com.example.Nope', 'com.example.Nope'],
    ['--include a( --from-beginning', '--include is not a regular expression: a('],
    ['--topic a --isolation-level bogus', 'Invalid value bogus for configuration isolation.level'],
    ['--topic a --from-beginning --command-property auto.offset.reset=latest', "Can't simultaneously specify"],
    ['--topic a --command-property auto.offset.reset=none', 'without a group there is no offset to begin at'],
    ['--topic a --command-property auto.offset.reset=never', 'Invalid value never for configuration auto.offset.reset'],
    ['--topic a --group g --command-property auto.offset.reset=by_duration:PT1H', 'works without a group only'],
    ['--topic a --consumer-property a=b --command-property c=d', 'Options --consumer-property and --command-property'],
    ['--topic a --consumer.config a --command-config b', 'Options --consumer.config and --command-config cannot be'],
    ['--topic a --property a=b --formatter-property c=d', 'Options --property and --formatter-property cannot be'],
    ['--topic a --whitlist b', 'whitlist is not a recognized option'],
  ])('%s', async (line, text) => {
    const { code, stdout, stderr } = await run(line)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(text)
  })

  it('asks for the topic at a terminal', async () => {
    const { questions } = await run('', { terminal: true, answers: [''] })
    expect(questions[0]).toContain('--topic')
  })

  it('needs the server under the script’s own name', async () => {
    const { code, stderr } = await runCommand(['kafka-console-consumer.sh', '--topic', 'a'])
    expect(code).toBe(1)
    expect(stderr).toContain('Missing required argument "[bootstrap-server]"')
  })

  it('answers old names with notices on stdout', async () => {
    const { stdout } = await run('--topic a --property print.key=true --consumer-property x=y --timeout-ms 1')
    expect(stdout).toBe(
      'Option --consumer-property is deprecated and will be removed in a future version. Use --command-property instead.\n' +
        'Option --property is deprecated and will be removed in a future version. Use --formatter-property instead.\n',
    )
  })

  it('says which port is closed, and ends', async () => {
    const { code, stderr } = await run('--topic a')
    expect(code).toBe(1)
    expect(stderr).toContain('127.0.0.1:1')
    expect(stderr).toContain('next:')
  })
})

describe('startOffsetOf', () => {
  it.each([
    ['--partition 0', 'latest'],
    ['--partition 0 --from-beginning', 'earliest'],
    ['--partition 0 --offset EARLIEST', 'earliest'],
    ['--partition 0 --offset 12', 12],
  ])('%s', (line, expected) => {
    expect(startOffsetOf(given(line))).toBe(expected)
  })
})

describe('settings', () => {
  let directory: string
  const file = (text: string): string => {
    const where = path.join(directory, 'some.properties')
    fs.writeFileSync(where, text)
    return where
  }
  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-consumer-'))
  })
  afterEach(() => fs.rmSync(directory, { recursive: true }))

  it('come from the file, the command line, and the options', () => {
    const config = file('isolation.level=read_committed\ngroup.id=g\nfetch.min.bytes=5\n')
    const settings = consumerSettings(
      given(`--topic t --command-config ${config} --command-property fetch.min.bytes=9`),
    )
    expect(settings.groupId).toBe('g')
    expect(settings.autoOffsetReset).toBe('latest')
    expect(settings.properties.get('isolation.level')).toBe('read_committed')
    expect(settings.properties.get('fetch.min.bytes')).toBe('9')
    const wins = consumerSettings(given(`--topic t --consumer.config ${config} --isolation-level read_uncommitted`))
    expect(wins.properties.get('isolation.level')).toBe('read_uncommitted')
  })

  it('of the formatter: file, deserializer options, then properties', () => {
    const config = file('print.key=true\nvalue.deserializer=FromFile\nkey.deserializer=FromFile\n')
    const properties = formatterProperties(
      given(`--topic t --formatter-config ${config} --key-deserializer K --formatter-property print.key=false`),
    )
    expect(Object.fromEntries(properties)).toEqual({
      'print.key': 'false',
      'value.deserializer': 'FromFile',
      'key.deserializer': 'K',
    })
  })
})
