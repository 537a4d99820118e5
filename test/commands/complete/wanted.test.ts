import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/cli/program.ts'
import { wantedAt } from '../../../src/commands/complete/wanted.ts'

/** The line up to the cursor; a blank at its end begins a new word. */
async function wanted(line: string) {
  const [command = '', ...words] = line.split(' ')
  const grammar = await (await COMMANDS[command]!.load()).grammar()
  return wantedAt({ command, grammar, before: words.slice(0, -1), current: words.at(-1) ?? '' })
}
async function texts(line: string): Promise<string[]> {
  const found = await wanted(line)
  return found.kind === 'fixed' ? found.candidates.map(({ text }) => text) : [found.kind]
}

describe('what is wanted at the cursor', () => {
  it.each([
    ['topics --topic ', ['topics']],
    ['topics --describe --topic=or', ['topics']],
    ['topics --create --topic ', []],
    ['console-consumer --topic ', ['topics']],
    ['console-consumer --topic t --group ', ['groups']],
    ['consumer-groups --describe --group ', ['groups']],
    ['configs --describe --broker ', ['brokers']],
    ['configs --describe --entity-type topics --entity-name ', ['topics']],
    ['configs --describe --entity-type users --entity-name ', []],
    ['configs --alter --topic t --add-config ', ['topic-configs']],
    ['configs --alter --user u --add-config ', []],
    ['topics --create --topic t --config ', ['topic-configs']],
    ['log-dirs --describe --broker-list ', ['brokers']],
    ['topics --bootstrap-server ', ['servers']],
    ['topics --command-config ', ['files']],
    ['topics --list --profile ', ['profiles']],
    ['profile use ', ['profiles']],
    ['profile add ', []],
    ['dump-log --files ', ['files']],
    ['storage format -c ', ['files']],
    ['server-start ', ['files']],
    ['console-consumer --isolation-level ', ['read_uncommitted', 'read_committed']],
    ['topics --list --format ', ['json', 'yaml']],
    ['describe ', ['cluster', 'topic', 'group', 'broker']],
    ['describe topic ', ['topics']],
    ['describe group g', ['groups']],
    ['cluster kill ', ['brokers']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['explain kafka-topics.sh --', ['line']],
  ])('%s', async (line, expected) => {
    expect(await texts(line)).toEqual(expected)
  })

  it('subcommands first, then their options', async () => {
    expect(await texts('cluster ')).toEqual(expect.arrayContaining(['start', 'status', 'kill', 'list-endpoints']))
    expect(await texts('cluster start --')).toEqual(expect.arrayContaining(['--brokers', '--port']))
    expect(await texts('storage format --')).toContain('--standalone')
  })

  it('options that are not there yet, without old names', async () => {
    const offered = await texts('console-consumer --topic t --')
    expect(offered).toContain('--from-beginning')
    expect(offered).not.toContain('--topic')
    expect(offered).not.toContain('--property')
  })

  it('options after a flag and after a value', async () => {
    expect(await texts('topics --list ')).toContain('--topic')
    expect(await texts('topics --topic t ')).toContain('--describe')
  })

  it('descriptions are one sentence', async () => {
    const found = await wanted('topics --')
    const all = found.kind === 'fixed' ? found.candidates : []
    expect(all.length).toBeGreaterThan(10)
    expect(all.filter(({ description }) => description === '' || description.includes('\n'))).toEqual([])
  })
})
