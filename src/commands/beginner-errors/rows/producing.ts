/** Records that are not taken, or not known to be taken. */
import type { PartitionDescription } from '../../../client/admin-types.ts'
import { bringBack, count, duration, list, tellBrokers, tellMissing } from '../facts.ts'
import type { Found } from '../found.ts'
import { fateOf, timeText } from '../local-nodes.ts'
import type { Look } from '../look.ts'
import type { Said } from '../said.ts'
import type { BeginnerError } from '../types.ts'

/** The partition that the failure names, else the first one that misses replicas. */
async function partitionOf(said: Said, look: Look): Promise<{ topic: string; found: PartitionDescription } | null> {
  const topic = said.name('TOPIC')
  const description = topic === undefined ? null : await look.topic(topic)
  if (topic === undefined || description === null || description === 'absent') return null
  const number = said.name('PARTITION')
  const found =
    number === undefined
      ? (description.partitions.find(({ isr, replicas }) => isr.length < replicas.length) ?? description.partitions[0])
      : description.partitions.find(({ partition }) => partition === Number(number))
  return found === undefined ? null : { topic, found }
}

async function tellMinIsr(said: Said, look: Look, found: Found): Promise<void> {
  const partition = await partitionOf(said, look)
  if (partition === null) return
  const { topic } = partition
  const missing = await tellMissing(topic, partition.found, look, found)
  const wanted = (await look.configs('TOPIC', topic, ['min.insync.replicas'])).get('min.insync.replicas')
  if (wanted !== undefined && wanted !== null) {
    const { isr, replicas } = partition.found
    found.fact(`in sync ${isr.length} of ${replicas.length}, min.insync.replicas ${wanted}`)
  }
  if (missing.length === 0) {
    found.because('By now enough replicas are in sync again.')
    found.do({ run: `kt topics --describe --topic ${topic}` })
    return
  }
  found.do(await bringBack(missing, look), {
    run: `kt configs --alter --topic ${topic} --add-config min.insync.replicas=${Math.max(1, partition.found.isr.length)}`,
    does: 'takes records with fewer copies: a decision, not a repair',
  })
}

async function tellDelivery(said: Said, look: Look, found: Found): Promise<void> {
  const partition = await partitionOf(said, look)
  if (partition === null) return
  const { topic, found: state } = partition
  const missing = await tellMissing(topic, state, look, found)
  if (state.leader >= 0 && missing.length === 0) {
    found.because(
      'The partition is well at this moment: the leader was away or slow for longer than delivery.timeout.ms.',
    )
    found.do({
      run: `kt console-consumer --topic ${topic} --tail 5 --meta`,
      does: 'whether the last of them are there',
    })
    return
  }
  found.do(await bringBack(missing, look), { run: `kt describe topic ${topic}` })
}

/** Who leads now, since how many changes, and what has become of the replicas that do not. */
async function tellLeader(said: Said, look: Look, found: Found): Promise<void> {
  const partition = await partitionOf(said, look)
  if (partition === null) {
    await tellBrokers(look, found)
    return
  }
  const { topic, found: state } = partition
  const missing = await tellMissing(topic, state, look, found)
  found.fact(`leader epoch ${state.leaderEpoch}: so many elections since the topic was made`)
  const fate = state.leader < 0 ? '' : await fateOf(state.leader, look)
  if (fate !== '') found.fact(`broker ${state.leader}: ${fate}`)
  if (state.leader >= 0 && fate === '') {
    found.because(
      `Leadership has moved: broker ${state.leader} leads ${topic}-${state.partition} now. Clients ask for the new leader and send again by themselves; an error is what is left where retries are used up, or switched off.`,
    )
    found.do({
      run: `kt topics --describe --topic ${topic}`,
      does: 'Leader beside Replicas: the first one is preferred',
    })
    return
  }
  found.do(
    await bringBack(
      [...missing, state.leader].filter((id) => id >= 0),
      look,
    ),
  )
}

/** What is left of the partition, and what could have taken records from it. */
async function tellSequence(said: Said, look: Look, found: Found): Promise<void> {
  const partition = await partitionOf(said, look)
  if (partition === null) return
  const { topic, found: state } = partition
  await tellMissing(topic, state, look, found)
  const range = (await look.ranges(topic)).find((each) => each.partition === state.partition)
  if (range !== undefined) found.fact(`${topic}-${state.partition} holds offsets ${range.start} to ${range.end}`)
  const setting = 'unclean.leader.election.enable'
  const unclean = (await look.configs('TOPIC', topic, [setting])).get(setting)
  if (unclean !== undefined) found.fact(`${setting} of topic '${topic}': ${unclean}`)
}

async function tellCompacted(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  if (topic === undefined) return
  const policy = (await look.configs('TOPIC', topic, ['cleanup.policy'])).get('cleanup.policy')
  if (policy !== undefined) found.fact(`topic '${topic}' has cleanup.policy=${policy}`)
}

async function tellSizes(said: Said, look: Look, found: Found): Promise<void> {
  const size = said.number('SIZE')
  const mine = /max\.request\.size/.test(said.text)
  if (size !== undefined) found.fact(`the record or batch has ${size} bytes`)
  const topic = said.name('TOPIC')
  const limit =
    topic === undefined
      ? undefined
      : (await look.configs('TOPIC', topic, ['max.message.bytes'])).get('max.message.bytes')
  const ofBrokers = await look.brokerSetting('message.max.bytes')
  if (limit !== undefined && limit !== null) found.fact(`max.message.bytes of topic '${topic}': ${limit}`)
  if (ofBrokers !== null) found.fact(`message.max.bytes of the brokers: ${ofBrokers}`)
  if (size === undefined || topic === undefined) return
  const wanted = String(Math.ceil((size * 1.1) / 1024) * 1024)
  const atTopic = {
    run: `kt configs --alter --topic ${topic} --add-config max.message.bytes=${wanted}`,
    does: 'the topic takes it',
  }
  const line = said.lineWith({ 'command-property': `max.request.size=${wanted}` })
  const atProducer = {
    run: line ?? `kt console-producer --topic ${topic} --command-property max.request.size=${wanted}`,
    does: 'the producer sends it',
  }
  const tooSmall = Number(limit ?? 0) < size
  found.do(...(mine ? [atProducer, ...(tooSmall ? [atTopic] : [])] : [atTopic]))
}

async function tellKeys(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  const description = topic === undefined ? null : await look.topic(topic)
  if (topic === undefined || description === null || description === 'absent') return
  const ranges = await look.ranges(topic)
  found.fact(`topic '${topic}' has ${count(description.partitions.length, 'partition')} now`)
  for (const { partition, start, end } of ranges.slice(0, 8)) {
    if (end !== null) found.fact(`${topic}-${partition}: offsets ${start} to ${end}`)
  }
}

async function tellProducers(said: Said, look: Look, found: Found): Promise<void> {
  const id = said.name('ID') ?? (await onlyTransaction(look, found))
  if (id === undefined) return
  const described = await look.ask(`transaction ${id}`, (admin) => admin.describeTransactions([id]))
  const outcome = described?.get(id)
  if (outcome === undefined || !outcome.ok) return
  const { state, producerId, producerEpoch, startTimeMs, timeoutMs, coordinatorId } = outcome.value
  found.fact(`transactional.id '${id}' now: producer ${producerId} with epoch ${producerEpoch} has it, ${state}`)
  found.fact(`its coordinator is broker ${coordinatorId}; transaction.timeout.ms ${timeoutMs}`)
  if (startTimeMs !== null) {
    const began = `began at ${timeText(startTimeMs)}, ${duration(Math.max(0, look.now() - startTimeMs))} ago`
    found.fact(`${state === 'Ongoing' ? 'its transaction is open and' : 'its last transaction'} ${began}`)
  }
  found.do(
    { run: `kt transactions describe --transactional-id ${id}`, does: 'who has it now' },
    { does: 'give each running producer a transactional.id of its own; the fenced one must be started anew' },
  )
}

async function onlyTransaction(look: Look, found: Found): Promise<string | undefined> {
  const ids = ((await look.ask('transactions', (admin) => admin.listTransactions())) ?? []).map(
    ({ transactionalId }) => transactionalId,
  )
  if (ids.length > 1) found.fact(`transactional ids of this cluster: ${list(ids)}`)
  return ids.length === 1 ? ids[0] : undefined
}

export const PRODUCING: readonly BeginnerError[] = [
  {
    id: 'compacted-without-key',
    title: 'A compacted topic takes records with a key only',
    texts: ['Compacted topic cannot accept message without key in topic partition orders-0.'],
    when: [
      /Compacted topic cannot accept message without key(?: in topic partition (?<TOPIC>[\w.-]+)-(?<PARTITION>\d+))?/,
    ],
    why: 'Compaction keeps the last record of each key: a record without one could be neither kept nor replaced.',
    next: [
      {
        run: 'kt console-producer --topic TOPIC --reader-property parse.key=true --reader-property key.separator=:',
        does: 'lines such as alice:text',
      },
    ],
    where: 'console-producer and every other producer',
    observe: tellCompacted,
  },
  {
    id: 'too-large',
    title: 'A record is larger than somebody takes',
    texts: [
      'The message is 2000088 bytes when serialized which is larger than 1048576, which is the value of the max.request.size configuration.',
      'org.apache.kafka.common.errors.RecordTooLargeException: The request included a message larger than the max message size the server will accept.',
      'MESSAGE_TOO_LARGE',
    ],
    when: [
      /The message is (?<SIZE>\d+) bytes when serialized which is larger than/,
      /record batch size in the append to (?<TOPIC>[\w.-]+)-(?<PARTITION>\d+) is (?<SIZE>\d+) bytes which exceeds/,
      /message larger than the max message size/,
    ],
    codes: ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'],
    why: 'Three limits in a row, each about 1 MB by default: max.request.size of the producer, max.message.bytes of the topic, message.max.bytes of the brokers. Large things mostly belong elsewhere, with their address in the record.',
    next: [
      { run: 'kt configs --alter --topic TOPIC --add-config max.message.bytes=2097152' },
      { run: 'kt console-producer --topic TOPIC --command-property max.request.size=2097152' },
    ],
    where: 'console-producer and every other producer',
    observe: tellSizes,
  },
  {
    id: 'not-enough-replicas',
    title: 'Fewer replicas in sync than acks=all wants',
    texts: [
      'NOT_ENOUGH_REPLICAS',
      'The size of the current ISR Set(2) is insufficient to satisfy the min.isr requirement of 2 for partition orders-0',
      'Messages are rejected since there are fewer in-sync replicas than required.',
    ],
    when: [
      /insufficient to satisfy the min\.isr requirement of \d+ for partition (?<TOPIC>[\w.-]+)-(?<PARTITION>\d+)/,
      /insufficient to satisfy the min\.isr requirement/,
    ],
    codes: ['NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'],
    why: 'With acks=all a record is only taken while min.insync.replicas copies of it can be made. What is there already can still be read. (Since 4.0 no more than the replication factor is asked for: RF 1 with min 2 failed before.)',
    next: [{ run: 'kt topics --describe --under-min-isr-partitions', does: 'which partitions, and who is missing' }],
    where: 'console-producer and every other producer with acks=all',
    observe: tellMinIsr,
  },
  {
    id: 'delivery-timeout',
    title: 'Records waited longer than delivery.timeout.ms',
    texts: [
      'Expiring 5 record(s) for orders-0:120000 ms has passed since batch creation',
      'Expiring 1 record(s) for orders-0: 30015 ms has passed since last append',
    ],
    when: [/Expiring \d+ record\(s\) for (?<TOPIC>[\w.-]+)-(?<PARTITION>\d+)/],
    why: 'The producer gave up: no leader, too few replicas in sync, or a slow network for delivery.timeout.ms (120 s by default). Whether these records are in the log is not known: an answer may have been lost on its way back.',
    next: [{ run: 'kt topics --describe --topic TOPIC', does: 'leaders and replicas in sync' }],
    where: 'console-producer and every other producer',
    observe: tellDelivery,
  },
  {
    id: 'not-leader',
    title: 'Leadership has moved',
    texts: [
      'NOT_LEADER_OR_FOLLOWER',
      'For requests intended only for the leader, this error indicates that the broker is not the current leader.',
      'NOT_LEADER_FOR_PARTITION',
      'Broker 1 is not part of the cluster or not alive',
    ],
    when: [
      /NOT_LEADER_FOR_PARTITION|NotLeaderForPartitionException/,
      /broker is not the current leader/,
      // Asked of a coordinator it is a matter of groups.
      /Broker (?<BROKER>\d+) is not part of the cluster or not alive(?!\s+(Describe|Delete|Consumer)Group|\s+Offset)/,
    ],
    codes: ['NOT_LEADER_OR_FOLLOWER', 'FENCED_LEADER_EPOCH'],
    why: 'Normal for a moment after a broker has gone or come back: the client asks who leads now and goes on by itself. Only if it lasts is something wrong.',
    next: [{ run: 'kt describe', does: 'who is in service; kt topics --describe --topic TOPIC for one topic' }],
    where: 'console-producer with retries=0; everything else that reads or writes records asks again in silence',
    observe: tellLeader,
  },
  {
    id: 'same-key-two-partitions',
    title: 'Records of one key are in two partitions',
    texts: [
      'same key in two partitions',
      'one key in different partitions',
      'key order broken after adding partitions',
    ],
    when: [
      /same key\b.*\bpartitions/i,
      /\bkey\b.*\b(different|several|two|other) partitions/i,
      /key order .*\bpartitions/i,
    ],
    why: 'The partition is the hash of the key modulo the number of partitions. Either the number was raised meanwhile, or another client writes with another hash: Java, kafkajs and kt use murmur2, librdkafka CRC-32 unless told otherwise, Sarama FNV-1a. A partition named by the producer comes before the key.',
    next: [
      {
        run: 'kt console-consumer --topic TOPIC --key KEY --from-beginning --meta',
        does: 'where the records of a key are, by every hash',
      },
      {
        run: 'kt console-producer --topic TOPIC --partitioner crc32 --reader-property parse.key=true',
        does: 'to write as librdkafka does',
      },
    ],
    where: 'topics --alter --partitions at a terminal, before it happens',
    observe: tellKeys,
  },
  {
    id: 'producer-fenced',
    title: 'Another producer has taken over the transactional id',
    texts: [
      'PRODUCER_FENCED',
      'INVALID_PRODUCER_EPOCH',
      'There is a newer producer with the same transactionalId which fences the current one.',
    ],
    when: [/newer producer with the same transactional\.?\s?[iI]d/, /Producer attempted to produce with an old epoch/],
    codes: ['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH'],
    why: 'Each initTransactions with the same transactional.id raises the epoch and shuts out the producer before: the one that started last wins. The same happens to a transaction that took longer than transaction.timeout.ms.',
    next: [
      { run: 'kt transactions describe --transactional-id ID', does: 'who has it now' },
      { does: 'give each running producer a transactional.id of its own; the fenced one must be started anew' },
    ],
    where: 'console-producer --transactional-id, transact, transactions; on a cluster that has transactions',
    observe: tellProducers,
  },
  {
    id: 'out-of-order-sequence',
    title: 'The number of a batch does not follow the one before',
    texts: [
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      'The broker received an out of order sequence number.',
      'Out of order sequence number for producer 1000 at offset 5 in partition orders-0: 10 (incoming seq. number), 3 (current end sequence number).',
      'UNKNOWN_PRODUCER_ID',
    ],
    when: [
      /Out of order sequence number for producer \d+ at offset \d+ in partition (?<TOPIC>[\w.-]+)-(?<PARTITION>\d+)/,
      /Invalid sequence number for new epoch .*in partition (?<TOPIC>[\w.-]+)-(?<PARTITION>\d+)/,
      /broker received an out of order sequence number/,
    ],
    codes: ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID'],
    why: 'An idempotent producer numbers its batches in each partition, and the log does not end with the number before this one: batches of it are missing there (an unclean election, deleted records), or one before it was given up.',
    next: [
      { run: 'kt topics --describe --topic TOPIC', does: 'who leads, and who is in sync' },
      {
        run: 'kt transactions describe-producers --topic TOPIC --partition PARTITION',
        does: 'the last number of each producer',
      },
    ],
    where: 'programs with older clients; producers of kt begin new numbers and send again in silence',
    observe: tellSequence,
  },
]
