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

/** `--format json|yaml` stands at every command that prints; one without it stands here with its reason. */
const WITHOUT: Readonly<Record<string, string>> = {
  'verifiable-producer': 'its output is JSON, a line per event, as the script has it',
  'verifiable-consumer': 'its output is JSON, a line per event, as the script has it',
  'verifiable-share-consumer': 'its output is JSON, a line per event, as the script has it',
  'server-start': 'a node that runs: its output is its log',
  'zookeeper-server-start': 'a node that runs',
  'zookeeper-server-stop': 'says where that went; does nothing',
  'zookeeper-shell': 'a shell; what its verbs print has the words of a script that is gone',
  'metadata-shell': 'a shell; the files it shows hold JSON already',
  shell: 'a prompt: the lines typed there have their own --format',
  completion: 'prints a script',
  'lab slow': 'a consumer that runs, and tells what becomes of it meanwhile',
  'run-class': 'hands its words to the command of that class, --format too',
  'mirror-maker': 'says where that went',
  'connect-standalone': 'says where that stands',
  'connect-distributed': 'says where that stands',
  'connect-plugin-path': 'says where that stands',
  'connect-mirror-maker': 'says where that stands',
  jmx: 'says where that stands',
  trogdor: 'says where that stands',
}

/** Words of every command line a person types that has options of its own: `topics`, `cluster start`. */
async function lines(): Promise<[string, boolean][]> {
  const found = await Promise.all(
    Object.entries(COMMANDS)
      .filter(([name]) => !name.startsWith('__'))
      .map(async ([name, entry]) => {
        const { options, subcommands = {} } = await (await entry.load()).grammar()
        const own = Object.hasOwn(options, 'format')
        const verbs = Object.entries(subcommands)
        if (verbs.length === 0) return [[name, own]] as [string, boolean][]
        return verbs.map(([verb, each]): [string, boolean] => [
          `${name} ${verb}`,
          own || Object.hasOwn(each.options, 'format'),
        ])
      }),
  )
  return found.flat()
}

it('every command prints documents, or is listed with its reason', async () => {
  const all = await lines()
  expect(all.length).toBeGreaterThan(80)
  const unlisted = all.filter(([line, has]) => !has && !Object.hasOwn(WITHOUT, line))
  const listedInVain = all.filter(([line, has]) => has && Object.hasOwn(WITHOUT, line))
  expect({ unlisted, listedInVain }).toEqual({ unlisted: [], listedInVain: [] })
})
