/** Settings of MirrorMaker 2 for two clusters, `a` and `b`. */

export interface Mirrored {
  readonly a: string
  readonly b: string
  readonly topic: string
  readonly group: string
}

export const mirrorText = ({ a, b, topic, group }: Mirrored): string => `clusters=a, b
a.bootstrap.servers=${a}
b.bootstrap.servers=${b}

# What goes where. Nothing goes back.
a->b.enabled=true
a->b.topics=${topic}
a->b.groups=${group}
b->a.enabled=false

# Where groups have come on a is translated into offsets of b, every second (Kafka's default: every minute, and off). New
# groups are looked for every five seconds (default: every ten minutes).
refresh.groups.interval.seconds=5
sync.group.offsets.enabled=true
sync.group.offsets.interval.seconds=1
emit.checkpoints.interval.seconds=1
offset.lag.max=0

# All that it keeps for itself is on b, which has one broker.
offset-syncs.topic.location=target
offset.flush.interval.ms=1000
emit.heartbeats.enabled=false
sync.topic.acls.enabled=false
replication.factor=1
heartbeats.topic.replication.factor=1
checkpoints.topic.replication.factor=1
offset-syncs.topic.replication.factor=1
config.storage.replication.factor=1
offset.storage.replication.factor=1
status.storage.replication.factor=1
`
