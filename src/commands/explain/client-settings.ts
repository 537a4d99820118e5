/** Settings of producers, consumers and admin clients, of the console's readers and formatters, and of quotas. Columns: see `definition.ts`. */
import { parseDefinitions } from '../../metadata/config/definition.ts'

/** Properties of Java's clients: `--command-property`, `--command-config`, `--producer-props`. */
export const CLIENT_SETTINGS = parseDefinitions(`
bootstrap.servers | LIST | required | HIGH | read-only
    Brokers to begin with, host:port; the others are learned from them.
client.id | STRING | empty | MEDIUM | read-only
    Name by which brokers know the client, in logs, metrics and quotas.
client.rack | STRING | empty | LOW | read-only
    Where the client stands; replicas of the same rack are read, if the broker allows it.
client.dns.lookup | STRING | use_all_dns_ips | MEDIUM | read-only | one of use_all_dns_ips, resolve_canonical_bootstrap_servers_only
    How the addresses of a host name are tried.
security.protocol | STRING | PLAINTEXT | MEDIUM | read-only | one of (any case) PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL
    PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL: encrypted or not, login or not.
sasl.mechanism | STRING | GSSAPI | MEDIUM | read-only
    How the client logs in: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or GSSAPI.
sasl.jaas.config | PASSWORD | null | MEDIUM | read-only
    Login module with user and password, in the form of JAAS.
ssl.truststore.location | STRING | null | HIGH | read-only
    File with the authorities whose certificates are believed.
ssl.truststore.password | PASSWORD | null | HIGH | read-only
    Password of ssl.truststore.location's file.
ssl.truststore.type | STRING | JKS | MEDIUM | read-only
    JKS, PKCS12 or PEM.
ssl.keystore.location | STRING | null | HIGH | read-only
    File with the client's own certificate and key, where brokers ask for one.
ssl.keystore.password | PASSWORD | null | HIGH | read-only
    Password of ssl.keystore.location's file.
ssl.key.password | PASSWORD | null | HIGH | read-only
    Password of the private key in ssl.keystore.location's file.
ssl.endpoint.identification.algorithm | STRING | https | LOW | read-only
    https compares the certificate's name with the host's; empty does not.
request.timeout.ms | INT | 30000 | MEDIUM | read-only | [0,...]
    Longest wait for the answer to one request.
default.api.timeout.ms | INT | 60000 | MEDIUM | read-only | [0,...]
    Longest time of a call with all its attempts.
retries | INT | 2147483647 | HIGH | read-only | [0,...]
    How often a request is sent again after an error that may pass; time limits end it earlier.
retry.backoff.ms | LONG | 100 | LOW | read-only | [0,...]
    Pause before the first repetition.
retry.backoff.max.ms | LONG | 1000 | LOW | read-only | [0,...]
    Longest pause before a repetition; pauses double up to it.
reconnect.backoff.ms | LONG | 50 | LOW | read-only | [0,...]
    Pause before a lost connection is opened again.
reconnect.backoff.max.ms | LONG | 1000 | LOW | read-only | [0,...]
    Longest pause before a lost connection is opened again; pauses double up to it.
connections.max.idle.ms | LONG | 540000 | MEDIUM | read-only
    A connection without requests is closed after this time; admin clients have 300000.
socket.connection.setup.timeout.ms | LONG | 10000 | MEDIUM | read-only
    Longest time for a connection to be made.
send.buffer.bytes | INT | 131072 | MEDIUM | read-only | [-1,...]
    Size of the socket's send buffer, -1 for the system's own.
receive.buffer.bytes | INT | 65536 | MEDIUM | read-only | [-1,...]
    Size of the socket's receive buffer, -1 for the system's own; producers have 32768.
metadata.max.age.ms | LONG | 300000 | LOW | read-only | [0,...]
    Leaders and partitions are looked up anew after this time even without a reason.
metrics.sample.window.ms | LONG | 30000 | LOW | read-only | [0,...]
    Time over which a metric is measured.
acks | STRING | all | LOW | read-only | one of all, -1, 0, 1
    Who must have a record before it counts as sent: 0 nobody, 1 the leader, all every replica in sync.
linger.ms | LONG | 5 | MEDIUM | read-only | [0,...]
    How long a record waits for others, so that they travel in one batch.
batch.size | INT | 16384 | MEDIUM | read-only | [0,...]
    Size in bytes at which a partition's batch is sent without waiting longer.
buffer.memory | LONG | 33554432 | HIGH | read-only | [0,...]
    Memory in bytes for records that are not sent yet; when it is full, sending blocks.
max.block.ms | LONG | 60000 | MEDIUM | read-only | [0,...]
    How long sending may block, for memory or for a topic's leaders.
max.request.size | INT | 1048576 | MEDIUM | read-only | [0,...]
    Largest request in bytes, and so the largest record.
max.in.flight.requests.per.connection | INT | 5 | LOW | read-only | [1,...]
    Batches under way at a time; with idempotence order is kept up to 5.
compression.type | STRING | none | HIGH | read-only | one of none, gzip, snappy, lz4, zstd
    none, gzip, snappy, lz4 or zstd: how the producer packs its batches.
enable.idempotence | BOOLEAN | true | LOW | read-only
    Repetitions are recognised by the broker: no record twice, none out of order. Needs acks=all.
transactional.id | STRING | null | LOW | read-only
    Name under which a producer sends in transactions; a second producer with it takes over.
transaction.timeout.ms | INT | 60000 | LOW | read-only
    A transaction that is open longer is aborted by the broker.
delivery.timeout.ms | INT | 120000 | MEDIUM | read-only | [0,...]
    Longest time from sending a record to the answer that it is there, repetitions included.
partitioner.class | CLASS | null | MEDIUM | read-only
    Java class that chooses the partition of a record.
partitioner.ignore.keys | BOOLEAN | false | MEDIUM | read-only
    Records with a key go to any partition, as those without one do.
key.serializer | CLASS | required | HIGH | read-only
    Java class that makes bytes of keys.
value.serializer | CLASS | required | HIGH | read-only
    Java class that makes bytes of values.
group.id | STRING | null | HIGH | read-only
    The group whose members share partitions and remember how far they have read.
group.protocol | STRING | classic | HIGH | read-only | one of (any case) classic, consumer
    classic: members divide partitions among themselves; consumer: the broker does it (KIP-848).
group.instance.id | STRING | null | MEDIUM | read-only
    A member that comes back under this name within session.timeout.ms keeps its partitions.
auto.offset.reset | STRING | latest | MEDIUM | read-only | client offset reset
    Where to begin without a committed offset: earliest, latest, none or by_duration:PT1H.
enable.auto.commit | BOOLEAN | true | MEDIUM | read-only
    Offsets are committed in the background.
auto.commit.interval.ms | INT | 5000 | LOW | read-only | [0,...]
    How often offsets are committed in the background, with enable.auto.commit=true.
session.timeout.ms | INT | 45000 | HIGH | read-only
    A member that has sent no heartbeat for this time is taken out of the group.
heartbeat.interval.ms | INT | 3000 | HIGH | read-only
    How often a member of a group sends a heartbeat.
max.poll.interval.ms | INT | 300000 | MEDIUM | read-only | [1,...]
    Longest time between two polls; a member that takes longer loses its partitions.
max.poll.records | INT | 500 | MEDIUM | read-only | [1,...]
    Most records that one poll returns.
fetch.min.bytes | INT | 1 | HIGH | read-only | [0,...]
    A broker answers a fetch only when it has so many bytes, or fetch.max.wait.ms have passed.
fetch.max.wait.ms | INT | 500 | LOW | read-only | [0,...]
    How long a broker waits for fetch.min.bytes before it answers a fetch with what there is.
fetch.max.bytes | INT | 52428800 | MEDIUM | read-only | [0,...]
    Most bytes that the answer to one fetch may hold, over all partitions.
max.partition.fetch.bytes | INT | 1048576 | HIGH | read-only | [0,...]
    Most bytes of one partition that the answer to a fetch may hold.
isolation.level | STRING | read_uncommitted | MEDIUM | read-only | one of read_committed, read_uncommitted
    read_committed leaves out records of transactions that are open or were aborted.
partition.assignment.strategy | LIST | org.apache.kafka.clients.consumer.RangeAssignor,org.apache.kafka.clients.consumer.CooperativeStickyAssignor | MEDIUM | read-only
    How the members of a classic group divide partitions.
exclude.internal.topics | BOOLEAN | true | MEDIUM | read-only
    Internal topics do not match an expression.
allow.auto.create.topics | BOOLEAN | true | MEDIUM | read-only
    Reading a topic that is not there may create it, where the broker does so.
check.crcs | BOOLEAN | true | LOW | read-only
    Checksums of batches are looked at.
interceptor.classes | LIST | empty | LOW | read-only
    Java classes that see every record.
key.deserializer | CLASS | required | HIGH | read-only
    Java class that makes keys of bytes.
value.deserializer | CLASS | required | HIGH | read-only
    Java class that makes values of bytes.
enable.metrics.push | BOOLEAN | true | LOW | read-only
    The cluster may ask the client for its metrics (KIP-714).
compression.gzip.level | INT | -1 | MEDIUM | read-only | [1,...,9] or -1
    How hard a producer with compression.type=gzip packs; -1 is gzip's own choice.
compression.lz4.level | INT | 9 | MEDIUM | read-only | [1,...,17]
    How hard a producer with compression.type=lz4 packs.
compression.zstd.level | INT | 3 | MEDIUM | read-only | [-131072,...,22]
    How hard a producer with compression.type=zstd packs.
partitioner.adaptive.partitioning.enable | BOOLEAN | true | LOW | read-only
    Records without a key go more to brokers that take them faster.
partitioner.availability.timeout.ms | LONG | 0 | LOW | read-only | [0,...]
    A partition whose broker takes nothing for so long gets no records without a key; 0 for never.
metadata.max.idle.ms | LONG | 300000 | LOW | read-only | [5000,...]
    A producer forgets a topic that it has not sent to for so long.
metadata.recovery.strategy | STRING | rebootstrap | LOW | read-only | one of (any case) rebootstrap, none
    When no known broker can be reached: rebootstrap begins again with bootstrap.servers, none does not.
metadata.recovery.rebootstrap.trigger.ms | LONG | 300000 | LOW | read-only | [0,...]
    So long without an answer about leaders, and the client begins again with bootstrap.servers.
socket.connection.setup.timeout.max.ms | LONG | 30000 | MEDIUM | read-only
    Longest time for a connection to be made after several that failed.
metrics.num.samples | INT | 2 | LOW | read-only | [1,...]
    How many windows of time a metric is measured over.
metrics.recording.level | STRING | INFO | LOW | read-only | one of INFO, DEBUG, TRACE
    INFO, DEBUG or TRACE: which metrics are measured at all.
metric.reporters | LIST | org.apache.kafka.common.metrics.JmxReporter | LOW | read-only
    Java classes that metrics are given to.
group.remote.assignor | STRING | null | MEDIUM | read-only
    With group.protocol=consumer: which assignor of the broker divides partitions, uniform or range.
share.acknowledgement.mode | STRING | implicit | MEDIUM | read-only | one of implicit, explicit
    Of a share group's member: implicit acknowledges with the next poll, explicit each record by itself.
share.acquire.mode | STRING | batch_optimized | MEDIUM | read-only | one of (any case) batch_optimized, record_limit
    Of a share group's member: batch_optimized takes whole batches, record_limit no more than max.poll.records.
transaction.two.phase.commit.enable | BOOLEAN | false | LOW | read-only
    The transaction is one part of a larger one, and no timeout of the broker ends it (KIP-939).
bootstrap.controllers | LIST | empty | HIGH | read-only
    Of an admin client: controllers to talk to instead of brokers (KIP-919).
`)

/** Properties of the console's reader and formatter: `--reader-property`, `--formatter-property`. */
export const CONSOLE_SETTINGS = parseDefinitions(`
parse.key | BOOLEAN | false | HIGH | read-only
    A line begins with the record's key.
parse.headers | BOOLEAN | false | HIGH | read-only
    A line begins with the record's headers, before the key.
ignore.error | BOOLEAN | false | HIGH | read-only
    A line without a separator is a value alone instead of an error.
key.separator | STRING | null | HIGH | read-only
    What stands between key and value; a TAB unless it is set.
headers.delimiter | STRING | null | HIGH | read-only
    What stands between headers and what follows; a TAB unless it is set.
headers.separator | STRING | null | HIGH | read-only
    What stands between two headers; a comma unless it is set.
headers.key.separator | STRING | null | HIGH | read-only
    What stands between a header's key and its value; a colon unless it is set.
null.marker | STRING | null | HIGH | read-only
    This text is a null, so that tombstones can be written.
null.literal | STRING | null | HIGH | read-only
    What is printed for a null; the word null unless it is set.
line.separator | STRING | null | HIGH | read-only
    What is printed behind each record; a line break unless it is set.
print.timestamp | BOOLEAN | false | HIGH | read-only
    Each record's timestamp is printed.
print.partition | BOOLEAN | false | HIGH | read-only
    Each record's partition is printed.
print.offset | BOOLEAN | false | HIGH | read-only
    Each record's offset is printed.
print.headers | BOOLEAN | false | HIGH | read-only
    Each record's headers are printed.
print.key | BOOLEAN | false | HIGH | read-only
    Each record's key is printed.
print.value | BOOLEAN | true | HIGH | read-only
    Each record's value is printed.
print.delivery | BOOLEAN | false | HIGH | read-only
    How often a share group has delivered the record is printed.
print.epoch | BOOLEAN | false | HIGH | read-only
    The epoch of the leader that wrote the record is printed.
key.deserializer | CLASS | null | HIGH | read-only
    How keys are made readable: numbers, UUIDs, text.
value.deserializer | CLASS | null | HIGH | read-only
    How values are made readable: numbers, UUIDs, text.
headers.deserializer | CLASS | null | HIGH | read-only
    How headers are made readable: numbers, UUIDs, text.
`)

/** What clients, users and addresses have instead of settings: `--entity-type clients|users|ips`. */
export const QUOTA_SETTINGS = parseDefinitions(`
producer_byte_rate | LONG | null | HIGH | dynamic | [0,...]
    Bytes per second that may be written to each broker; beyond it answers come later.
consumer_byte_rate | LONG | null | HIGH | dynamic | [0,...]
    Bytes per second that may be read from each broker; beyond it answers come later.
request_percentage | DOUBLE | null | HIGH | dynamic | [0,...]
    Share of a broker's threads, 100 for one of them; beyond it answers come later.
controller_mutation_rate | DOUBLE | null | HIGH | dynamic | [0,...]
    Partitions per second that may be created or deleted.
connection_creation_rate | INT | null | HIGH | dynamic | [0,...]
    Connections per second from an address.
SCRAM-SHA-256 | STRING | null | HIGH | dynamic
    The user's password for logging in with SCRAM-SHA-256: [iterations=8192,password=...].
SCRAM-SHA-512 | STRING | null | HIGH | dynamic
    The user's password for logging in with SCRAM-SHA-512: [iterations=8192,password=...].
`)

/** Client metrics subscriptions (KIP-714). */
export const METRICS_SETTINGS = parseDefinitions(`
interval.ms | INT | 300000 | HIGH | dynamic | [100,...]
    How often clients push their metrics.
metrics | LIST | empty | HIGH | dynamic
    Beginnings of the names of metrics that are pushed, * for all.
match | LIST | empty | HIGH | dynamic
    Which clients push: client_id=..., client_software_name=..., as expressions.
`)
