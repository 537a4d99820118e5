/** Settings with a word in front that says whose they are: `consumer.max.poll.records` of an application of Streams. */
import type { SettingKind } from '../settings.ts'

export interface Prefixed {
  readonly of: SettingKind
  /** The setting without what stands in front. */
  readonly name: string
  /** Whose it is, in words. */
  readonly whose: string
}

type Rule = readonly [pattern: RegExp, of: SettingKind, whose: (match: RegExpExecArray) => string]

const RULES: readonly Rule[] = [
  [
    /^(producer|consumer|admin)\.override\.(?<name>.+)$/,
    'client',
    ([, client]) => `of the ${client} of one connector of Connect`,
  ],
  [
    /^(main|restore|global)\.consumer\.(?<name>.+)$/,
    'client',
    ([, which]) => `of the ${which} consumer of an application of Kafka Streams`,
  ],
  [
    /^(producer|consumer|admin)\.(?<name>.+)$/,
    'client',
    ([, client]) =>
      `of the ${client === 'admin' ? 'admin client' : client} that Kafka Streams, Connect or MirrorMaker makes`,
  ],
  [/^topic\.(?<name>.+)$/, 'topic', () => 'of the internal topics that Kafka Streams makes'],
  [
    /^(source|target)\.cluster\.(?<name>.+)$/,
    'client',
    ([, which]) => `of the clients of a MirrorMaker connector at the ${which} cluster`,
  ],
  [/^([\w-]+)->([\w-]+)\.(?<name>.+)$/, 'MirrorMaker', ([, from, to]) => `for what goes from ${from} to ${to}`],
]

/** What a name can be when something stands in front of it; none for a plain one. */
export function prefixed(key: string): Prefixed[] {
  return RULES.flatMap(([pattern, of, whose]) => {
    const match = pattern.exec(key)
    return match === null ? [] : [{ of, name: match.groups!.name!, whose: whose(match) }]
  }).slice(0, 1)
}
