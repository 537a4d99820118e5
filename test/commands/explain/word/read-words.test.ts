/** Every title that a table of the describing commands has must have an explanation: the titles are read from the sources. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { allWords, wordsNamed } from '../../../../src/commands/explain/word/read-words.ts'

const COMMANDS = path.resolve(import.meta.dirname, '../../../../src/commands')
const DESCRIBING = [
  ...[
    'consumer-groups',
    'describe',
    'features',
    'get-offsets',
    'groups',
    'log-dirs',
    'metadata-quorum',
    'share-groups',
  ],
  ...['streams-groups', 'topics', 'transactions', 'group-tables', 'delete-records', 'leader-election'],
]

function sourcesOf(name: string): string[] {
  const folder = path.join(COMMANDS, name)
  const file = `${folder}.ts`
  const inside = fs.existsSync(folder)
    ? fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((each) => path.join(folder, each))
    : []
  return [...(fs.existsSync(file) ? [file] : []), ...inside.filter((each) => each.endsWith('.ts'))]
}

/** Titles in capitals, titles of Kafka's newer tools in lists, and `Name: ` of those that print fields. */
function titlesIn(source: string): string[] {
  const capitals = [...source.matchAll(/['"`](#?[A-Z][A-Z -]*(?: \(ID\))?)['"`]/g)].map(([, title]) => title!)
  const lists = [...source.matchAll(/(?:HEAD|head|fields)\b[^=\n]*= \[([^;]*?)\]\n/gs)].flatMap(([, list]) =>
    [...list!.matchAll(/(?:^|[[\s,])'([A-Z][A-Za-z]+(?:\(min\))?)'/g)].map(([, title]) => title!),
  )
  const fields = [...source.matchAll(/`(?:\\t)?([A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)?): \$\{/g)].map(([, title]) => title!)
  return [...capitals, ...lists, ...fields]
}

/** In capitals, and no title: names of Kafka's constants that these sources compare with. */
const NO_TITLES = new Set([
  ...['TOPIC', 'GROUP', 'BROKER', 'UPGRADE', 'PREFERRED', 'UNCLEAN', 'FAILED', 'SET', 'DELETE', 'CLASSIC', 'CONSUMER'],
  ...['SIGINT', 'UNKNOWN', 'N', 'T', 'Z', 'P', 'Q', 'E', 'D', 'PT', 'A', 'Y', 'YES', 'UTF', 'NULL', 'NONE', 'C', 'B'],
  ...['DYNAMIC', 'TARGET-', 'RecordsDeleted'],
])

const titles = DESCRIBING.flatMap((name) =>
  sourcesOf(name).flatMap((file) =>
    titlesIn(fs.readFileSync(file, 'utf8')).map((title) => ({ title, file: path.relative(COMMANDS, file) })),
  ),
)

describe('titles of tables', () => {
  it('are found in the sources', () => {
    const found = new Set(titles.map(({ title }) => title))
    for (const title of [
      ...['ISR', 'CURRENT-OFFSET', '#PARTITIONS', 'COORDINATOR (ID)', 'LastCaughtUpTimestamp', 'HighWatermark', 'Elr'],
      ...['TransactionState', 'Duration(min)', 'START-OFFSET', 'LAG-TIME', 'PartitionCount', 'OFFSET', 'LOG DIRECTORY'],
    ]) {
      expect([title, found.has(title)]).toEqual([title, true])
    }
  })

  it('have an explanation, each of them', () => {
    const words = allWords()
    const missing = titles.filter(({ title }) => !NO_TITLES.has(title) && wordsNamed(title, words).length === 0)
    expect(missing).toEqual([])
  })
})
