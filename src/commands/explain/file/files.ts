/** The files and directories of a data directory: what they are, who writes them when, what a crash does to them. */

/** How what is in one of them is read; see `contents.ts`. */
export type Reader =
  | 'batches'
  | 'offset-index'
  | 'time-index'
  | 'transaction-index'
  | 'producers'
  | 'checkpoint'
  | 'text'
  | 'partition'
  | 'directory'

export interface FileKind {
  /** Of the name, without its directory. */
  readonly pattern: RegExp
  readonly what: string
  readonly meaning: string
  readonly written: string
  readonly crash: string
  readonly reader: Reader | null
  /** Lines that show more; FILE is the file. */
  readonly lines: readonly string[]
}

const DUMP = 'kt dump-log --files FILE'
const RECORDS = `${DUMP} --print-data-log`
const METADATA = `${DUMP} --cluster-metadata-decoder`
const REBUILT = 'What is missing or wrong is built anew from the .log at the next start.'

/** The first whose pattern fits counts. */
export const FILES: readonly FileKind[] = [
  {
    pattern: /\.(deleted|cleaned|swap)$/,
    what: 'segment file on its way',
    meaning:
      '.deleted: no longer part of the log, removed after file.delete.delay.ms. .cleaned: half of a compaction. .swap: a finished compaction that is taking the place of its sources.',
    written: 'By retention (.deleted) and by the threads that compact (.cleaned, .swap).',
    crash: 'At the next start .deleted and .cleaned are thrown away, .swap is put into place.',
    reader: null,
    lines: [],
  },
  {
    pattern: /^\.lock$/,
    what: 'lock',
    meaning: 'Held by the node that uses the directory, so that no second one does.',
    written: 'When a node starts. The file stays when it ends; what counts is the lock on it.',
    crash: 'The lock ends with the process; the file does not have to be removed.',
    reader: null,
    lines: [],
  },
  {
    pattern: /^\.kafka_cleanshutdown$/,
    what: 'mark of an orderly stop',
    meaning:
      'The node was stopped in order: its logs need no check at the next start. It holds the epoch in which the broker was registered (KIP-966).',
    written: 'As the last thing of an orderly stop; taken away as the first thing of a start.',
    crash: 'It is not there then: each log is checked from its recovery point on.',
    reader: 'text',
    lines: [],
  },
  {
    pattern: /^bootstrap\.checkpoint$/,
    what: 'first metadata of a cluster',
    meaning:
      'The records that the first active controller begins with: the metadata version, feature levels, SCRAM users.',
    written: 'By kafka-storage.sh format; never again.',
    crash: 'Nothing: it is not written to.',
    reader: 'batches',
    lines: [METADATA],
  },
  {
    pattern: /^(?:\d{20}-\d{10})?\.checkpoint(\.part)?$/,
    what: 'snapshot of the metadata',
    meaning:
      'All that the metadata log said up to the offset (and epoch) in the name: topics, partitions, brokers, settings. With it older parts of the log can go.',
    written:
      'By each node after metadata.log.max.record.bytes.between.snapshots bytes or metadata.log.max.snapshot.interval.ms, or fetched from the active controller. As .part first, then renamed.',
    crash: 'A .part is thrown away; a finished snapshot is whole.',
    reader: 'batches',
    lines: ['kt metadata-shell --snapshot FILE', METADATA],
  },
  {
    pattern: /^(?:\d{20})?\.log$/,
    what: 'segment',
    meaning:
      'Record batches, as they came from producers, from the offset in its name on. The last segment of a partition is the active one; only it grows.',
    written:
      'By the leader when a producer sends, by a follower when it fetches; the operating system brings it to the disk. A new one begins after segment.bytes or segment.ms.',
    crash:
      'After a crash of the machine the end may be torn: batches from the recovery point on are checked, and what is broken is cut off. Other replicas give it back.',
    reader: 'batches',
    lines: [RECORDS, `${DUMP} --bytes --max-batches 1`],
  },
  {
    pattern: /^(?:\d{20})?\.index$/,
    what: 'offset index',
    meaning:
      'Where in the .log of the same name some offsets stand: 8 bytes an entry, offset minus the one in the name, and position. A reader looks up the nearest one and goes on from there.',
    written:
      'With the log, an entry each index.interval.bytes. While it is active the file may be preallocated with zeros.',
    crash: REBUILT,
    reader: 'offset-index',
    lines: [DUMP, `${DUMP} --index-sanity-check`],
  },
  {
    pattern: /^(?:\d{20})?\.timeindex$/,
    what: 'time index',
    meaning:
      'The largest timestamp so far, and the offset that brought it: 12 bytes an entry. By it offsets are found for a time, and retention.ms looks how old a segment is.',
    written: 'With the offset index, and once more when the segment is closed.',
    crash: REBUILT,
    reader: 'time-index',
    lines: [DUMP],
  },
  {
    pattern: /^(?:\d{20})?\.txnindex$/,
    what: 'transaction index',
    meaning:
      'Transactions that were aborted in the segment of the same name: with it read_committed consumers leave their records out. There is none where nothing was aborted.',
    written: 'When a marker says that a transaction was aborted.',
    crash: REBUILT,
    reader: 'transaction-index',
    lines: [DUMP],
  },
  {
    pattern: /^(?:\d{20})?\.snapshot$/,
    what: 'snapshot of producers',
    meaning:
      'What the partition knew of its idempotent producers at the offset in the name: ids, epochs, last sequence numbers, open transactions. By it batches that come twice are recognised after a restart.',
    written: 'When a segment is closed, and at an orderly stop.',
    crash: 'The newest one that is whole is taken, and the log behind it is read again.',
    reader: 'producers',
    lines: [DUMP],
  },
  {
    pattern: /^leader-epoch-checkpoint$/,
    what: 'checkpoint of leader epochs',
    meaning:
      "At which offset each leader of the partition began: an epoch and an offset a line. A follower finds by it where its log differs from the new leader's, and cuts it off there (KIP-101).",
    written: 'When the first batch of a new leader comes, and when the log is cut at either end.',
    crash: 'Replaced as a whole, so the old or the new one is there; what is missing is read from the log.',
    reader: 'checkpoint',
    lines: [],
  },
  {
    pattern: /^recovery-point-offset-checkpoint$/,
    what: 'checkpoint of recovery points',
    meaning: 'Up to which offset each log is on the disk for certain: topic, partition and offset a line.',
    written: 'Every log.flush.offset.checkpoint.interval.ms (a minute), and at an orderly stop.',
    crash: 'Logs are checked from the offset in it on; without the file, from their beginning.',
    reader: 'checkpoint',
    lines: [],
  },
  {
    pattern: /^replication-offset-checkpoint$/,
    what: 'checkpoint of high watermarks',
    meaning:
      'The high watermark of each partition as far as the broker has noted it: topic, partition and offset a line.',
    written: 'Every replica.high.watermark.checkpoint.interval.ms (5 seconds), and at an orderly stop.',
    crash: 'It may be a little old: a follower learns the newer one from the leader, a leader from its followers.',
    reader: 'checkpoint',
    lines: [],
  },
  {
    pattern: /^log-start-offset-checkpoint$/,
    what: 'checkpoint of log starts',
    meaning:
      'Where logs begin whose first records were deleted by request (kt delete-records): topic, partition and offset a line. Logs that begin with their first segment are not in it.',
    written: 'Every log.flush.start.offset.checkpoint.interval.ms (a minute), and at an orderly stop.',
    crash: 'It may be a little old: a log may begin earlier again than it did.',
    reader: 'checkpoint',
    lines: [],
  },
  {
    pattern: /^cleaner-offset-checkpoint$/,
    what: 'checkpoint of compaction',
    meaning: 'Up to which offset each compacted log has been cleaned: topic, partition and offset a line.',
    written: 'After each round of a cleaner thread.',
    crash: 'It may be a little old: something is cleaned once more.',
    reader: 'checkpoint',
    lines: [],
  },
  {
    pattern: /^meta\.properties$/,
    what: 'identity of a directory',
    meaning:
      'Whose directory it is: cluster.id, node.id and directory.id. A node does not start on a directory of another node or cluster (INCONSISTENT_CLUSTER_ID).',
    written: 'By kafka-storage.sh format.',
    crash: 'Nothing. Without it the node does not start: No readable meta.properties.',
    reader: 'text',
    lines: ['kt storage info --config server.properties'],
  },
  {
    pattern: /^partition\.metadata$/,
    what: 'identity of a partition',
    meaning: 'The id of the topic, so that a deleted topic and a new one of the same name are told apart (KIP-516).',
    written: 'When the replica is made.',
    crash: 'Without it the directory is taken for a stray, and moved aside.',
    reader: 'text',
    lines: [],
  },
  {
    pattern: /^quorum-state$/,
    what: 'vote',
    meaning:
      'In which epoch of the quorum this node is, whom it took for the leader and whom it voted for: it must not vote twice in an epoch. votedId -1 is nobody.',
    written: 'Before each answer to a vote, and when a leader is found; flushed to the disk.',
    crash: 'Replaced as a whole, so the old or the new one is there.',
    reader: 'text',
    lines: ['kt metadata-quorum describe --status'],
  },
  {
    pattern: /^__cluster_metadata(-0)?$/,
    what: 'metadata log',
    meaning:
      'The log of the cluster (KRaft): topics, partitions, leaders, brokers, settings, as records that the controllers agree on. Controllers and brokers have a copy; snapshots and quorum-state lie beside it.',
    written: 'By the active controller; all others copy it.',
    crash: 'Each batch is flushed before it counts; what is torn at the end is copied anew.',
    reader: 'partition',
    lines: ['kt dump-log --files FILE/00000000000000000000.log --cluster-metadata-decoder'],
  },
  {
    pattern: /^__consumer_offsets(-\d+)?$/,
    what: 'partition of __consumer_offsets',
    meaning:
      "Where groups keep committed offsets and members, compacted. A group is in the partition of its name's hash; the leader of it coordinates the group.",
    written: 'By the coordinator at each commit and each change of a group.',
    crash: 'As in every partition. The new leader of it reads it from the beginning, and then coordinates its groups.',
    reader: 'partition',
    lines: ['kt dump-log --files FILE/00000000000000000000.log --offsets-decoder'],
  },
  {
    pattern: /^__transaction_state(-\d+)?$/,
    what: 'partition of __transaction_state',
    meaning:
      'Where coordinators keep transactions: what is open, which partitions belong to it, what was decided. A transactional.id is in the partition of its hash.',
    written: 'By the coordinator at each step of a transaction.',
    crash: 'As in every partition. What was decided is carried out by the next coordinator.',
    reader: 'partition',
    lines: ['kt dump-log --files FILE/00000000000000000000.log --transaction-log-decoder'],
  },
  {
    pattern: /^__share_group_state(-\d+)?$/,
    what: 'partition of __share_group_state',
    meaning: 'Where share groups keep which records are acknowledged, given out or given up (KIP-932).',
    written: 'By the share coordinator, for leaders of partitions that are read by share groups.',
    crash: 'As in every partition.',
    reader: 'partition',
    lines: ['kt dump-log --files FILE/00000000000000000000.log --share-group-state-decoder'],
  },
  {
    pattern: /^(.+\.[0-9a-f]{32})?-delete$/,
    what: 'partition that is being deleted',
    meaning: 'A replica of a deleted topic, or one that has moved elsewhere; it takes no part in anything any more.',
    written: 'Renamed at the deletion, removed after file.delete.delay.ms.',
    crash: 'It is removed after the next start.',
    reader: 'directory',
    lines: [],
  },
  {
    pattern: /^(.+\.[0-9a-f]{32})?-future$/,
    what: 'partition on its way to this directory',
    meaning:
      'A copy that catches up with the replica in another directory of the same broker, and takes its place then (kt reassign-partitions with log directories).',
    written: 'While it is being copied; renamed when it has caught up.',
    crash: 'It goes on after the next start.',
    reader: 'directory',
    lines: ['kt log-dirs --describe'],
  },
  {
    pattern: /^(.+\.[0-9a-f]{32})?-stray$/,
    what: 'stray partition',
    meaning:
      "Found at a start, and the cluster's metadata knows no such replica here: the topic was deleted or moved while the node was away. Moved aside instead of deleted.",
    written: 'Renamed at a start of the broker.',
    crash: 'Nothing. It may be removed by hand when nobody misses it.',
    reader: 'directory',
    lines: [],
  },
  {
    pattern: /^server\.properties$/,
    what: 'settings of a node',
    meaning: 'What the node was started with. Settings that are changed at run time are not in it; they win over it.',
    written: 'By people; for the local cluster by kt.',
    crash: 'Nothing.',
    reader: null,
    lines: ['kt server-start FILE'],
  },
]

/** Known by where it is and what is in it, not by its name. */
export const PARTITION_DIRECTORY: FileKind = {
  pattern: /^.+-\d+$/,
  what: 'replica of a partition',
  meaning:
    "The log of one partition on this broker: segments with their indexes, the topic's id, the epochs of its leaders.",
  written: 'Made when the broker gets the replica.',
  crash: 'The end of the log is checked from the recovery point on; indexes are built anew where they do not fit.',
  reader: 'partition',
  lines: ['kt dump-log --files FILE/00000000000000000000.log --print-data-log'],
}

/** As well; it has a `meta.properties`. */
export const LOG_DIRECTORY: FileKind = {
  pattern: /^$/,
  what: 'log directory',
  meaning: 'One of log.dirs of a node: a directory for each replica, and checkpoints for all of them.',
  written: 'Formatted by kafka-storage.sh format, used by one node.',
  crash: 'Each log is checked from its recovery point on; a disk that fails takes only its own replicas offline.',
  reader: 'directory',
  lines: ['kt log-dirs --describe'],
}
