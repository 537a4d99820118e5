/** Settings of Kafka Streams, `StreamsConfig` of its applications. Columns: see `definition.ts`. */
import { parseDefinitions } from '../../metadata/config/definition.ts'

/** Without those that are only handed on to the clients of an application: they are settings of clients. */
export const STREAMS_SETTINGS = parseDefinitions(`
application.id | STRING | required | HIGH | read-only
    The application's name: its instances share work under it; the group and the beginning of internal topics have it too.
num.standby.replicas | INT | 0 | HIGH | read-only
    How many copies of each task's state other instances keep, to take over quickly.
num.stream.threads | INT | 1 | MEDIUM | read-only
    How many threads of an instance process records.
processing.guarantee | STRING | at_least_once | MEDIUM | read-only | one of at_least_once, exactly_once_v2
    exactly_once_v2 writes results, state and offsets in one transaction.
commit.interval.ms | LONG | 30000 | LOW | read-only | [0,...]
    How often progress is committed; with exactly_once_v2 it is 100 unless it is set.
state.dir | STRING | /tmp/kafka-streams | HIGH | read-only
    Directory of local state; by default one of the system's temporary directory, which a restart of the machine may empty.
default.key.serde | CLASS | null | MEDIUM | read-only
    Class that makes bytes of keys and reads them, where a step names none.
default.value.serde | CLASS | null | MEDIUM | read-only
    Class that makes bytes of values and reads them, where a step names none.
default.list.key.serde.inner | CLASS | null | MEDIUM | read-only
    For keys that are lists: the class for their elements.
default.list.value.serde.inner | CLASS | null | MEDIUM | read-only
    For values that are lists: the class for their elements.
default.list.key.serde.type | CLASS | null | MEDIUM | read-only
    For keys that are lists: the kind of list they are read into.
default.list.value.serde.type | CLASS | null | MEDIUM | read-only
    For values that are lists: the kind of list they are read into.
default.timestamp.extractor | CLASS | org.apache.kafka.streams.processor.FailOnInvalidTimestamp | MEDIUM | read-only
    Class that says which time a record is of; the default takes the record's timestamp and fails on a negative one.
deserialization.exception.handler | CLASS | org.apache.kafka.streams.errors.LogAndFailExceptionHandler | MEDIUM | read-only
    What happens when a record cannot be read; the default logs it and stops.
default.deserialization.exception.handler | CLASS | org.apache.kafka.streams.errors.LogAndFailExceptionHandler | MEDIUM | read-only
    Older name of deserialization.exception.handler (KIP-1056).
processing.exception.handler | CLASS | org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler | MEDIUM | read-only
    What happens when processing a record fails; the default logs it and stops.
processing.exception.handler.global.enabled | BOOLEAN | false | HIGH | read-only
    Whether processing.exception.handler is asked for global tables as well (KIP-1270).
production.exception.handler | CLASS | org.apache.kafka.streams.errors.DefaultProductionExceptionHandler | MEDIUM | read-only
    What happens when a result cannot be written.
default.production.exception.handler | CLASS | org.apache.kafka.streams.errors.DefaultProductionExceptionHandler | MEDIUM | read-only
    Older name of production.exception.handler (KIP-1056).
errors.dead.letter.queue.topic.name | STRING | null | MEDIUM | read-only
    Topic for records that the default handlers give up; none without it (KIP-1034).
statestore.cache.max.bytes | LONG | 10485760 | MEDIUM | read-only | [0,...]
    Memory for state that is not written on yet, over all threads; fuller caches send fewer updates on.
cache.max.bytes.buffering | LONG | 10485760 | MEDIUM | read-only | [0,...]
    Older name of statestore.cache.max.bytes.
replication.factor | INT | -1 | MEDIUM | read-only
    How many replicas internal topics are made with; -1 leaves it to the brokers' default.replication.factor.
max.task.idle.ms | LONG | 0 | MEDIUM | read-only
    How long a task with several inputs waits for one that is empty, so that records come in the order of their time.
task.timeout.ms | LONG | 300000 | MEDIUM | read-only | [0,...]
    How long a task that fails for a passing reason is tried again before an error is raised.
acceptable.recovery.lag | LONG | 10000 | MEDIUM | read-only | [0,...]
    An instance whose copy of the state lags by no more than so many offsets may get the task at once.
max.warmup.replicas | INT | 2 | MEDIUM | read-only | [1,...]
    How many copies of state beyond num.standby.replicas may be built up at a time, for tasks that are to move.
probing.rebalance.interval.ms | LONG | 600000 | LOW | read-only | [60000,...]
    How often it is looked whether copies of state that are built up (max.warmup.replicas) have caught up.
task.assignor.class | STRING | null | MEDIUM | read-only
    Class that divides tasks among instances; by default one that keeps them where their state is.
topology.optimization | STRING | none | MEDIUM | read-only
    Which rewritings of the topology are done: none, all, or names of some.
group.protocol | STRING | classic | MEDIUM | read-only | one of (any case) classic, streams
    classic: the instances divide tasks among themselves; streams: the broker does it (KIP-1071).
application.server | STRING | empty | LOW | read-only
    host:port under which other instances ask this one for its state.
buffered.records.per.partition | INT | 1000 | LOW | read-only
    How many records of a partition are read ahead before its reading pauses.
poll.ms | LONG | 100 | LOW | read-only
    How long a thread waits for records in one poll.
repartition.purge.interval.ms | LONG | 30000 | LOW | read-only | [0,...]
    How often records that were processed are deleted from repartition topics.
rack.aware.assignment.strategy | STRING | none | LOW | read-only | one of none, min_traffic, balance_subtopology
    Whether tasks are put where they read in their own rack (KIP-925).
rack.aware.assignment.traffic_cost | INT | null | LOW | read-only
    What reading from another rack weighs when tasks are placed by rack.
rack.aware.assignment.non_overlap_cost | INT | null | LOW | read-only
    What moving a task from where it is weighs when tasks are placed by rack.
rack.aware.assignment.tags | LIST | empty | LOW | read-only
    Names of client.tag.NAME settings whose values standby copies are spread over (KIP-708).
default.dsl.store | STRING | rocksDB | LOW | read-only | one of rocksDB, in_memory
    Kind of store where a step names none; dsl.store.suppliers.class took its place.
dsl.store.suppliers.class | CLASS | org.apache.kafka.streams.state.BuiltInDslStoreSuppliers$RocksDBDslStoreSuppliers | LOW | read-only
    Class that makes the stores of steps that name none.
dsl.store.format | STRING | DEFAULT | LOW | read-only | one of (any case) DEFAULT, HEADERS
    HEADERS keeps the headers of records in stores (KIP-1285).
rocksdb.config.setter | CLASS | null | LOW | read-only
    Class that sets the options of RocksDB.
default.client.supplier | CLASS | org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier | LOW | read-only
    Class that makes the producers, consumers and admin clients of the application.
processor.wrapper.class | CLASS | org.apache.kafka.streams.processor.internals.NoOpProcessorWrapper | LOW | read-only
    Class that is put around every processor (KIP-1112).
ensure.explicit.internal.resource.naming | BOOLEAN | false | HIGH | read-only
    The application does not start when an internal topic or store has a generated name (KIP-1111).
allow.os.group.write.access | BOOLEAN | false | LOW | read-only
    The system's group of the user may write to the state directories (KIP-1230).
state.cleanup.delay.ms | LONG | 600000 | LOW | read-only
    How long the local state of a task that has moved away is kept.
state.cleanup.dir.max.age.ms | LONG | -1 | LOW | read-only
    At start, state that nobody has changed for so long is deleted; -1 for never (KIP-1259).
log.summary.interval.ms | LONG | 120000 | LOW | read-only
    How often a line about what was processed is logged; below 0 for never.
built.in.metrics.version | STRING | latest | LOW | read-only | one of latest
    Version of the names of built-in metrics.
upgrade.from | STRING | null | LOW | read-only
    Version that instances have which are being upgraded one by one; unset again when all are.
windowstore.changelog.additional.retention.ms | LONG | 86400000 | LOW | read-only
    Time by which the changelog of a windowed store is kept longer than its window, as clocks differ.
windowed.inner.class.serde | STRING | null | LOW | read-only
    For a plain consumer that reads windowed keys: the class for what is in them.
window.size.ms | LONG | null | LOW | read-only
    For a plain consumer that reads windowed keys: how long a window is.
`)
