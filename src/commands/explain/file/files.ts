/** Names of the files of log directories. */

/** The first that matches a file's name, without its directory. */
export const FILES: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [
    /\.(deleted|cleaned|swap)$/,
    'A segment file on its way out, or in the middle of a compaction; it is gone or renamed soon.',
  ],
  [
    /^\d{20}\.log$/,
    'A segment: record batches from the offset in its name on. Read it: kt dump-log --print-data-log --files FILE.',
  ],
  [/^\d{20}\.index$/, 'Where in the segment of the same name some offsets stand. Read it: kt dump-log --files FILE.'],
  [/^\d{20}\.timeindex$/, 'From which offset on records of a time stand. Read it: kt dump-log --files FILE.'],
  [
    /^\d{20}\.txnindex$/,
    'Transactions that were aborted in the segment of the same name. Read it: kt dump-log --files FILE.',
  ],
  [
    /^\d{20}\.snapshot$/,
    'What the partition knew of producers at that offset: ids, epochs, sequence numbers. Read it: kt dump-log --files FILE.',
  ],
  [
    /^\d{20}-\d{10}\.checkpoint$/,
    'The whole metadata of the cluster at that offset and epoch. Look around in it: kt metadata-shell --snapshot FILE.',
  ],
  [
    /^bootstrap\.checkpoint$/,
    'The first metadata of a cluster, from kafka-storage.sh format: feature levels, SCRAM users.',
  ],
  [/^meta\.properties$/, 'Whose log directory it is: cluster id, node id, directory id. From kafka-storage.sh format.'],
  [/^quorum-state$/, 'Whom this node voted for last, and in which epoch; it must not vote twice.'],
  [
    /^recovery-point-offset-checkpoint$/,
    'Up to where each log was flushed to disk; what is above is checked after a crash.',
  ],
  [/^replication-offset-checkpoint$/, 'The high watermark of each partition, as far as the broker has noted it.'],
  [/^log-start-offset-checkpoint$/, 'Where logs begin after records were deleted by request.'],
  [/^cleaner-offset-checkpoint$/, 'Up to where each log was compacted.'],
  [/^leader-epoch-checkpoint$/, 'At which offset each leader began; replicas find by it where they differ.'],
  [/^partition\.metadata$/, "The topic's id, so that a deleted and newly made topic are told apart."],
  [/^\.kafka_cleanshutdown$/, 'The node was stopped in order: logs need no check at the next start.'],
  [/^\.lock$/, 'Held by the node that uses the directory, so that no second one does.'],
  [
    /^__cluster_metadata-0$/,
    'The log of the cluster: topics, brokers, settings, as records that controllers agree on (KRaft).',
  ],
  [
    /^__consumer_offsets(-\d+)?$/,
    'Where groups keep their committed offsets and members. Read it: kt dump-log --offsets-decoder --files FILE.',
  ],
  [/^__transaction_state(-\d+)?$/, 'Where transaction coordinators keep what is open and what was decided.'],
  [/^__share_group_state(-\d+)?$/, 'Where share groups keep which records are acknowledged.'],
  [
    /^.+-\d+\.[0-9a-f]{32}-(delete|future|stray)$/,
    'A partition that is being deleted, moved here from another directory, or belongs to no topic any more.',
  ],
  [/^server\.properties$/, 'The settings of a node. A node is started by it: kt server-start server.properties.'],
]
