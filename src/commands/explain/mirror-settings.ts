/** Settings of MirrorMaker 2 (KIP-382): of the process and of its three connectors. Columns: see `definition.ts`. */
import { parseDefinitions } from '../../metadata/config/definition.ts'

/** Those of connectors may be set for one direction: `us->eu.topics`. */
export const MIRROR_SETTINGS = parseDefinitions(`
clusters | LIST | required | HIGH | read-only
    Aliases of the clusters; each has its own ALIAS.bootstrap.servers.
dedicated.mode.enable.internal.rest | BOOLEAN | false | HIGH | read-only
    Whether several processes of MirrorMaker may share one direction and tell each other over REST (KIP-710).
enabled | BOOLEAN | true | LOW | dynamic
    Whether records flow in a direction; in the file of the process each direction is off until A->B.enabled=true.
topics | LIST | .* | HIGH | dynamic
    Topics that are copied to the other cluster, as names or expressions.
topics.exclude | LIST | mm2.*\\.internal,.*\\.replica,__.* | HIGH | dynamic
    Topics that are not copied, even where topics matches.
groups | LIST | .* | HIGH | dynamic
    Consumer groups whose offsets are translated, as names or expressions.
groups.exclude | LIST | console-consumer-.*,connect-.*,__.* | HIGH | dynamic
    Groups whose offsets are not translated, even where groups matches.
source.cluster.alias | STRING | required | HIGH | dynamic
    Name of the cluster that is read; copied topics begin with it: us.orders.
target.cluster.alias | STRING | target | HIGH | dynamic
    Name of the cluster that is written to, in metrics.
replication.policy.class | CLASS | org.apache.kafka.connect.mirror.DefaultReplicationPolicy | LOW | dynamic
    How copies are named: the default puts the alias in front, IdentityReplicationPolicy leaves the name.
replication.policy.separator | STRING | . | LOW | dynamic
    What stands between the source's alias and the topic in the name of a copy.
replication.policy.internal.topic.separator.enabled | BOOLEAN | true | LOW | dynamic
    Whether the names of MirrorMaker's own topics have replication.policy.separator too (KIP-949).
replication.factor | INT | 2 | LOW | dynamic
    How many replicas copied topics are made with; a cluster of one broker needs 1.
refresh.topics.enabled | BOOLEAN | true | LOW | dynamic
    Whether new topics and partitions of the source are looked for.
refresh.topics.interval.seconds | LONG | 600 | LOW | dynamic
    How often new topics and partitions are looked for; a new topic is not copied before.
refresh.groups.enabled | BOOLEAN | true | LOW | dynamic
    Whether new groups of the source are looked for.
refresh.groups.interval.seconds | LONG | 600 | LOW | dynamic
    How often new groups are looked for.
sync.topic.configs.enabled | BOOLEAN | true | LOW | dynamic
    Whether copies get the settings of their topics.
sync.topic.configs.interval.seconds | LONG | 600 | LOW | dynamic
    How often copies get the settings of their topics.
config.properties.exclude | LIST | follower.replication.throttled.replicas,leader.replication.throttled.replicas,message.timestamp.difference.max.ms,log.message.timestamp.before.max.ms,log.message.timestamp.after.max.ms,message.timestamp.type,unclean.leader.election.enable,min.insync.replicas | HIGH | dynamic
    Settings of topics that their copies do not get.
sync.topic.acls.enabled | BOOLEAN | true | LOW | dynamic
    Whether who may read a topic may read its copy.
sync.topic.acls.interval.seconds | LONG | 600 | LOW | dynamic
    How often it is looked after that who may read a topic may read its copy.
emit.checkpoints.enabled | BOOLEAN | true | LOW | dynamic
    Whether the groups' offsets, translated, are written to a topic of the target.
emit.checkpoints.interval.seconds | LONG | 60 | LOW | dynamic
    How often the groups' translated offsets are written to the topic of checkpoints.
sync.group.offsets.enabled | BOOLEAN | false | LOW | dynamic
    Whether translated offsets are committed for the groups of the target, while they have no member there.
sync.group.offsets.interval.seconds | LONG | 60 | LOW | dynamic
    How often translated offsets are committed for the groups of the target (sync.group.offsets.enabled).
checkpoints.topic.replication.factor | SHORT | 3 | LOW | dynamic
    How many replicas the topic of checkpoints is made with; a cluster of one broker needs 1.
emit.heartbeats.enabled | BOOLEAN | true | LOW | dynamic
    Whether a sign of life is written to the topic heartbeats.
emit.heartbeats.interval.seconds | LONG | 1 | LOW | dynamic
    How often a sign of life is written to the topic heartbeats.
heartbeats.topic.replication.factor | SHORT | 3 | LOW | dynamic
    How many replicas the topic heartbeats is made with; a cluster of one broker needs 1.
heartbeats.replication.enabled | BOOLEAN | true | LOW | dynamic
    Whether topics of heartbeats are copied even where topics does not match (KIP-1089).
emit.offset-syncs.enabled | BOOLEAN | true | LOW | dynamic
    Whether it is noted which offset of the copy is which of the topic; without it no group's offsets are translated (KIP-1031).
offset-syncs.topic.location | STRING | source | LOW | dynamic | one of source, target
    Which cluster keeps the topic that notes which offset of a copy is which of its topic (KIP-716).
offset-syncs.topic.replication.factor | SHORT | 3 | LOW | dynamic
    How many replicas the topic is made with that notes which offset of a copy is which of its topic.
offset.lag.max | LONG | 100 | LOW | dynamic
    How far a copied partition may move on before it is noted again which of its offsets is which of the topic.
consumer.poll.timeout.ms | LONG | 1000 | LOW | dynamic
    How long a poll of the source waits for records.
admin.timeout.ms | LONG | 60000 | LOW | dynamic
    Longest time of an administrative task, such as looking for new topics.
topic.filter.class | CLASS | org.apache.kafka.connect.mirror.DefaultTopicFilter | LOW | dynamic
    Class that chooses topics; the default reads topics and topics.exclude.
group.filter.class | CLASS | org.apache.kafka.connect.mirror.DefaultGroupFilter | LOW | dynamic
    Class that chooses groups; the default reads groups and groups.exclude.
config.property.filter.class | CLASS | org.apache.kafka.connect.mirror.DefaultConfigPropertyFilter | LOW | dynamic
    Class that chooses settings; the default reads config.properties.exclude.
forwarding.admin.class | CLASS | org.apache.kafka.clients.admin.ForwardingAdmin | LOW | dynamic
    Class that makes topics and settings of the target, where an organisation has a service of its own for it (KIP-787).
metric.names.formats | LIST | legacy | LOW | dynamic | list of legacy, new
    Which names the metrics have; legacy goes with Kafka 5.0 (KIP-1280).
`)
