/** Words of topics, partitions, replicas, offsets and log directories. Format: `read-words.ts`. */
export const PARTITION_WORDS = `
ISR | in-sync replicas | in sync replica set
    of a partition ~ partition
    The replicas that have everything the leader has, the leader among them: each has caught up within replica.lag.time.max.ms. With acks=all a record is acknowledged when all of them have it, and only they may become leader without loss. The order says nothing.
    $ kt topics --describe --under-replicated-partitions
ELR | Elr | eligible leader replicas
    of a partition ~ partition
    Replicas that left the ISR while it was smaller than min.insync.replicas: they still have every acknowledged record, and may become leader when the ISR is empty (KIP-966, Kafka 4.0). Empty is the rule; N/A says that the cluster does not tell.
    $ kt features describe
LastKnownElr | last known ELR | lastKnownLeader
    of a partition ~ partition
    Who was in the ELR last, and came back after a crash that may have lost records: no longer sure to have all of them, asked only where nobody else is left (KIP-966).
under-replicated | under replicated | URP | UnderReplicated
    of a partition ~ partition
    At least one replica is not in the ISR: a broker is down, slow, or still copying. Everything works, with less safety than wanted.
    $ kt topics --describe --under-replicated-partitions
at-min-ISR | at min isr | AtMinIsr
    of a partition ~ partition
    The ISR has exactly min.insync.replicas members: one more failure, and acks=all is refused.
    $ kt topics --describe --at-min-isr-partitions
under-min-ISR | under min isr | UnderMinIsr
    of a partition ~ partition
    The ISR is smaller than min.insync.replicas: producers with acks=all get NOT_ENOUGH_REPLICAS; reading goes on.
    $ kt topics --describe --under-min-isr-partitions
offline | unavailable | OFFLINE
    of a partition
    It has no leader: nobody can read or write it until one of its eligible replicas is back. Of a replica: its broker is down, or its log directory failed.
    $ kt topics --describe --unavailable-partitions
Leader | LEADER | partition leader
    of a partition ~ partition
    The broker that takes all writes of the partition and serves reads; the others copy from it. none or -1: there is none at the moment.
    $ kt describe topic TOPIC
leader epoch | LeaderEpoch | LEADER-EPOCH | EPOCH | CurrentLeaderEpoch
    of a partition, and of the quorum ~ partition
    Counts the leaders: it grows by one with every election. It stands in each batch and in leader-epoch-checkpoint; by it a follower finds where its log differs from the leader's, and requests with an old epoch are refused (FENCED_LEADER_EPOCH).
preferred leader | preferred replica
    of a partition ~ partition
    The first broker in Replicas. It leads after creation, and again after kt leader-election, or by itself where auto.leader.rebalance.enable is on.
    $ kt leader-election --election-type preferred --all-topic-partitions
unclean leader | unclean leader election
    of a partition
    A leader from outside the ISR and the ELR: the partition is available again, and acknowledged records that it lacks are lost. Only where unclean.leader.election.enable allows it, or by kt leader-election --election-type unclean.
Replicas | REPLICAS
    of a partition ~ partition
    The brokers that hold a copy, in the order of preference: the first is the preferred leader. In overviews of topics and brokers: how many.
Adding Replicas | AddingReplicas
    of a partition that moves
    Brokers that are still copying it; it is on the move to them.
    $ kt reassign-partitions --list
Removing Replicas | RemovingReplicas
    of a partition that moves
    Brokers that give it up when the move is done.
    $ kt reassign-partitions --list
NEW REPLICAS
    of kt topics --alter --replication-factor
    Where the partition will be when the move is done.
observer | observers | Observer
    of the quorum ~ quorum
    A node that copies the metadata log and does not vote: every broker, and controllers that are no voters yet.
    $ kt metadata-quorum describe --replication
Partition | PARTITION | Partitions | PARTITIONS | #PARTITIONS
    of a topic
    A part of a topic with a leader, replicas and offsets of its own, numbered from 0. In tables of topics, members and groups: how many, or which.
PartitionCount
    of a topic
    How many partitions it has. It can grow and never shrink; keys go elsewhere afterwards.
ReplicationFactor | replication factor | RF
    of a topic ~ partition
    How many copies of each partition there are, the leader's included. Changed with kt topics --alter --replication-factor, or kt reassign-partitions.
TopicId | topic id
    of a topic
    Made when the topic is made, and never again: a topic that is deleted and made anew has another one (KIP-516).
Topic | TOPIC | TOPICS
    of a cluster
    A named stream of records, divided into partitions.
Configs
    of a topic
    The settings that are not Kafka's defaults: the topic's own, and those that brokers give it.
    $ kt configs --describe --topic TOPIC --all
high watermark | HW | HighWatermark | hwm
    of a partition ~ offsets
    The offset up to which every replica in the ISR has the log: consumers read up to it and no further, since what is above may vanish with the leader. For a consumer it is the end of the log. Of the quorum: up to where a majority has the metadata.
log end offset | LEO | LOG-END-OFFSET | LogEndOffset | LOG END | LATEST | END | latest offset
    of a partition ~ offsets
    The offset that the next record will get. In outputs for consumers (LOG-END-OFFSET, LATEST) it is as far as they can read: the high watermark.
    $ kt get-offsets --topic TOPIC --time latest
log start offset | LSO of a log | LogStartOffset | EARLIEST | START | earliest offset
    of a partition ~ offsets
    The first offset that can still be read: what was before is deleted by retention or by kt delete-records.
    $ kt get-offsets --topic TOPIC --time earliest
LSO | last stable offset | LastStableOffset
    of a partition with transactions
    The offset of the first record of the oldest open transaction, else the high watermark: consumers with isolation.level=read_committed read up to it. It stands still where a transaction hangs.
    $ kt transactions find-hanging --broker-id 1
offset | OFFSET | OFFSETS
    of a partition ~ offsets
    The number of a record in its partition, from 0, given by the leader and never used twice. Offsets may have gaps: compaction, transactions and deletions make them. In kt topics --offsets: how many there are between start and end.
RECORDS
    of kt describe
    How many offsets there are between the first and the last, all partitions together: with compaction or transactions more than there are records.
NOW BEGINS AT
    of kt delete-records
    The first offset that can be read now.
BEGINS AT
    of kt delete-records --dry-run
    The first offset that can be read.
WOULD BEGIN AT
    of kt delete-records --dry-run
    The first offset that could be read afterwards.
SIZE | size
    of a replica, a topic or a broker
    Bytes of the segments on disk; indexes do not count. The sum over all replicas where several are meant.
    $ kt log-dirs --describe
LOG DIRECTORY | logDir | log dir
    of a broker
    A directory of log.dirs: where a broker keeps its replicas. One that fails takes only its own replicas offline.
    $ kt log-dirs --describe
FREE
    of a log directory
    Bytes that are free on its disk.
offsetLag
    of kt log-dirs
    How many records this replica is behind the leader's high watermark; of a future replica, behind the one that it will replace.
isFuture
    of kt log-dirs
    True for a copy on its way to another directory of the same broker (a directory ...-future): it takes the old one's place when it has caught up.
error
    of kt log-dirs
    Why the directory cannot be read; null when all is well.
version
    of kt log-dirs
    The version of this output's format.
LAG | lag | replica lag
    of a follower, in kt describe and kt log-dirs
    How many records a replica is behind its leader. 0 for those in sync, or nearly; it grows where a broker is slow or away.
    $ kt describe topic TOPIC
Segment
    of a partition
    A stretch of a partition's log in a file of its own: 00000000000000000042.log begins with offset 42. The last one is the active one, which alone is written to; retention and compaction take the others. It is closed by segment.bytes or segment.ms.
    $ kt explain .log
tombstone
    of a compacted topic
    A record with a key and no value: it deletes the key. It stays for delete.retention.ms, so that every reader sees it.
STATE | State
    of a partition, in kt describe
    ok, offline (no leader), under-replicated, under min ISR, or on the move; of a topic or directory the worst of it.
EARLIEST OFFSET
    of a partition
    The first offset that can still be read.
ELECTION
    of kt leader-election
    What became of the election in this partition.
`
