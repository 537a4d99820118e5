/** `--topic orders` and `--topic orders:0,1`: partitions from what a person wrote. */

import { nearest } from '../../cli/nearest.ts'
import { parseWhole, UsageError } from '../../cli/options.ts'
import type { Admin, TopicPartition } from '../../client/admin-types.ts'
import { javaText, valueOrFailure } from '../java-failure.ts'
import { hashMapOrderBy, javaHashCode } from '../java-text.ts'
import { ScriptFailure } from '../script-failure.ts'
import type { GivenConsumerGroups } from './options.ts'

/** The partitions of `topic:0,1,2`. Throws `UsageError`. */
export function parseTopicWithPartitions(argument: string): TopicPartition[] {
  const parts = argument.split(':')
  while (parts.length > 1 && parts.at(-1) === '') parts.pop()
  const [topic, partitions] = parts
  if (parts.length !== 2) {
    throw new UsageError(`Invalid topic arg '${argument}', expected topic name and partitions`)
  }
  return partitions!.split(',').map((word) => {
    const partition = parseWhole(word, 'int')
    if (partition === undefined)
      throw new UsageError(`Invalid partition '${word}' specified in topic arg '${argument}''`)
    return { topic: topic!, partition }
  })
}

/** The scope of a reset: `--all-topics`, `--topic`; empty with `--from-file`, which brings its own. */
export async function partitionsToReset(
  groupId: string,
  given: GivenConsumerGroups,
  admin: Admin,
): Promise<TopicPartition[]> {
  if (given.has('all-topics')) return (await committedOffsets(admin, groupId)).map(withoutOffset)
  if (given.has('topic')) return partitionsOfArguments(given.values('topic'), admin)
  if (given.has('from-file')) return []
  const other = given.value('from-group')
  if (other !== undefined) return (await committedOffsets(admin, other)).map(withoutOffset)
  throw new UsageError('One of the reset scopes should be defined: --all-topics, --topic.')
}

const withoutOffset = ({ topic, partition }: TopicPartition): TopicPartition => ({ topic, partition })

async function partitionsOfArguments(args: readonly string[], admin: Admin): Promise<TopicPartition[]> {
  const specified = args.filter((argument) => argument.includes(':')).flatMap(parseTopicWithPartitions)
  const whole = args.filter((argument) => !argument.includes(':'))
  if (whole.length === 0) return specified
  const topics = await admin.describeTopics([...new Set(whole)])
  for (const [name, outcome] of topics) {
    if (!outcome.ok) {
      throw new ScriptFailure(outcome.error.message, outcome.error.message, { facts: await topicFacts(admin, name) })
    }
  }
  // The script collects the topics in a map made for their number, and takes them out in that map's order.
  const ordered = hashMapOrderBy([...topics], ([name]) => javaHashCode(name), topics.size)
  const found = ordered.flatMap(([topic, outcome]) =>
    outcome.ok ? outcome.value.partitions.map(({ partition }) => ({ topic, partition })) : [],
  )
  return [...specified, ...found]
}

async function topicFacts(admin: Admin, name: string): Promise<string[]> {
  const known = await admin.listTopics().catch(() => [])
  const near = nearest(
    name,
    known.map((topic) => topic.name),
  )
  const hint = near.length === 0 ? [] : [`Did you mean ${near.map((each) => `'${each}'`).join(' or ')}?`]
  return [`There is no topic '${name}'.`, ...hint]
}

/** Each partition must exist and have a leader. Throws `ScriptFailure`. */
export async function checkPartitions(partitions: readonly TopicPartition[], admin: Admin): Promise<void> {
  if (partitions.length === 0) return
  const topics = await admin.describeTopics([...new Set(partitions.map(({ topic }) => topic))])
  for (const [name, outcome] of topics) {
    if (outcome.ok) continue
    const text = `java.util.concurrent.ExecutionException: ${javaText(outcome.error)}`
    throw new ScriptFailure(outcome.error.message, text, { facts: await topicFacts(admin, name) })
  }
  const leaderOf = ({ topic, partition }: TopicPartition): number | undefined => {
    const outcome = topics.get(topic)
    return outcome?.ok ? outcome.value.partitions.find((each) => each.partition === partition)?.leader : undefined
  }
  const named = (list: readonly TopicPartition[]): string =>
    list.map(({ topic, partition }) => `${topic}-${partition}`).join(',')
  const missing = partitions.filter((each) => leaderOf(each) === undefined)
  if (missing.length > 0) throw new ScriptFailure(`The partitions "${named(missing)}" do not exist`)
  const leaderless = partitions.filter((each) => leaderOf(each)! < 0)
  if (leaderless.length > 0) throw new ScriptFailure(`The partitions "${named(leaderless)}" have no leader`)
}

/** What a group has committed; nothing for a group that does not exist. */
export async function committedOffsets(
  admin: Admin,
  groupId: string,
): Promise<(TopicPartition & { readonly offset: number })[]> {
  const outcome = (await admin.listGroupOffsets([groupId])).get(groupId)
  return outcome === undefined ? [] : valueOrFailure(outcome, 'java.util.concurrent.ExecutionException: ')
}
