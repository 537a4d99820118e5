import { describe, expect, it } from 'vitest'
import { noColours } from '../../src/cli/colour.ts'
import { examplesText, helpText } from '../../src/cli/help.ts'
import { flag, text } from '../../src/cli/options.ts'
import { KeptOutput } from '../support/run-command.ts'

const context = (columns: number) => ({
  programName: 'kt thing',
  stdout: new KeptOutput(true, columns),
  colours: async () => noColours,
})
const subject = {
  summary: 'Does a thing',
  script: 'kafka-thing.sh',
  options: {
    list: flag('List things.'),
    topic: text('topic name', 'Which topic.'),
    time: text('time', 'When.', { default: 'latest' }),
    kind: text('kind', 'Which kind.', { choices: ['a', 'b'] }),
    whitelist: text('x', 'Gone.', { deprecated: true }),
  },
  examples: [{ command: 'kt thing --list', does: 'lists' }],
}

describe('help', () => {
  it('lists options with their arguments, defaults and choices', async () => {
    const help = await helpText(subject, context(100))
    expect(help).toContain("Usage: kt thing [options]\n\nDoes a thing (Kafka's kafka-thing.sh)\n")
    expect(help).toMatch(/ {2}--list +List things\.\n/)
    expect(help).toMatch(/ {2}--topic <topic-name> +Which topic\.\n/)
    expect(help).toContain('When. (default: "latest")')
    expect(help).toContain('(choices: "a", "b")')
    expect(help).not.toContain('Gone.')
    expect(help).toContain('Old names still read: --whitelist\n')
    expect(help.endsWith('Examples:\n  kt thing --list\n      lists\n')).toBe(true)
  })

  it('fits the terminal', async () => {
    const wide = { ...subject, options: { list: flag('word '.repeat(60)) } }
    const lines = (await helpText(wide, context(60))).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
  })

  it('has no heading for examples that are not there', () => {
    expect(examplesText([])).toBe('')
  })
})
