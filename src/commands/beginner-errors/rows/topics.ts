/** Topics: their names, their shapes, and what is asked of those that are not there. */
import type { TopicDescription } from '../../../client/admin-types.ts'
import { bringBack, count, list, partitionText, shapeText, stoppedNodes, tellBrokers } from '../facts.ts'
import type { Found } from '../found.ts'
import type { Look } from '../look.ts'
import type { Said } from '../said.ts'
import type { BeginnerError } from '../types.ts'

async function tellAbsent(said: Said, topic: string, look: Look, found: Found): Promise<void> {
  const names = await look.topicNames()
  if (names === null) return
  found.fact(`topic '${topic}' is not in this cluster, which has ${count(names.length, 'topic')}`)
  const near = await look.nearTopics(topic)
  if (near.length > 0 && !/similar name|did you mean/i.test(said.text)) found.fact(`names like it: ${list(near)}`)
  const creates = await look.brokerSetting('auto.create.topics.enable')
  if (creates !== null) {
    const what =
      creates === 'true' ? 'the first record or reader creates a missing topic' : 'nobody creates a topic but --create'
    found.fact(`auto.create.topics.enable=${creates}: ${what}`)
  }
  const create = { run: `kt topics --create --topic ${topic}`, does: 'if it shall exist' }
  const [best] = near
  const known = { run: `kt topics --describe --topic ${best}`, does: 'if that one was meant' }
  found.do(...(best === undefined ? [create] : [known, create]))
}

/** The topic is there, so it is about one of its partitions, or was a matter of moments. */
function tellPresent(said: Said, description: TopicDescription, found: Found): void {
  const { name, partitions } = description
  found.fact(`topic '${name}' exists: ${shapeText(description)}`)
  const wanted = Number(said.name('PARTITION') ?? Number.NaN)
  if (wanted >= partitions.length) {
    found.because(`Partitions are counted from 0: the last one of '${name}' is ${partitions.length - 1}.`)
    found.do(
      { run: `kt topics --describe --topic ${name}` },
      {
        run: `kt topics --alter --topic ${name} --partitions ${wanted + 1}`,
        does: 'so many; keys then go to other partitions',
      },
    )
    return
  }
  found.because(
    'A broker that has just started, or a topic that has just been made, is not known everywhere for a moment.',
  )
  found.do({ run: `kt topics --describe --topic ${name}` })
}

async function tellTopic(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  if (topic === undefined) return
  const description = await look.topic(topic)
  if (description === 'absent') await tellAbsent(said, topic, look, found)
  else if (description !== null) tellPresent(said, description, found)
}

async function tellLeaderless(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  const description = topic === undefined ? null : await look.topic(topic)
  if (description === null || description === 'absent') return
  const leaderless = description.partitions.filter(({ leader }) => leader < 0)
  if (leaderless.length === 0) {
    found.fact(`each partition of '${description.name}' has a leader by now: ${shapeText(description)}`)
    found.because(
      'The topic was new, and its leaders were being elected: that takes milliseconds, and clients ask again.',
    )
    found.do({ run: `kt topics --describe --topic ${description.name}` })
    return
  }
  for (const each of leaderless.slice(0, 3)) found.fact(partitionText(description.name, each))
  const missing = [...new Set(leaderless.flatMap(({ replicas }) => replicas))]
  await tellBrokers(look, found)
  found.do(await bringBack(missing, look))
}

async function tellFewBrokers(said: Said, look: Look, found: Found): Promise<void> {
  const brokers = await tellBrokers(look, found)
  if (brokers === null) return
  const wanted = said.number('WANTED') ?? Number(said.option('replication-factor') ?? 0)
  const stopped = await stoppedNodes(look)
  if (stopped.length > 0) found.fact(`not running: ${stopped.length === 1 ? 'node' : 'nodes'} ${list(stopped)}`)
  const factor = String(brokers.length)
  const fewer = {
    run:
      said.lineWith({ 'replication-factor': factor }) ??
      `kt topics --create --topic TOPIC --replication-factor ${factor}`,
    does: 'no more replicas than brokers',
  }
  const more =
    stopped.length > 0
      ? { run: 'kt cluster start', does: 'starts what does not run' }
      : { run: 'kt cluster add', does: `one more broker for the local cluster; ${wanted} are needed` }
  found.do(fewer, more)
}

async function tellCounts(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  const description = topic === undefined ? null : await look.topic(topic)
  if (topic === undefined || description === null || description === 'absent') return
  found.fact(`topic '${topic}' has ${shapeText(description)}`)
  const wanted = said.number('WANTED')
  if (wanted === undefined) return
  found.do(
    {
      run: `kt topics --create --topic ${topic}-${wanted} --partitions ${wanted}`,
      does: 'a new one; copy the records, and keys go elsewhere',
    },
    {
      run: `kt topics --alter --topic ${topic} --partitions ${description.partitions.length + 1}`,
      does: 'more of them',
    },
  )
}

async function tellExisting(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  const description = topic === undefined ? null : await look.topic(topic)
  if (topic === undefined || description === null || description === 'absent') return
  found.fact(`topic '${topic}' has ${shapeText(description)}`)
  const ranges = await look.ranges(topic)
  const records = ranges.reduce((sum, { start, end }) => sum + (end ?? 0) - (start ?? 0), 0)
  found.fact(`it holds ${count(records, 'record')}`)
}

async function tellName(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  if (topic === undefined) return
  if (topic.length > 249) found.fact(`the name has ${topic.length} characters`)
  const odd = [...new Set(topic.replaceAll(/[\w.-]/g, ''))]
  if (odd.length > 0) found.fact(`not allowed in it: ${odd.map((each) => `'${each}'`).join(' ')}`)
  const same = topic.replaceAll('.', '_')
  const rivals = ((await look.topicNames()) ?? []).filter(
    (each) => each !== topic && each.replaceAll('.', '_') === same,
  )
  if (rivals.length > 0) found.fact(`in metrics it would be mixed up with ${list(rivals)}`)
}

export const TOPICS: readonly BeginnerError[] = [
  {
    id: 'created-by-typo',
    title: 'A misspelt name has made a new topic',
    texts: [
      "Topic 'ordres' was not there and is now: the cluster creates what is written to or read (auto.create.topics.enable).",
      'topic silently created by a typo',
    ],
    when: [
      /Topic '(?<TOPIC>[^']+)' was not there and is now/,
      /topic (was )?(silently|automatically|auto-?)\s*created/i,
    ],
    why: 'auto.create.topics.enable is true unless somebody has changed it: whoever writes to or reads a topic that does not exist creates it, with the default number of partitions and replicas.',
    next: [{ run: 'kt topics --delete --topic TOPIC', does: 'if it was a slip of the fingers' }],
    where: 'console-producer and console-consumer, when the topic they name comes into being',
    shown: 'by itself',
    async observe(said, look, found) {
      const topic = said.name('TOPIC')
      if (topic === undefined) return
      const near = await look.nearTopics(topic)
      if (near.length > 0) found.fact(`names like it: ${list(near)}`)
      await tellExisting(said, look, found)
    },
  },
  {
    id: 'leader-not-available',
    title: 'A partition has no leader at the moment',
    texts: [
      'Error while fetching metadata with correlation id 1 : {orders=LEADER_NOT_AVAILABLE}',
      'The metadata response from the cluster reported a recoverable issue with correlation id 1 : {orders=LEADER_NOT_AVAILABLE}',
      'There is no leader for this topic-partition as we are in the middle of a leadership election.',
    ],
    when: [/\{(?<TOPIC>[\w.-]+)=LEADER_NOT_AVAILABLE/],
    codes: ['LEADER_NOT_AVAILABLE'],
    why: 'Right after a topic is created its leaders are elected, which takes milliseconds; kt waits for that in silence. If it lasts, every broker that may lead the partition is down.',
    next: [{ run: 'kt topics --describe --unavailable-partitions', does: 'partitions without a leader' }],
    where: 'console-producer and every other command that reads or writes records',
    observe: tellLeaderless,
  },
  {
    id: 'unknown-topic',
    title: 'The topic, or this partition of it, is not there',
    texts: [
      'Topic orders not present in metadata after 60000 ms.',
      'UNKNOWN_TOPIC_OR_PARTITION',
      "Topic 'orders' does not exist as expected",
      'This server does not host this topic-partition.',
      'Partition 7 of topic orders with partition count 3 is not present in metadata after 60000 ms.',
    ],
    when: [
      /\{(?<TOPIC>[\w.-]+)=UNKNOWN_TOPIC_OR_PARTITION/,
      /Topic (?<TOPIC>[\w.-]+) not present in metadata after/,
      /Topics? (in \[)?'?(?<TOPIC>[\w.-]+)'?\]? does not exist/,
      /Partition (?<PARTITION>\d+) of topic (?<TOPIC>[\w.-]+) with partition count \d+ is not present/,
      /Topic '(?<TOPIC>[\w.-]+)' has no partition (?<PARTITION>\d+)/,
      /partition (?<PARTITION>\d+), and topic '(?<TOPIC>[\w.-]+)' has \d+/,
    ],
    codes: ['UNKNOWN_TOPIC_OR_PARTITION'],
    why: 'The cluster knows no such topic, or the topic has fewer partitions. Mostly a slip of the fingers, or another cluster than the one that was meant.',
    next: [{ run: 'kt topics --list', does: 'what there is' }, { run: 'kt topics --create --topic TOPIC' }],
    where: 'every command that names a topic',
    observe: tellTopic,
  },
  {
    id: 'few-brokers',
    title: 'More replicas than brokers',
    texts: [
      'Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered.',
      'Replication factor: 3 larger than available brokers: 1.',
    ],
    when: [
      /Unable to replicate the partition (?<WANTED>\d+) time/,
      /[Rr]eplication factor: (?<WANTED>\d+) larger than available brokers/,
    ],
    codes: ['INVALID_REPLICATION_FACTOR'],
    why: 'Each replica of a partition is on a broker of its own, so there cannot be more replicas than brokers.',
    next: [
      { run: 'kt topics --create --topic TOPIC --replication-factor 1' },
      { run: 'kt cluster start --brokers 3', does: 'a cluster of three on this machine' },
    ],
    where: 'topics --create, reassign-partitions, auto creation',
    observe: tellFewBrokers,
  },
  {
    id: 'partitions-only-grow',
    title: 'A topic never gets fewer partitions',
    texts: [
      'The topic orders currently has 3 partition(s); 2 would not be an increase.',
      'Topic currently has 3 partitions, which is higher than the requested 2.',
      'Topic already has 3 partition(s).',
    ],
    when: [
      /The topic (?<TOPIC>[\w.-]+) currently has \d+ partition\(s\); (?<WANTED>\d+) would not be an increase/,
      /Topic currently has \d+ partitions, which is higher than the requested (?<WANTED>\d+)/,
      /Topic already has \d+ partition/,
    ],
    codes: ['INVALID_PARTITIONS'],
    why: 'Records of a partition cannot be merged into another without breaking their order and offsets, so partitions are only added. More partitions send keys elsewhere: records of one key are then in two of them.',
    next: [{ run: 'kt topics --create --topic TOPIC-2 --partitions 2', does: 'a new topic, and the records copied' }],
    where: 'topics --alter',
    observe: tellCounts,
  },
  {
    id: 'topic-exists',
    title: 'There is such a topic already',
    texts: ['Topic with this name already exists.', "Topic 'orders' already exists."],
    when: [/Topic '(?<TOPIC>[^']+)' already exists/, /Topic with this name already exists/],
    codes: ['TOPIC_ALREADY_EXISTS'],
    why: 'Names are unique in a cluster. A topic that is being deleted keeps its name for a moment.',
    next: [
      { run: 'kt topics --describe --topic TOPIC', does: 'what it looks like' },
      { run: 'kt topics --create --if-not-exists --topic TOPIC', does: 'goes on where it is there' },
    ],
    where: 'topics --create',
    observe: tellExisting,
  },
  {
    id: 'topic-name',
    title: 'What a topic may be called',
    texts: [
      "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide.",
      "Topic 'a_b' collides with existing topics: a.b",
      "Topic name is invalid: the length of 'x...' is longer than the max allowed length 249",
    ],
    when: [
      /Due to limitations in metric names/,
      /Topic '(?<TOPIC>[^']+)' collides with existing/,
      /Topic name is invalid/,
      /Topic name ".*" is illegal/,
      /is longer than the max allowed length 249/,
    ],
    codes: ['INVALID_TOPIC_EXCEPTION'],
    why: 'In names of metrics a period becomes an underscore, so a.b and a_b would be one. A partition is a directory TOPIC-N, whose name may have 255 characters: that leaves 249, of letters, digits, period, underscore and hyphen.',
    next: [{ run: 'kt topics --list', does: 'use one of . and _ in all of your names, not both' }],
    where: 'topics --create',
    observe: tellName,
  },
]
