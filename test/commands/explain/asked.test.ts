import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/cli/program.ts'
import { readAsked } from '../../../src/commands/explain/asked.ts'

const asked = (line: string) => readAsked(line.split(' '), COMMANDS)

describe('which words are ours', () => {
  it('those in front of the question, and behind a single word', () => {
    expect(asked('--format json --topic orders retention.ms')).toMatchObject({
      ...{ format: 'json', scope: { topic: 'orders' }, text: 'retention.ms' },
    })
    expect(asked('retention.ms --topic orders --bootstrap-server=h:1')).toMatchObject({
      ...{ scope: { topic: 'orders' }, target: { bootstrapServer: 'h:1' }, text: 'retention.ms' },
      connect: ' --bootstrap-server h:1',
    })
    expect(asked('num.io.threads --broker 1').scope).toEqual({ broker: '1' })
  })

  it('not those of a command line', () => {
    const line = 'kafka-topics.sh --list --topic t --bootstrap-server h:1'
    expect(asked(line)).toMatchObject({ text: line, scope: {}, connect: '' })
    expect(asked(`--bootstrap-server b:2 ${line}`)).toMatchObject({ text: line, target: { bootstrapServer: 'b:2' } })
    expect(asked('topics --list --topic t').text).toBe('topics --list --topic t')
  })

  it('not what is asked about itself', () => {
    expect(asked('--topic').text).toBe('--topic')
    expect(asked('--topic orders').text).toBe('--topic orders')
    expect(asked('--from-beginning').text).toBe('--from-beginning')
    expect(asked('-- --bootstrap-server')).toMatchObject({ text: '--bootstrap-server', connect: '' })
  })

  it('a format alone leaves the question to standard input', () => {
    expect(asked('--format yaml')).toMatchObject({ format: 'yaml', text: null })
    expect(() => asked('--format xml ISR')).toThrow(/xml/)
  })
})
