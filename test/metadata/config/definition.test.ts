import { describe, expect, it } from 'vitest'
import { BROKER_CONFIGS, BROKER_QUOTA_CONFIGS } from '../../../src/metadata/config/broker-configs.ts'
import { type ConfigDefinition, parseDefinedValue, parseDefinitions } from '../../../src/metadata/config/definition.ts'
import { GROUP_CONFIGS } from '../../../src/metadata/config/group-config.ts'
import { TOPIC_CONFIG_SYNONYMS, TOPIC_CONFIGS } from '../../../src/metadata/config/topic-config.ts'
import { configText } from '../../../src/metadata/config/values.ts'

const all: readonly ConfigDefinition[] = [TOPIC_CONFIGS, GROUP_CONFIGS, BROKER_CONFIGS, BROKER_QUOTA_CONFIGS].flatMap(
  (table) => [...table.values()],
)

describe('definition tables', () => {
  it('hold what Kafka 4.3.1 defines', () => {
    expect(TOPIC_CONFIGS.size).toBe(34)
    expect(GROUP_CONFIGS.size).toBe(17)
    expect(BROKER_CONFIGS.size).toBe(360)
    expect([...BROKER_CONFIGS.values()].filter(({ internal }) => internal)).toHaveLength(20)
  })

  it.each(all.map((definition) => [definition.name, definition] as const))('%s is sound', (_, definition) => {
    const { defaultText, documentation, validator, type, name } = definition
    expect(documentation).toMatch(/^[A-Z_].*\.$/)
    // A text that is read and shown again is the same: nothing is lost between table and answer.
    expect(configText(definition.defaultValue, type)).toBe(defaultText ?? null)
    // Some defaults are outside their own limits in Kafka, too: empty voters, absent names.
    if (defaultText !== undefined && defaultText !== null) validator?.(name, definition.defaultValue, type)
  })

  it('names a broker configuration for each topic synonym, with the same type', () => {
    for (const [topic, broker] of TOPIC_CONFIG_SYNONYMS) {
      expect(BROKER_CONFIGS.get(broker)?.type, `${topic} -> ${broker}`).toBe(TOPIC_CONFIGS.get(topic)?.type)
    }
  })

  it('knows which configurations that change at run time', () => {
    const dynamic = [...BROKER_CONFIGS.values(), ...BROKER_QUOTA_CONFIGS.values()].filter(
      ({ updateMode }) => updateMode !== 'read-only',
    )
    expect(dynamic).toHaveLength(102)
    expect(dynamic.filter(({ updateMode }) => updateMode === 'per-broker').map(({ name }) => name)).toContain(
      'listeners',
    )
  })

  it('reads the columns', () => {
    const table = parseDefinitions(`
a.b | INT | 5 | HIGH | cluster-wide | [1,...]
    What it does.
c | STRING | null | LOW | read-only | internal
    Another.
d | LIST | empty | MEDIUM | dynamic
    More.
e | INT | required | HIGH | read-only
    Must be given.
`)
    expect(table.get('a.b')).toMatchObject({ defaultValue: 5, internal: false, updateMode: 'cluster-wide' })
    expect(table.get('c')).toMatchObject({ defaultText: null, defaultValue: null, internal: true })
    expect(table.get('d')).toMatchObject({ defaultText: '', defaultValue: [] })
    expect(table.get('e')?.defaultText).toBeUndefined()
    expect(parseDefinedValue(table.get('a.b')!, '7')).toBe(7)
    expect(() => parseDefinedValue(table.get('a.b')!, '0')).toThrow('Value must be at least 1')
  })

  it.each([
    ['a | INT | 5 | HIGH | sometimes\n    Doc.', 'bad definition'],
    ['a | NUMBER | 5 | HIGH | dynamic\n    Doc.', 'bad definition'],
    ['a | INT | 5 | HIGH | dynamic\nDoc.', 'bad definition'],
    ['a | INT | 5 | HIGH | dynamic\n    Doc.\na | INT | 5 | HIGH | dynamic\n    Doc.', 'defined twice'],
  ])('refuses the table %j', (table, message) => {
    expect(() => parseDefinitions(table)).toThrow(message)
  })
})
