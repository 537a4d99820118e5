/** Words of consumer groups, share groups, streams groups and transactions. Format: `read-words.ts`. */
export const GROUP_WORDS = `
GROUP | group | consumer group
    of consumers ~ lag
    Consumers with the same group.id: they share the partitions among them, and remember together how far they have read.
    $ kt consumer-groups --list
LAG | lag | consumer lag | OFFSET-LAG
    of a group ~ lag
    LOG-END-OFFSET minus CURRENT-OFFSET: how many records wait for the group. What it has read and not committed yet counts, too. Watch whether it grows, not how large it is. - where nothing has been committed.
    $ kt consumer-groups --describe --group GROUP
LAG-TIME
    of a group, in kt consumer-groups --describe
    How old the oldest record is that waits for the group: the same as lag, in time.
CURRENT-OFFSET | COMMITTED | committed offset
    of a group ~ lag
    The offset that the group has committed: the next record that it will read after a restart, not the last that it has read. - where it has committed nothing: auto.offset.reset decides then.
    $ kt explain auto.offset.reset
NEW-OFFSET
    of kt consumer-groups --reset-offsets
    What the group would begin with, or begins with after --execute.
CONSUMER-ID | member id | MEMBER | MEMBERS | #MEMBERS
    of a group ~ group
    The name of a member: client.id and a random id. - : nobody reads the partition at the moment. In overviews: how many members there are.
    $ kt consumer-groups --describe --members --group GROUP
HOST
    of a member ~ group
    The address from which the member came to the broker.
CLIENT-ID | CLIENT
    of a member ~ group
    client.id of the member, as it says itself; several may have the same.
GROUP-INSTANCE-ID | static member
    of a member
    group.instance.id of a member that keeps its partitions over a restart (KIP-345); empty for all others.
COORDINATOR (ID) | COORDINATOR | coordinator | CoordinatorId | group coordinator
    of a group or a transaction ~ group
    The broker that keeps the group: the leader of one partition of __consumer_offsets, chosen by the hash of the group's name. Of a transactional id it is the leader of one of __transaction_state. If it fails, another one takes the group over.
ASSIGNMENT-STRATEGY | assignor | ASSIGNOR
    of a group ~ group
    How partitions are divided among members: range, roundrobin, sticky, cooperative-sticky; of a group of the new protocol uniform or range, by the broker.
STATE | group state
    of a group ~ group
    Stable: partitions are divided. PreparingRebalance and CompletingRebalance (of the new protocol Assigning, Reconciling): they are being divided. Empty: nobody is there, offsets are kept. Dead: it is gone. NotReady: a Streams group without its topics.
TYPE
    of a group
    Classic: members divide partitions themselves; Consumer: the broker does (KIP-848); Share: every member may read every partition (KIP-932); Streams (KIP-1071).
PROTOCOL
    of a group
    What its members are: consumer for consumers, connect for workers of Connect, share, streams. Of a profile: its security.protocol. Of a forecast: classic or consumer.
generation | generation id
    of a classic group
    Counts its rebalances. A member with an old one is refused (ILLEGAL_GENERATION) and joins again. In groups of the new protocol epochs take its place.
GROUP-EPOCH | group epoch
    of a group of the new protocol
    Grows when members or their topics change: a new division is due (KIP-848).
TARGET-ASSIGNMENT-EPOCH | ASSIGNMENT-EPOCH
    of a group of the new protocol
    The group epoch for which partitions have been divided last; equal to it when all is done.
MEMBER-EPOCH | CURRENT-EPOCH | member epoch
    of a member of the new protocol
    The division that the member has taken up. Below the group's: it is still giving up or waiting for partitions.
TARGET-EPOCH
    of a member of the new protocol
    The division that the member is going to.
CURRENT-ASSIGNMENT | ASSIGNMENT | ASSIGNMENTS
    of a member
    The partitions that it reads now: orders:0,1 are two of the topic orders. In Streams groups: its tasks.
TARGET-ASSIGNMENT
    of a member of the new protocol
    The partitions that it shall read when the division is done.
UPGRADED
    of a member
    false for a member of the classic protocol in a group that is moving to the new one (KIP-848).
START-OFFSET | START OFFSET | SPSO | share-partition start offset
    of a share group
    The first record that is not finished with: what is before has been acknowledged or given up. Members may be in the middle of what follows.
    $ kt share-groups --describe --group GROUP
LAG | share group lag
    of a share group
    How many records behind START-OFFSET are not finished with.
TOPOLOGY-EPOCH
    of a Streams group
    Counts the versions of the application's topology.
MEMBER-PROTOCOL
    of a Streams member
    Which protocol the member speaks: streams, or classic.
PROCESS
    of a Streams member
    The process that the member is a thread of; standby tasks are placed in another one.
TASKS
    of a Streams group
    The parts of the application's work, one for each partition of what a part of its topology reads: 0_1 is partition 1 of part 0.
TARGET-ACTIVE | ACTIVE | ACTIVE-TASKS
    of a Streams member
    Tasks that it works on.
STANDBY | TARGET-STANDBY
    of a Streams member
    Tasks whose state it copies, to take them over without waiting.
WARMUP | TARGET-WARMUP
    of a Streams member
    Tasks whose state it builds up before it gets them.
STATUS
    of kt consumer-groups --delete-offsets
    Successful, or why the offsets are still there.
PER-MEMBER
    of kt consumer-groups --what-if
    How many partitions each member would have.
MOVED
    of kt consumer-groups --what-if
    How many partitions would change hands.
REBALANCES
    of kt consumer-groups --what-if
    How often members would stop to divide partitions anew.
STANDS-STILL
    of kt consumer-groups --what-if
    What would not be read meanwhile.
CHANGE
    of kt consumer-groups --what-if
    What the member would get and give up.
coordinator epoch | CoordinatorEpoch | LatestCoordinatorEpoch
    of a transaction
    Counts the coordinators of a transactional id: a marker of an older one is refused (TRANSACTION_COORDINATOR_FENCED).
TransactionalId | TRANSACTIONAL ID
    of a transaction
    transactional.id of the producer: who begins with it again fences the one before.
ProducerId | PRODUCER ID | PID
    of a producer
    The number that the cluster gives to an idempotent producer: with epoch and sequence numbers a batch that comes twice is recognised.
    $ kt transactions describe-producers --topic TOPIC --partition 0
ProducerEpoch | producer epoch
    of a producer
    Grows when another producer takes the transactional.id over, or a transaction is aborted for it; older ones are fenced (PRODUCER_FENCED).
TransactionState | transaction state
    of a transaction
    Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort, PrepareEpochFence or Dead.
    $ kt transactions list
TransactionTimeoutMs
    of a transaction
    transaction.timeout.ms of its producer: open for longer, and the coordinator aborts it.
CurrentTransactionStartTimeMs
    of a transaction
    When the open one began, in milliseconds since 1970; None where none is open.
TransactionDurationMs | Duration(min) | DURATION
    of a transaction
    For how long it has been open.
TopicPartitions
    of a transaction
    Partitions that it has written to.
LastSequence
    of a producer
    The sequence number of its last record in this partition; the next batch must go on from there.
LastTimestamp
    of a producer
    The time of its last batch in this partition, in milliseconds since 1970.
CurrentTransactionStartOffset | StartOffset
    of a producer
    Where its open transaction begins in this partition; read_committed consumers stop there. None or -1 without one.
`
