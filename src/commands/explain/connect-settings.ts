/** Settings of Connect: of a worker (`connect-distributed.properties`) and of connectors. Columns: see `definition.ts`. */
import { parseDefinitions } from '../../metadata/config/definition.ts'

/** Of workers. Those that are named as a client's are the worker's connection to the cluster. */
export const WORKER_SETTINGS = parseDefinitions(`
bootstrap.servers | LIST | required | HIGH | read-only
    Brokers of the cluster that the worker belongs to.
group.id | STRING | required | HIGH | read-only
    Workers of the same group share connectors and tasks; it must not be the name of a consumer group.
key.converter | CLASS | required | HIGH | read-only
    Class that makes bytes of record keys and reads them; a connector may have its own.
value.converter | CLASS | required | HIGH | read-only
    Class that makes bytes of record values and reads them; a connector may have its own.
header.converter | CLASS | org.apache.kafka.connect.storage.SimpleHeaderConverter | LOW | read-only
    Class that makes bytes of record headers and reads them.
plugin.path | LIST | null | LOW | read-only
    Directories with the connectors, converters and transformations that may be used.
plugin.discovery | STRING | hybrid_warn | LOW | read-only
    How plugins are found in them: service_load is fast, only_scan reads every class, hybrid does both.
offset.flush.interval.ms | LONG | 60000 | LOW | read-only
    How often source tasks commit how far they have read.
offset.flush.timeout.ms | LONG | 5000 | LOW | read-only
    Longest time for such a commit; it is tried again at the next one.
offset.storage.file.filename | STRING | required | HIGH | read-only
    Of a standalone worker: the file with the offsets of source connectors.
offset.storage.topic | STRING | required | HIGH | read-only
    Compacted topic with the offsets of source connectors.
offset.storage.partitions | INT | 25 | LOW | read-only
    How many partitions it is made with.
offset.storage.replication.factor | SHORT | 3 | LOW | read-only
    How many replicas it is made with; a cluster of one broker needs 1.
config.storage.topic | STRING | required | HIGH | read-only
    Compacted topic with the connectors' settings; it has one partition.
config.storage.replication.factor | SHORT | 3 | LOW | read-only
    How many replicas it is made with; a cluster of one broker needs 1.
status.storage.topic | STRING | required | HIGH | read-only
    Compacted topic with the state of connectors and tasks.
status.storage.partitions | INT | 5 | LOW | read-only
    How many partitions it is made with.
status.storage.replication.factor | SHORT | 3 | LOW | read-only
    How many replicas it is made with; a cluster of one broker needs 1.
task.shutdown.graceful.timeout.ms | LONG | 5000 | LOW | read-only
    How long all tasks together have to stop in order.
connector.client.config.override.policy | STRING | All | MEDIUM | read-only
    Which client settings a connector may have of its own (producer.override., consumer.override.): All, None or Principal.
topic.creation.enable | BOOLEAN | true | LOW | read-only
    Whether source connectors may say how topics are made that they write to.
topic.tracking.enable | BOOLEAN | true | LOW | read-only
    Whether it is noted which topics a connector uses.
topic.tracking.allow.reset | BOOLEAN | true | LOW | read-only
    Whether that note may be wiped out over REST.
connect.protocol | STRING | sessioned | LOW | read-only
    How workers divide the work: eager, compatible or sessioned.
scheduled.rebalance.max.delay.ms | INT | 300000 | LOW | read-only
    How long the tasks of a worker that has gone wait for it to come back before others take them.
worker.sync.timeout.ms | INT | 3000 | MEDIUM | read-only
    How long a worker may take to catch up with the connectors' settings.
worker.unsync.backoff.ms | INT | 300000 | MEDIUM | read-only
    How long it stays out of the group when it did not.
exactly.once.source.support | STRING | disabled | HIGH | read-only
    disabled, preparing or enabled: whether source connectors write in transactions with their offsets.
listeners | LIST | http://:8083 | LOW | read-only
    Where the worker's REST interface listens.
rest.advertised.host.name | STRING | null | LOW | read-only
    Host under which other workers reach it.
rest.advertised.port | INT | null | LOW | read-only
    Port under which other workers reach it.
`)

/** Of connectors, source and sink. */
export const CONNECTOR_SETTINGS = parseDefinitions(`
name | STRING | required | HIGH | dynamic
    The connector's name; a sink reads in the group connect-NAME.
connector.class | STRING | required | HIGH | dynamic
    Which connector it is: a class, or its short name.
tasks.max | INT | 1 | HIGH | dynamic | [1,...]
    Most tasks that it is divided into; it may take fewer.
tasks.max.enforce | BOOLEAN | true | LOW | dynamic
    Whether a connector that makes more tasks than that fails.
topics | LIST | empty | HIGH | dynamic
    Of a sink: the topics that it reads; either these or topics.regex.
topics.regex | STRING | empty | HIGH | dynamic
    Of a sink: an expression for the topics that it reads.
transforms | LIST | empty | LOW | dynamic
    Names of the transformations of each record, in their order; each has settings transforms.NAME.
predicates | LIST | empty | LOW | dynamic
    Names of conditions under which a transformation is done.
config.action.reload | STRING | restart | LOW | dynamic
    What happens when a secret from a provider changes: restart or none.
errors.retry.timeout | LONG | 0 | MEDIUM | dynamic
    How long in milliseconds an operation that failed is tried again; -1 for ever.
errors.retry.delay.max.ms | LONG | 60000 | MEDIUM | dynamic
    Longest pause between two tries.
errors.tolerance | STRING | none | MEDIUM | dynamic
    none: a bad record stops the task; all: it is passed over.
errors.log.enable | BOOLEAN | false | MEDIUM | dynamic
    Whether errors that are passed over are logged.
errors.log.include.messages | BOOLEAN | false | MEDIUM | dynamic
    Whether the records are logged with them.
errors.deadletterqueue.topic.name | STRING | empty | MEDIUM | dynamic
    Of a sink: the topic for records that could not be dealt with.
errors.deadletterqueue.topic.replication.factor | SHORT | 3 | MEDIUM | dynamic
    How many replicas that topic is made with; a cluster of one broker needs 1.
errors.deadletterqueue.context.headers.enable | BOOLEAN | false | MEDIUM | dynamic
    Whether headers say what went wrong with a record, and where.
exactly.once.support | STRING | requested | MEDIUM | dynamic
    Of a source: required, and it fails where exactly-once delivery cannot be had.
transaction.boundary | STRING | poll | MEDIUM | dynamic
    Of a source with exactly-once delivery: when a transaction ends, poll, interval or connector.
offsets.storage.topic | STRING | null | LOW | dynamic
    Of a source: a topic of its own for its offsets.
`)
