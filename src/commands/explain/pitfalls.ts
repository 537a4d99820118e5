/** What surprises people about a command line, told before it does. */

/** The options of one command line, by their names of today. */
export interface LineFacts {
  has(name: string): boolean
  value(name: string): string
  /** The subcommand or the first plain word, '' without one. */
  readonly word: string
  /** All plain words. */
  readonly words: string
}

type Rule = (line: LineFacts) => string | false

const ANY: readonly Rule[] = [
  (line) =>
    /:2181\b/.test(line.value('bootstrap-server')) &&
    "Port 2181 was ZooKeeper's; a broker listens on 9092 unless its listeners say otherwise.",
  (line) =>
    line.has('bootstrap-server') &&
    !line.value('bootstrap-server').includes(':') &&
    !/[$<]/.test(line.value('bootstrap-server')) &&
    '--bootstrap-server wants host:port.',
  (line) =>
    line.has('command-config') &&
    /password|secret/i.test(line.value('command-config')) &&
    'Whatever stands on a command line can be read by other users of the machine; keep passwords in a file.',
]

const BY_COMMAND: Readonly<Record<string, readonly Rule[]>> = {
  'connect-standalone': [
    (line) =>
      /file-(source|sink)/.test(line.words) &&
      "The connectors for files are in the worker's plugin.path no more: plugin.path=libs/connect-file-VERSION.jar brings them back.",
  ],
  topics: [
    (line) =>
      line.has('create') &&
      !line.has('partitions') &&
      !line.has('replica-assignment') &&
      'Without --partitions the topic gets num.partitions of the brokers, 1 unless they say otherwise; more can be added later, never fewer.',
    (line) =>
      line.has('create') &&
      !line.has('replication-factor') &&
      !line.has('replica-assignment') &&
      'Without --replication-factor it gets default.replication.factor of the brokers, 1 unless they say otherwise: one copy, lost with its broker.',
    (line) =>
      line.has('create') &&
      Number(line.value('replication-factor')) > 1 &&
      `${line.value('replication-factor')} replicas need as many brokers; with fewer it fails.`,
    (line) =>
      line.has('create') &&
      /[._]/.test(line.value('topic')) &&
      'Names with . and _ collide in metrics: use one of them only.',
    (line) =>
      line.has('delete') &&
      /[.*|,]/.test(line.value('topic')) &&
      '--topic is an expression: every topic that matches it is deleted, at once.',
    (line) => line.has('delete') && 'What is deleted is gone; there is no question first.',
    (line) =>
      line.has('alter') &&
      line.has('partitions') &&
      'Keys go to other partitions afterwards: records of one key are no longer all in one partition.',
    (line) => line.has('alter') && line.has('config') && 'Configurations are changed with kt configs --alter now.',
    (line) =>
      (line.has('describe') || line.has('list')) && /[.*|]/.test(line.value('topic')) && '--topic is an expression.',
  ],
  'console-consumer': [
    (line) =>
      !line.has('from-beginning') &&
      !line.has('offset') &&
      !line.has('group') &&
      'Only records that come from now on are shown; --from-beginning shows those that are there.',
    (line) =>
      line.has('from-beginning') &&
      line.has('group') &&
      '--from-beginning only counts until the group has committed offsets; afterwards it goes on where it was.',
    (line) =>
      !line.has('max-messages') &&
      !line.has('timeout-ms') &&
      'It goes on until Ctrl-C; --max-messages or --timeout-ms end it.',
    () => 'Order is kept within a partition; records of several partitions come in any order.',
  ],
  'console-producer': [
    (line) =>
      /parse\.key=true/.test(line.value('reader-property')) &&
      !/key\.separator/.test(line.value('reader-property')) &&
      'The key ends at the first TAB; key.separator=: makes it a colon.',
    (line) =>
      !/parse\.key=true/.test(line.value('reader-property')) &&
      'Lines have no key: one partition gets a whole batch, another the next. --reader-property parse.key=true takes one from each line.',
    () =>
      'A topic that does not exist is made by the first record where auto.create.topics.enable is true, with one partition.',
  ],
  'consumer-groups': [
    (line) =>
      line.has('reset-offsets') && !line.has('execute') && 'Without --execute this only shows what would happen.',
    (line) => line.has('reset-offsets') && 'The group must have no active members, or the offsets are refused.',
    (line) =>
      line.has('describe') &&
      'LAG counts records that are in the log and not committed yet, not those being processed.',
    (line) => line.has('delete') && 'A group with members is not deleted.',
  ],
  configs: [
    (line) =>
      line.has('alter') &&
      line.has('add-config') &&
      'A value with commas stands in brackets: cleanup.policy=[compact,delete].',
    (line) =>
      line.has('delete-config') && "The value falls back to the broker's default, which --describe --all shows.",
  ],
  'leader-election': [
    (line) =>
      line.value('election-type') === 'unclean' &&
      'A replica that was not in sync leads: records it does not have are lost.',
  ],
  'reassign-partitions': [
    (line) =>
      line.has('execute') && !line.has('throttle') && 'Without --throttle copying takes all the bandwidth there is.',
    (line) =>
      line.has('execute') &&
      line.has('throttle') &&
      '--verify takes the throttle away again when all is done; without it, it stays.',
    (line) =>
      line.has('generate') && 'This only proposes; keep the current assignment that it prints, it is the way back.',
  ],
  'get-offsets': [
    (line) =>
      line.value('time') === '-1' &&
      '-1 is the end of the log (latest), -2 its beginning (earliest), -3 the record with the highest timestamp.',
  ],
  'delete-records': [() => 'Records before the offsets are gone for every consumer; -1 means all.'],
  storage: [
    (line) =>
      line.word === 'format' &&
      'Once for each node, with the same cluster id on all of them; a directory that is formatted keeps its id.',
  ],
  'server-start': [
    () =>
      'Its log.dirs must have been formatted once (kafka-storage.sh format); a second node needs another node.id, other ports, other log.dirs.',
  ],
  'producer-perf-test': [
    (line) => line.value('throughput') === '-1' && '-1 is as fast as it can: latencies are then those of full buffers.',
  ],
  'zookeeper-server-start': [
    () => 'Kafka starts without it since 4.0: the controllers keep the metadata in a log of their own (KRaft).',
    () => 'What has to be done once instead: kafka-storage.sh format. In a workspace of kt init this script does it.',
  ],
  'zookeeper-shell': [
    () =>
      'The same is asked with kt describe, kt topics --describe, kt configs --describe and kt metadata-quorum describe --status.',
  ],
  'dump-log': [(line) => !line.has('print-data-log') && 'Without --print-data-log only batches are shown, no records.'],
}

/** What applies to a line of `command`. */
export function pitfallsOf(command: string, line: LineFacts): string[] {
  const rules = [...ANY, ...(Object.hasOwn(BY_COMMAND, command) ? BY_COMMAND[command]! : [])]
  return rules.map((rule) => rule(line)).filter((text) => text !== false)
}
