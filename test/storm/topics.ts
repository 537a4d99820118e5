/** Topics of a storm: replicated three times. */
import { createAdmin } from '../../src/client/admin.ts'
import type { StormTopic } from './writers.ts'

const REPLICATION_FACTOR = 3

export async function createTopics(
  bootstrapServers: string,
  topics: readonly (StormTopic & { readonly configs?: Readonly<Record<string, string>> })[],
): Promise<void> {
  const admin = createAdmin({ bootstrapServers: bootstrapServers.split(',') })
  try {
    const results = await admin.createTopics(
      topics.map(({ name, partitions, configs = {} }) => ({
        ...{ name, partitions, replicationFactor: REPLICATION_FACTOR },
        configs: new Map(Object.entries(configs)),
      })),
    )
    for (const [name, result] of results) if (!result.ok) throw new Error(`${name}: ${result.error.message}`)
  } finally {
    await admin.close()
  }
}
