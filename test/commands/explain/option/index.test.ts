import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../../src/cli/program.ts'
import { meanings, near } from '../../../../src/commands/explain/option/index.ts'
import { usesOf } from '../../../../src/commands/explain/option/uses.ts'
import { questionOf } from '../../../support/explain-question.ts'

const about = async (word: string) => (await meanings(word, questionOf(word)))[0]!
const titles = async (word: string) => (await about(word)).sections.map(({ title }) => title)

describe('an option, explained', () => {
  it('tells what it does, in every command that has it', async () => {
    const meaning = await about('--from-beginning')
    expect(meaning.meaning).toMatch(/^Start with the earliest record.*In console-consumer\.$/)
    expect(meaning.sections).toEqual([
      { title: 'kt console-consumer', texts: ['--from-beginning'] },
      { title: '', rows: [['since', 'Kafka 0.8.0']] },
    ])
    const topic = await about('--topic=orders')
    expect(topic.meaning).toMatch(/different things in different commands/)
    expect((topic.details.uses as { command: string }[]).length).toBeGreaterThan(15)
  })

  it('counts commands beyond a handful', async () => {
    expect((await titles('--bootstrap-server'))[0]).toMatch(/^kt topics, .* and \d+ more$/)
  })

  it('tells what took the place of a deprecated one, and of the new one what it was called', async () => {
    const old = (await about('--consumer.config')).sections.find(({ title }) => title === 'Deprecated')!
    expect(Object.fromEntries(old.rows!)['kt console-consumer']).toMatch(/^now --command-config.*KIP-1147/)
    const now = (await about('--reader-property')).sections.at(-1)!
    expect(now.title).toBe('Older names, which still work')
    expect(now.rows).toEqual([['kt console-producer', '--property (deprecated since Kafka 4.2, KIP-1147)']])
  })

  it('knows those that are gone', async () => {
    const { meaning, sections, details } = await about('--zookeeper')
    expect(meaning).toContain('there is no ZooKeeper')
    expect(sections[0]!.rows![0]![1]).toContain('Today: --bootstrap-server HOST:9092')
    expect(details).toMatchObject({ uses: [], old: [{ command: null }] })
    const list = (await about('--broker-list')).sections.at(-1)!
    expect(list).toMatchObject({ title: '--broker-list in older notes' })
    expect(list.rows![0]![1]).toContain('KIP-499')
  })

  it('is none, and what is near', async () => {
    expect(await meanings('--nonsense', questionOf(''))).toEqual([])
    expect(await near('--from-begining', questionOf(''))).toContain('--from-beginning')
  })

  it('takes them from the grammars: subcommands with theirs, short names, who has them', async () => {
    const uses = await usesOf(COMMANDS)
    expect(uses.find(({ command, option }) => command === 'cluster start' && option === 'brokers')).toBeDefined()
    expect(uses.find(({ command, short }) => command === 'metadata-shell' && short === 's')).toBeDefined()
    expect(uses.every(({ meaning }) => meaning.length > 5)).toBe(true)
    const renamed = uses.filter(({ kip }) => kip !== null)
    expect(renamed.length).toBeGreaterThan(12)
    for (const { command, successor } of renamed) {
      expect(uses.some((use) => use.command === command && use.option === successor)).toBe(true)
    }
  })
})
