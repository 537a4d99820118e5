/** Elections, storage, versions, ports. */
import type { TopicDescription } from '../../../client/admin-types.ts'
import { bringBack, partitionText, tellMissing } from '../facts.ts'
import type { Found } from '../found.ts'
import type { Look } from '../look.ts'
import type { Said } from '../said.ts'
import type { BeginnerError } from '../types.ts'

/** A command may name hundreds of partitions. */
const MAX_SHOWN = 3

/** The partitions that the failure names, as they are now. */
async function namedPartitions(
  said: Said,
  look: Look,
): Promise<readonly (readonly [string, TopicDescription['partitions'][number]])[]> {
  const names = [...said.text.matchAll(/\b(?<topic>[\w.-]+)-(?<partition>\d+)\b/g)].slice(0, 20)
  const given = said.name('TOPIC')
  const wanted = names.map(({ groups }) => [groups!.topic!, Number(groups!.partition)] as const)
  if (wanted.length === 0 && given !== undefined) wanted.push([given, Number(said.name('PARTITION') ?? 0)])
  const found: (readonly [string, TopicDescription['partitions'][number]])[] = []
  for (const [topic, number] of wanted) {
    const description = await look.topic(topic)
    if (description === null || description === 'absent') continue
    const partition = description.partitions.find((each) => each.partition === number)
    if (partition !== undefined) found.push([topic, partition])
    if (found.length >= MAX_SHOWN) break
  }
  return found
}

async function tellElected(said: Said, look: Look, found: Found): Promise<void> {
  for (const [topic, partition] of await namedPartitions(said, look)) {
    found.fact(`${partitionText(topic, partition)}; preferred is the first replica, ${partition.replicas[0]}`)
  }
}

async function tellPreferred(said: Said, look: Look, found: Found): Promise<void> {
  const partitions = await namedPartitions(said, look)
  const missing = new Set<number>()
  for (const [topic, partition] of partitions) {
    for (const id of await tellMissing(topic, partition, look, found)) missing.add(id)
  }
  const preferred = [...new Set(partitions.map(([, { replicas }]) => replicas[0]!))].filter((id) => missing.has(id))
  if (preferred.length > 0) found.do(await bringBack(preferred, look))
}

async function tellStorage(said: Said, look: Look, found: Found): Promise<void> {
  const cluster = await look.cluster()
  const read = /but read (?<READ>[\w-]{22})/.exec(said.text)?.groups?.READ
  if (read !== undefined) found.fact(`the directory was formatted for cluster ${read}`)
  if (cluster === null) return
  const live = await look.live()
  found.fact(`the cluster at ${live!.servers} has the id ${cluster.clusterId}`)
  if (/meta\.properties/.test(said.text) && read === undefined) {
    const file = said.option('config') ?? said.args.find((word) => word.endsWith('.properties')) ?? 'server.properties'
    found.do(
      {
        run: `kt storage format --cluster-id ${cluster.clusterId} --config ${file}`,
        does: 'to join that cluster',
      },
      {
        run: `kt storage format --standalone --cluster-id $(kt storage random-uuid) --config ${file}`,
        does: 'for one of its own',
      },
    )
  }
}

async function tellVersions(said: Said, look: Look, found: Found): Promise<void> {
  if (/kt speaks/.test(said.text)) return
  const answers = await look.ask('api versions', (admin) => admin.describeApiVersions())
  const [first] = answers ?? []
  if (first === undefined || !first.apis.ok) return
  const { CLIENT_APIS } = await import('../../../protocol/client-apis.ts')
  const theirs = new Map(first.apis.value.map(({ key, min, max }) => [key, { min, max }]))
  const known = [...CLIENT_APIS].flatMap(([key, api]) =>
    theirs.has(key) ? [{ ...api, theirs: theirs.get(key)! }] : [],
  )
  const { id, host, port } = first.broker
  const missing = CLIENT_APIS.size - known.length
  found.fact(
    `broker ${id} at ${host}:${port} serves ${theirs.size} kinds of requests; ${missing} that kt speaks are not among them`,
  )
  const unfit = known.filter(({ min, max, theirs: range }) => range.min > max || range.max < min)
  for (const { name, min, max, theirs: range } of unfit.slice(0, MAX_SHOWN)) {
    found.fact(`${name}: kt speaks versions ${min} to ${max}, the broker ${range.min} to ${range.max}`)
  }
  if (unfit.length === 0) found.fact('every other request has a version that both speak')
}

async function tellHolder(said: Said, look: Look, found: Found): Promise<void> {
  const port = said.number('PORT')
  if (port === undefined) return
  const holder = await look.holder(port)
  if (!said.text.includes('held by pid'))
    found.fact(
      holder === null
        ? `nobody of this machine that could be seen listens on ${port} any more`
        : `port ${port} is held by ${holder}`,
    )
  const { findLocalCluster } = await import('../../../cluster/local-cluster.ts')
  const local = findLocalCluster({ env: look.env })
  if (local?.split(',').some((server) => server.endsWith(`:${port}`)) === true) {
    found.fact(`that is the local cluster of kt, which runs on ${local}`)
    found.do(
      { run: 'kt describe', does: 'it is there already' },
      { run: 'kt cluster start --name other --port 0', does: 'another one, on free ports' },
    )
  }
}

export const NODES: readonly BeginnerError[] = [
  {
    id: 'election-not-needed',
    title: 'The leader is already the one that was wanted',
    texts: [
      'ELECTION_NOT_NEEDED',
      'Valid replica already elected for partitions orders-0',
      'Leader election not needed for topic partition.',
    ],
    when: [
      /Valid replica already elected for partitions/,
      /\bELECTION\n(?<TOPIC>\S+) +(?<PARTITION>\d+) .* not needed/,
    ],
    codes: ['ELECTION_NOT_NEEDED'],
    why: 'Nothing has to be done: for a preferred election the first replica leads already, for an unclean one there is a leader.',
    next: [
      { run: 'kt topics --describe --topic TOPIC', does: 'Leader beside Replicas: the first one is the preferred one' },
    ],
    where: 'leader-election',
    shown: 'at a terminal',
    observe: tellElected,
  },
  {
    id: 'preferred-leader-not-available',
    title: 'The preferred replica cannot lead now',
    texts: [
      'PREFERRED_LEADER_NOT_AVAILABLE',
      'The preferred leader was not available.',
      'ELIGIBLE_LEADERS_NOT_AVAILABLE',
    ],
    when: [],
    codes: ['PREFERRED_LEADER_NOT_AVAILABLE', 'ELIGIBLE_LEADERS_NOT_AVAILABLE'],
    why: 'The first replica of the partition leads only while its broker is in service and in sync. When it is again, elect again; auto.leader.rebalance.enable does so every 300 s.',
    next: [
      { run: 'kt topics --describe --under-replicated-partitions', does: 'who is missing' },
      { run: 'kt leader-election --election-type preferred --all-topic-partitions', does: 'once it is back' },
    ],
    where: 'leader-election',
    observe: tellPreferred,
  },
  {
    id: 'not-formatted',
    title: 'Storage that is not formatted, or for another cluster',
    texts: [
      'No `meta.properties` found in /tmp/kraft-combined-logs (have you run `kafka-storage.sh` to format the directory?)',
      'INCONSISTENT_CLUSTER_ID',
      "The Cluster ID a doesn't match stored clusterId Some(b) in meta.properties. The broker is trying to join the wrong cluster.",
      'Invalid cluster.id in: /tmp/kafka-logs/meta.properties. Expected a, but read b',
    ],
    when: [
      /No (?:readable )?[`']?meta\.properties[`']?(?: files)? found/,
      /doesn't match stored clusterId/,
      /Invalid cluster\.id in: .*meta\.properties/,
      /Log directory .* is already formatted/,
    ],
    codes: ['INCONSISTENT_CLUSTER_ID'],
    why: 'A log directory is formatted once, for one cluster and one node, before its first start: its meta.properties says for which. Delete the directory only if nothing in it is needed.',
    next: [
      { run: 'kt storage info --config server.properties', does: 'what the directories are formatted for' },
      {
        run: 'kt cluster reset',
        does: 'forgets the local cluster of kt, its records included, where that one is meant',
      },
    ],
    where: 'server-start, storage, cluster start',
    observe: tellStorage,
  },
  {
    id: 'unsupported-version',
    title: 'Client and broker share no version of a request',
    texts: [
      'UNSUPPORTED_VERSION',
      'org.apache.kafka.common.errors.UnsupportedVersionException: The node does not support METADATA',
      'The version of API is not supported.',
      'The broker at localhost:9092 cannot answer ListTransactions requests',
    ],
    when: [/UnsupportedVersionException|UnsupportedVersionError/, /The broker at \S+ cannot answer \w+ requests/],
    codes: ['UNSUPPORTED_VERSION'],
    why: 'One of the two is too old for the other. Kafka 4.0 has dropped what was before 2.1 (KIP-896): older clients do not reach 4.x brokers, 4.x clients do not reach older brokers.',
    next: [{ run: 'kt broker-api-versions', does: 'what each broker serves, and which version would be used' }],
    where: 'every command; the message itself names both ranges',
    shown: 'by itself',
    observe: tellVersions,
  },
  {
    id: 'port-in-use',
    title: 'Something else listens on the port',
    texts: [
      'port 9092 on 127.0.0.1 is taken',
      'Socket server failed to bind to localhost:9092: Address already in use.',
      'java.net.BindException: Address already in use',
    ],
    when: [
      /port (?<PORT>\d+) on \S+ is taken/,
      /failed to bind to \S*:(?<PORT>\d+)/,
      /BindException|EADDRINUSE|Address already in use/,
    ],
    why: 'A port belongs to one process at a time: mostly an earlier broker that still runs, or another program.',
    next: [{ run: 'kt cluster start --port 0', does: 'on free ports' }],
    where: 'cluster start --port, cluster start of a cluster whose ports somebody has taken since, server-start',
    observe: tellHolder,
  },
]
