import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/program.ts'

describe('the grammar of', () => {
  it.each(Object.keys(COMMANDS))('%s holds what its help shows', async (name) => {
    const entry = COMMANDS[name]!
    const command = await entry.load()
    const { summary, options, examples, subcommands = {} } = await command.grammar()
    expect(summary).not.toBe('')
    expect(examples.length).toBeGreaterThanOrEqual(entry.hidden === true ? 0 : 3)
    const all = [options, ...Object.values(subcommands).map((each) => each.options)].flatMap(Object.entries)
    for (const [option, { kind, argument, description }] of all) {
      expect(option).toMatch(/^[a-z][a-zA-Z0-9.-]*$/)
      expect({ option, described: description !== '' }).toEqual({ option, described: true })
      expect({ option, argument: argument !== undefined }).toEqual({ option, argument: kind !== 'flag' })
    }
  })

  it('a command of commander holds its options, subcommands and words', async () => {
    const cluster = await (await COMMANDS.cluster!.load()).grammar()
    expect(Object.keys(cluster.subcommands ?? {})).toEqual(
      expect.arrayContaining(['start', 'kill', 'isolate', 'reset']),
    )
    expect(cluster.subcommands?.kill?.words).toBe('<ids...>')
    expect(cluster.subcommands?.start?.options.brokers).toMatchObject({ kind: 'text' })
    expect(cluster.subcommands?.reset?.options.yes).toMatchObject({ kind: 'flag', short: 'y' })
  })
})
