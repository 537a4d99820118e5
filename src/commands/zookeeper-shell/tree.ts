/**
 * The paths that people looked at in ZooKeeper when Kafka kept its metadata there, answered from a cluster of today:
 * brokers, topics, controller, cluster id, configurations. Every node is asked for when somebody goes there, not before.
 */
import type { Admin, ConfigEntry, ConfigResource, PartitionDescription } from '../../client/admin-types.ts'
import { unwrap } from '../outcome.ts'

/** A node: its children by name, and the text it holds. */
export interface ZooNode {
  children?(): Promise<ReadonlyMap<string, ZooNode>>
  data?(): Promise<string>
}

/** The node at an absolute path; null when there is none. */
export async function nodeAt(root: ZooNode, path: string): Promise<ZooNode | null> {
  let node: ZooNode = root
  for (const name of path.split('/').filter((each) => each !== '')) {
    const next = (await node.children?.())?.get(name)
    if (next === undefined) return null
    node = next
  }
  return node
}

/** What `/` was, as far as a cluster without ZooKeeper can tell. */
export function zooTree(admin: Admin): ZooNode {
  return folder({
    admin: folder({ delete_topics: EMPTY, reassign_partitions: reassignments(admin) }),
    brokers: folder({ ids: brokerIds(admin), seqid: EMPTY, topics: topicNodes(admin) }),
    cluster: folder({ id: leaf(async () => ({ version: '1', id: (await admin.describeCluster()).clusterId })) }),
    config: configNodes(admin),
    consumers: EMPTY,
    controller: leaf(async () => {
      const { leaderId, leaderEpoch } = await admin.describeMetadataQuorum()
      return { version: 2, brokerid: leaderId, kraftControllerEpoch: leaderEpoch }
    }),
    controller_epoch: leaf(async () => (await admin.describeMetadataQuorum()).leaderEpoch),
    feature: leaf(async () => featureData(admin)),
  })
}

/** The names people used for the brokers' default. */
const DEFAULT_NAME = '<default>'

function folder(children: Readonly<Record<string, ZooNode>>): ZooNode {
  return { children: async () => new Map(Object.entries(children)) }
}
function listing(names: () => Promise<readonly string[]>, node: (name: string) => ZooNode): ZooNode {
  return { children: async () => new Map((await names()).map((name) => [name, node(name)])) }
}
function leaf(data: () => Promise<unknown>): ZooNode {
  return { data: async () => JSON.stringify(await data()) }
}
const EMPTY = folder({})

function reassignments(admin: Admin): ZooNode {
  return leaf(async () => ({
    version: 1,
    partitions: (await admin.listPartitionReassignments()).map(({ topic, partition, replicas, removingReplicas }) => ({
      ...{ topic, partition },
      replicas: replicas.filter((id) => !removingReplicas.includes(id)),
    })),
  }))
}

function brokerIds(admin: Admin): ZooNode {
  const brokers = async () => (await admin.describeCluster()).brokers
  return listing(
    async () => (await brokers()).map(({ id }) => String(id)).sort((one, other) => Number(one) - Number(other)),
    (id) =>
      leaf(async () => {
        const { host, port, rack } = (await brokers()).find((each) => String(each.id) === id)!
        return { host, port, ...(rack === null ? {} : { rack }), version: 5 }
      }),
  )
}

function topicNodes(admin: Admin): ZooNode {
  const names = async () => (await admin.listTopics()).map(({ name }) => name).sort()
  return listing(names, (topic) => {
    const describe = async () => unwrap((await admin.describeTopics([topic])).get(topic)!)
    const partitions = async () => (await describe()).partitions
    return {
      children: async () => new Map([['partitions', partitionNodes(partitions)]]),
      data: async () => {
        const { topicId } = await describe()
        const replicas = (await partitions()).map((each) => [each.partition, each.replicas])
        return JSON.stringify({ partitions: Object.fromEntries(replicas), topic_id: topicId, version: 3 })
      },
    }
  })
}

function partitionNodes(partitions: () => Promise<readonly PartitionDescription[]>): ZooNode {
  return listing(
    async () => (await partitions()).map(({ partition }) => String(partition)),
    (name) =>
      folder({
        state: leaf(async () => {
          const found = (await partitions()).find(({ partition }) => String(partition) === name)!
          return { leader: found.leader, version: 1, leader_epoch: found.leaderEpoch, isr: found.isr }
        }),
      }),
  )
}

function configNodes(admin: Admin): ZooNode {
  return folder({
    brokers: listing(
      async () => [DEFAULT_NAME, ...(await admin.describeCluster()).brokers.map(({ id }) => String(id))],
      (id) =>
        configLeaf(admin, { type: 'BROKER', name: id === DEFAULT_NAME ? '' : id }, [
          id === DEFAULT_NAME ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : 'DYNAMIC_BROKER_CONFIG',
        ]),
    ),
    changes: EMPTY,
    clients: quotas(admin, 'client-id'),
    ips: quotas(admin, 'ip'),
    topics: listing(
      async () => (await admin.listTopics()).map(({ name }) => name).sort(),
      (name) => configLeaf(admin, { type: 'TOPIC', name }, ['DYNAMIC_TOPIC_CONFIG']),
    ),
    users: userNodes(admin),
  })
}

function configLeaf(admin: Admin, resource: ConfigResource, sources: readonly ConfigEntry['source'][]): ZooNode {
  return leaf(async () => {
    const entries = unwrap((await admin.describeConfigs([resource]))[0]!)
    const own = entries.filter(({ source }) => sources.includes(source))
    return { version: 1, config: Object.fromEntries(own.map(({ name, value }) => [name, value ?? HIDDEN])) }
  })
}

/** Kafka does not tell it, and neither would we. */
const HIDDEN = '[hidden]'

/** A cluster that does not know the question has nothing of the kind. */
async function orNone<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (kafkaErrorName(error) === 'UNSUPPORTED_VERSION') return null
    throw error
  }
}

function kafkaErrorName(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'errorName' in cause ? String(cause.errorName) : undefined
}

type Quotas = Map<string, Record<string, string>>

async function quotasOf(admin: Admin, entityType: string): Promise<Quotas> {
  const found = await orNone(admin.describeClientQuotas({ components: [{ entityType, match: 'any' }], strict: true }))
  return new Map(
    (found ?? []).map(({ entity, quotas: values }) => [
      entity.entries.get(entityType) ?? DEFAULT_NAME,
      Object.fromEntries([...values].map(([key, value]) => [key, String(value)])),
    ]),
  )
}

function quotas(admin: Admin, entityType: string): ZooNode {
  return {
    children: async () => {
      const found = await quotasOf(admin, entityType)
      return new Map([...found].sort().map(([name, config]) => [name, leaf(async () => ({ version: 1, config }))]))
    },
  }
}

/** Quotas and SCRAM credentials stood in the same place. */
function userNodes(admin: Admin): ZooNode {
  return {
    children: async () => {
      const found: Quotas = await quotasOf(admin, 'user')
      for (const [user, credentials] of (await orNone(admin.describeScramCredentials('all'))) ?? []) {
        if (!credentials.ok) continue
        const hidden = credentials.value.map(({ mechanism, iterations }) => [
          mechanism,
          `${HIDDEN},iterations=${iterations}`,
        ])
        found.set(user, { ...found.get(user), ...Object.fromEntries(hidden) })
      }
      return new Map([...found].sort().map(([name, config]) => [name, leaf(async () => ({ version: 1, config }))]))
    },
  }
}

async function featureData(admin: Admin): Promise<unknown> {
  const { finalized } = await admin.describeFeatures()
  const levels = [...finalized].map(([name, { max }]) => [name, max])
  return { features: Object.fromEntries(levels), version: 2, status: 1 }
}
