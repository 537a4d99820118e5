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
plugin.discovery | STRING | hybrid_warn | LOW | read-only | one of (any case) only_scan, service_load, hybrid_warn, hybrid_fail
    How plugins are found in plugin.path: service_load is fast, only_scan reads every class, hybrid does both.
offset.flush.interval.ms | LONG | 60000 | LOW | read-only
    How often source tasks commit how far they have read.
offset.flush.timeout.ms | LONG | 5000 | LOW | read-only
    Longest time for source tasks to commit how far they have read; it is tried again at the next interval.
offset.storage.file.filename | STRING | required | HIGH | read-only
    Of a standalone worker: the file with the offsets of source connectors.
offset.storage.topic | STRING | required | HIGH | read-only
    Compacted topic with the offsets of source connectors.
offset.storage.partitions | INT | 25 | LOW | read-only
    How many partitions offset.storage.topic is made with.
offset.storage.replication.factor | SHORT | 3 | LOW | read-only
    How many replicas offset.storage.topic is made with; a cluster of one broker needs 1.
config.storage.topic | STRING | required | HIGH | read-only
    Compacted topic with the connectors' settings; it has one partition.
config.storage.replication.factor | SHORT | 3 | LOW | read-only
    How many replicas config.storage.topic is made with; a cluster of one broker needs 1.
status.storage.topic | STRING | required | HIGH | read-only
    Compacted topic with the state of connectors and tasks.
status.storage.partitions | INT | 5 | LOW | read-only
    How many partitions status.storage.topic is made with.
status.storage.replication.factor | SHORT | 3 | LOW | read-only
    How many replicas status.storage.topic is made with; a cluster of one broker needs 1.
task.shutdown.graceful.timeout.ms | LONG | 5000 | LOW | read-only
    How long all tasks together have to stop in order.
connector.client.config.override.policy | STRING | All | MEDIUM | read-only
    Which client settings a connector may have of its own (producer.override., consumer.override.): All, None or Principal.
topic.creation.enable | BOOLEAN | true | LOW | read-only
    Whether source connectors may say how topics are made that they write to.
topic.tracking.enable | BOOLEAN | true | LOW | read-only
    Whether it is noted which topics a connector uses.
topic.tracking.allow.reset | BOOLEAN | true | LOW | read-only
    Whether the note of the topics that a connector uses may be wiped out over REST.
connect.protocol | STRING | sessioned | LOW | read-only | one of eager, compatible, sessioned
    How workers divide the work: eager, compatible or sessioned.
scheduled.rebalance.max.delay.ms | INT | 300000 | LOW | read-only
    How long the tasks of a worker that has gone wait for it to come back before others take them.
worker.sync.timeout.ms | INT | 3000 | MEDIUM | read-only
    How long a worker may take to catch up with the connectors' settings.
worker.unsync.backoff.ms | INT | 300000 | MEDIUM | read-only
    How long a worker stays out of the group that could not catch up within worker.sync.timeout.ms.
exactly.once.source.support | STRING | disabled | HIGH | read-only | one of (any case) disabled, preparing, enabled
    disabled, preparing or enabled: whether source connectors write in transactions with their offsets.
listeners | LIST | http://:8083 | LOW | read-only
    Where the worker's REST interface listens.
rest.advertised.host.name | STRING | null | LOW | read-only
    Host under which other workers reach it.
rest.advertised.port | INT | null | LOW | read-only
    Port under which other workers reach it.
rest.advertised.listener | STRING | null | LOW | read-only
    http or https: which of the listeners other workers reach it by.
admin.listeners | LIST | null | LOW | read-only
    Where the worker's administration over REST listens; without it at listeners as well.
access.control.allow.origin | STRING | empty | LOW | read-only
    Which web sites' pages may ask the REST interface, * for all.
access.control.allow.methods | STRING | empty | LOW | read-only
    What such pages may do; GET, POST and HEAD unless it is set.
response.http.headers.config | STRING | empty | LOW | read-only
    Headers that are added to answers of the REST interface.
rest.extension.classes | LIST | empty | LOW | read-only
    Classes that add to the REST interface, a login for example.
rebalance.timeout.ms | INT | 60000 | HIGH | read-only
    How long workers have to come together when the work is divided anew; who takes longer is out.
inter.worker.key.ttl.ms | INT | 3600000 | LOW | read-only | [0,...,2147483647]
    How long a key serves by which workers know each other (KIP-507).
inter.worker.key.generation.algorithm | STRING | HmacSHA256 | LOW | read-only
    How the key is made by which workers know each other.
inter.worker.key.size | INT | null | LOW | read-only
    How many bits the key has by which workers know each other; none leaves it to the algorithm.
inter.worker.signature.algorithm | STRING | HmacSHA256 | LOW | read-only
    How requests between workers are signed.
inter.worker.verification.algorithms | LIST | HmacSHA256 | LOW | read-only
    Which signatures of requests between workers are taken.
key.converter.plugin.version | STRING | null | LOW | read-only
    Which version of key.converter is used where plugin.path has several (KIP-891).
value.converter.plugin.version | STRING | null | LOW | read-only
    Which version of value.converter is used where plugin.path has several (KIP-891).
header.converter.plugin.version | STRING | null | LOW | read-only
    Which version of header.converter is used where plugin.path has several (KIP-891).
`)

/** Of connectors, source and sink. */
export const CONNECTOR_SETTINGS = parseDefinitions(`
name | STRING | required | HIGH | dynamic
    The connector's name; a sink reads in the group connect-NAME.
connector.class | STRING | required | HIGH | dynamic
    Which connector it is: a class, or its short name.
tasks.max | INT | 1 | HIGH | dynamic | [1,...]
    Most tasks that the connector's work is divided into; it may take fewer.
tasks.max.enforce | BOOLEAN | true | LOW | dynamic
    Whether a connector fails that makes more tasks than tasks.max.
topics | LIST | empty | HIGH | dynamic
    Of a sink: the topics that it reads; either topics or topics.regex is set.
topics.regex | STRING | empty | HIGH | dynamic
    Of a sink: an expression for the topics that it reads; either topics or topics.regex is set.
transforms | LIST | empty | LOW | dynamic
    Names of the transformations of each record, in their order; each has settings transforms.NAME.
predicates | LIST | empty | LOW | dynamic
    Names of conditions under which a transformation is done.
config.action.reload | STRING | restart | LOW | dynamic | one of restart, none
    What happens when a secret from a provider changes: restart or none.
errors.retry.timeout | LONG | 0 | MEDIUM | dynamic
    How long in milliseconds an operation that failed is tried again; -1 for ever.
errors.retry.delay.max.ms | LONG | 60000 | MEDIUM | dynamic
    Longest pause between two tries of an operation that failed.
errors.tolerance | STRING | none | MEDIUM | dynamic | one of none, all
    none: a bad record stops the task; all: it is passed over.
errors.log.enable | BOOLEAN | false | MEDIUM | dynamic
    Whether errors that are passed over are logged.
errors.log.include.messages | BOOLEAN | false | MEDIUM | dynamic
    Whether the records are logged with the errors (errors.log.enable).
errors.deadletterqueue.topic.name | STRING | empty | MEDIUM | dynamic
    Of a sink: the topic for records that could not be dealt with.
errors.deadletterqueue.topic.replication.factor | SHORT | 3 | MEDIUM | dynamic
    How many replicas the topic for bad records is made with; a cluster of one broker needs 1.
errors.deadletterqueue.context.headers.enable | BOOLEAN | false | MEDIUM | dynamic
    Whether headers say what went wrong with a record, and where.
exactly.once.support | STRING | requested | MEDIUM | dynamic
    Of a source: required, and it fails where exactly-once delivery cannot be had.
transaction.boundary | STRING | poll | MEDIUM | dynamic | one of (any case) poll, interval, connector
    Of a source with exactly-once delivery: when a transaction ends, poll, interval or connector.
transaction.boundary.interval.ms | LONG | null | LOW | dynamic | [0,...]
    With transaction.boundary=interval: how long a transaction is; without it the worker's offset.flush.interval.ms.
topic.creation.groups | LIST | empty | LOW | dynamic
    Of a source: names of kinds of topics that it makes, each with settings topic.creation.NAME (KIP-158).
key.converter | CLASS | null | LOW | dynamic
    Class for record keys; without it the worker's.
value.converter | CLASS | null | LOW | dynamic
    Class for record values; without it the worker's.
header.converter | CLASS | null | LOW | dynamic
    Class for record headers; without it the worker's.
connector.plugin.version | STRING | null | MEDIUM | dynamic
    Which version of the connector is used where plugin.path has several (KIP-891).
key.converter.plugin.version | STRING | null | LOW | dynamic
    Which version of the connector's key.converter is used.
value.converter.plugin.version | STRING | null | LOW | dynamic
    Which version of the connector's value.converter is used.
header.converter.plugin.version | STRING | null | LOW | dynamic
    Which version of the connector's header.converter is used.
offsets.storage.topic | STRING | null | LOW | dynamic
    Of a source: a topic of its own for its offsets.
`)
