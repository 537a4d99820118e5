/** `--create --clone-from`: a topic like another one, with its records if told so. */
import { targetOf } from '../../cli/script-command.ts'
import type { Admin, NewTopic } from '../../client/admin-types.ts'
import { unwrap } from '../outcome.ts'
import { createAs, newTopic } from './create.ts'
import type { TopicsRun } from './options.ts'
import { unknownTopic } from './select.ts'

/** What the command line says wins over what the source has. */
export async function cloneTopic(run: TopicsRun): Promise<void> {
  const { given, admin, context } = run
  const source = given.value('clone-from')!
  const wanted = newTopic(given)
  const known = await sourceTopic(source, admin)
  const clone: NewTopic = {
    ...wanted,
    partitions: given.has('partitions') || wanted.assignments !== undefined ? wanted.partitions : known.partitions,
    replicationFactor:
      given.has('replication-factor') || wanted.assignments !== undefined
        ? wanted.replicationFactor
        : known.replicationFactor,
    configs: new Map([...known.configs, ...(wanted.configs ?? [])]),
  }
  await createAs(clone, run)
  if (!given.has('with-records')) return
  if (given.has('dry-run')) {
    const { contentOf } = await import('./offsets.ts')
    const [content] = await contentOf([source], admin)
    context.stderr.write(`Would copy ${content!.offsetCount} offsets, ${content!.sizeBytes} bytes.\n`)
    return
  }
  const { copyRecords } = await import('./copy-records.ts')
  const count = await copyRecords(source, clone.name, await context.connection(targetOf(given)), context)
  context.stderr.write(`Copied ${count} records from ${source} to ${clone.name}.\n`)
}

interface Settings {
  readonly partitions: number
  readonly replicationFactor: number
  /** Those set on the topic itself. */
  readonly configs: ReadonlyMap<string, string>
}

async function sourceTopic(source: string, admin: Admin): Promise<Settings> {
  const [described, configs] = await Promise.all([
    admin.describeTopics([source]),
    admin.describeConfigs([{ type: 'TOPIC', name: source }]),
  ])
  const outcome = described.get(source)!
  if (!outcome.ok && outcome.error.name === 'UNKNOWN_TOPIC_OR_PARTITION') {
    throw unknownTopic(`Topic '${source}' does not exist`, source, await admin.listTopics())
  }
  const { partitions } = unwrap(outcome)
  const own = unwrap(configs[0]!).filter(
    ({ source: where, value }) => where === 'DYNAMIC_TOPIC_CONFIG' && value !== null,
  )
  return {
    partitions: partitions.length,
    replicationFactor: partitions[0]!.replicas.length,
    configs: new Map(own.map(({ name, value }) => [name, value!])),
  }
}
