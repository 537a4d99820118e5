/**
 * Since which release Kafka's sources have a setting, and the proposal (KIP) that the change names which brought it:
 * read out of the sources of every release from 0.8.0 to 4.3 and out of their history. What could not be found there is
 * left out. A release, then names; a number behind a slash is the KIP.
 */

const TOPIC = `
0.8.1: segment.bytes segment.ms segment.index.bytes flush.messages flush.ms retention.bytes retention.ms max.message.bytes
   index.interval.bytes delete.retention.ms file.delete.delay.ms min.cleanable.dirty.ratio cleanup.policy
0.8.2.0: segment.jitter.ms unclean.leader.election.enable min.insync.replicas
0.9.0.0: compression.type preallocate
0.10.0.0: message.timestamp.type/32
0.10.1.0: min.compaction.lag.ms leader.replication.throttled.replicas/73 follower.replication.throttled.replicas/73
2.3: max.compaction.lag.ms/354
3.0: remote.storage.enable/405 local.retention.ms/405 local.retention.bytes/405
3.6: message.timestamp.before.max.ms/937 message.timestamp.after.max.ms/937
3.8: compression.gzip.level/390 compression.lz4.level/390 compression.zstd.level/390
3.9: remote.log.copy.disable remote.log.delete.on.disable
4.1: internal.segment.bytes
`
const BROKER = `
0.8.0: broker.id controlled.shutdown.enable auto.create.topics.enable num.partitions default.replication.factor num.io.threads
   message.max.bytes fetch.purgatory.purge.interval.requests producer.purgatory.purge.interval.requests replica.lag.time.max.ms
   replica.socket.timeout.ms replica.socket.receive.buffer.bytes replica.fetch.max.bytes replica.fetch.wait.max.ms
   replica.fetch.min.bytes num.replica.fetchers replica.high.watermark.checkpoint.interval.ms socket.send.buffer.bytes
   socket.receive.buffer.bytes socket.request.max.bytes queued.max.requests num.network.threads controller.socket.timeout.ms
   log.dir log.dirs log.segment.bytes log.roll.hours log.retention.hours log.retention.bytes log.index.size.max.bytes
   log.index.interval.bytes log.flush.interval.messages log.flush.scheduler.interval.ms log.flush.interval.ms
   kafka.metrics.reporters kafka.metrics.polling.interval.secs
0.8.1: background.threads auto.leader.rebalance.enable leader.imbalance.check.interval.seconds log.retention.minutes
   log.retention.check.interval.ms log.cleanup.policy log.segment.delete.delay.ms log.flush.offset.checkpoint.interval.ms
   log.cleaner.threads log.cleaner.io.max.bytes.per.second log.cleaner.dedupe.buffer.size log.cleaner.io.buffer.size
   log.cleaner.io.buffer.load.factor log.cleaner.backoff.ms log.cleaner.min.cleanable.ratio log.cleaner.enable
   log.cleaner.delete.retention.ms offset.metadata.max.bytes
0.8.2.0: delete.topic.enable num.recovery.threads.per.data.dir min.insync.replicas unclean.leader.election.enable
   max.connections.per.ip max.connections.per.ip.overrides connections.max.idle.ms log.roll.ms log.roll.jitter.ms
   log.roll.jitter.hours log.retention.ms offsets.commit.timeout.ms offsets.load.buffer.size offsets.topic.replication.factor
   offsets.topic.num.partitions offsets.topic.segment.bytes offsets.topic.compression.codec offsets.retention.minutes
   offsets.retention.check.interval.ms
0.9.0.0: request.timeout.ms authorizer.class.name compression.type replica.fetch.backoff.ms security.inter.broker.protocol
   listeners advertised.listeners log.preallocate group.min.session.timeout.ms group.max.session.timeout.ms metrics.num.samples
   metrics.sample.window.ms metric.reporters quota.window.num quota.window.size.seconds principal.builder.class ssl.client.auth
   ssl.protocol ssl.provider ssl.enabled.protocols ssl.keystore.type ssl.keystore.location ssl.keystore.password
   ssl.key.password ssl.truststore.type ssl.truststore.location ssl.truststore.password ssl.keymanager.algorithm
   ssl.trustmanager.algorithm ssl.endpoint.identification.algorithm ssl.cipher.suites sasl.kerberos.principal.to.local.rules
   sasl.kerberos.service.name sasl.kerberos.kinit.cmd sasl.kerberos.ticket.renew.window.factor sasl.kerberos.ticket.renew.jitter
   sasl.kerberos.min.time.before.relogin
0.10.0.0: broker.rack log.message.timestamp.type/32 sasl.mechanism.inter.broker.protocol sasl.enabled.mechanisms
0.10.1.0: replica.fetch.response.max.bytes/74 log.cleaner.min.compaction.lag.ms replication.quota.window.num
   replication.quota.window.size.seconds ssl.secure.random.implementation leader.replication.throttled.rate/73
   follower.replication.throttled.rate/73
0.10.2.0: create.topic.policy.class.name/108 inter.broker.listener.name/103 listener.security.protocol.map/103
   metrics.recording.level sasl.jaas.config/85
0.11.0.0: alter.config.policy.class.name/133 delete.records.purgatory.purge.interval.requests/107
   log.flush.start.offset.checkpoint.interval.ms/107 group.initial.rebalance.delay.ms transaction.state.log.min.isr
   transaction.state.log.load.buffer.size transaction.state.log.replication.factor transaction.state.log.num.partitions
   transaction.state.log.segment.bytes transactional.id.expiration.ms transaction.max.timeout.ms
   transaction.abort.timed.out.transaction.cleanup.interval.ms transaction.remove.expired.transaction.cleanup.interval.ms
1.0: queued.max.request.bytes/72
1.1: num.replica.alter.log.dirs.threads/113 max.incremental.fetch.session.cache.slots
   alter.log.dirs.replication.quota.window.num/113 alter.log.dirs.replication.quota.window.size.seconds/113
   delegation.token.max.lifetime.ms delegation.token.expiry.time.ms delegation.token.expiry.check.interval.ms
   replica.alter.log.dirs.io.max.bytes.per.second/113
2.0: client.quota.callback.class/257 sasl.server.callback.handler.class/86 sasl.client.callback.handler.class/86
   sasl.login.class/86 sasl.login.callback.handler.class/86 sasl.login.refresh.window.factor/255
   sasl.login.refresh.window.jitter/255 sasl.login.refresh.min.period.seconds/255 sasl.login.refresh.buffer.seconds/255
2.1: connection.failed.authentication.delay.ms/306
2.2: group.max.size connections.max.reauth.ms/368 ssl.principal.mapping.rules/371
2.3: max.connections/402 log.cleaner.max.compaction.lag.ms/354
2.4: replica.selector.class security.providers
2.5: fetch.max.bytes/74
2.6: ssl.engine.factory.class/519
2.7: socket.connection.setup.timeout.ms/601 socket.connection.setup.timeout.max.ms/601 max.connection.creation.rate
   controller.quota.window.num/599 controller.quota.window.size.seconds/599 ssl.keystore.key/651
   ssl.keystore.certificate.chain/651 ssl.truststore.certificates/651
2.8: node.id/500 process.roles/500 initial.broker.registration.timeout.ms/500 broker.heartbeat.interval.ms/500
   broker.session.timeout.ms/500 controller.listener.names/631 sasl.mechanism.controller.protocol controller.quorum.voters
   controller.quorum.election.timeout.ms controller.quorum.fetch.timeout.ms controller.quorum.election.backoff.max.ms
   controller.quorum.append.linger.ms controller.quorum.request.timeout.ms controller.quorum.retry.backoff.ms
   metadata.log.dir/500 delegation.token.secret.key
3.0: metadata.log.max.record.bytes.between.snapshots metadata.log.segment.bytes metadata.log.segment.ms
   metadata.max.retention.bytes metadata.max.retention.ms remote.log.storage.system.enable/405
   remote.log.storage.manager.impl.prefix/405 remote.log.metadata.manager.impl.prefix/405
   remote.log.storage.manager.class.name/405 remote.log.storage.manager.class.path/405
   remote.log.metadata.manager.class.name/405 remote.log.metadata.manager.class.path/405
   remote.log.metadata.manager.listener.name/405 remote.log.index.file.cache.total.size.bytes/405
   remote.log.manager.thread.pool.size/405 remote.log.manager.task.interval.ms/405 remote.log.manager.task.retry.backoff.ms/405
   remote.log.manager.task.retry.backoff.max.ms/405 remote.log.manager.task.retry.jitter/405 remote.log.reader.threads/405
   remote.log.reader.max.pending.tasks/405
3.1: sasl.login.connect.timeout.ms/768 sasl.login.read.timeout.ms/768 sasl.login.retry.backoff.max.ms/768
   sasl.login.retry.backoff.ms/768 sasl.oauthbearer.scope.claim.name/768 sasl.oauthbearer.sub.claim.name/768
   sasl.oauthbearer.token.endpoint.url/768 sasl.oauthbearer.jwks.endpoint.url/768 sasl.oauthbearer.jwks.endpoint.refresh.ms/768
   sasl.oauthbearer.jwks.endpoint.retry.backoff.ms/768 sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms/768
   sasl.oauthbearer.clock.skew.seconds/768 sasl.oauthbearer.expected.audience/768 sasl.oauthbearer.expected.issuer/768
3.2: socket.listen.backlog.size/764
3.3: early.start.listeners metadata.max.idle.interval.ms sasl.server.max.receive.size
3.4: producer.id.expiration.ms/854 producer.id.expiration.check.interval.ms metadata.log.max.snapshot.interval.ms
3.5: server.max.startup.time.ms unstable.api.versions.enable group.coordinator.threads/848 group.consumer.session.timeout.ms/848
   group.consumer.min.session.timeout.ms/848 group.consumer.max.session.timeout.ms/848 group.consumer.heartbeat.interval.ms/848
   group.consumer.min.heartbeat.interval.ms/848 group.consumer.max.heartbeat.interval.ms/848 group.consumer.max.size/848
   group.consumer.assignors/848
3.6: log.message.timestamp.before.max.ms/937 log.message.timestamp.after.max.ms/937 log.local.retention.ms
   log.local.retention.bytes transaction.partition.verification.enable remote.log.metadata.custom.metadata.max.bytes
3.7: group.coordinator.rebalance.protocols telemetry.max.bytes/714 ssl.allow.dn.changes/978 ssl.allow.san.changes/978
3.8: unstable.feature.versions.enable compression.gzip.level/390 compression.lz4.level/390 compression.zstd.level/390
   max.request.partition.size.limit log.dir.failure.timeout.ms log.initial.task.delay.ms group.coordinator.append.linger.ms
   group.consumer.migration.policy controller.quorum.bootstrap.servers remote.log.manager.copier.thread.pool.size
   remote.log.manager.expiration.thread.pool.size remote.log.manager.copy.max.bytes.per.second
   remote.log.manager.copy.quota.window.num remote.log.manager.copy.quota.window.size.seconds
   remote.log.manager.fetch.max.bytes.per.second remote.log.manager.fetch.quota.window.num
   remote.log.manager.fetch.quota.window.size.seconds remote.fetch.max.wait.ms
3.9: unclean.leader.election.interval.ms group.share.session.timeout.ms/932 group.share.min.session.timeout.ms/932
   group.share.max.session.timeout.ms/932 group.share.heartbeat.interval.ms/932 group.share.min.heartbeat.interval.ms/932
   group.share.max.heartbeat.interval.ms/932 group.share.max.size/932 group.share.delivery.count.limit/932
   group.share.record.lock.duration.ms/932 group.share.min.record.lock.duration.ms/932
   group.share.max.record.lock.duration.ms/932 group.share.partition.max.record.locks/932
4.0: share.fetch.purgatory.purge.interval.requests group.share.persister.class.name/932
   share.coordinator.state.topic.num.partitions/932 share.coordinator.state.topic.replication.factor/932
   share.coordinator.state.topic.min.isr/932 share.coordinator.state.topic.segment.bytes/932 share.coordinator.threads/932
   share.coordinator.snapshot.update.records.per.snapshot/932 share.coordinator.load.buffer.size/932
   share.coordinator.state.topic.compression.codec/932 share.coordinator.append.linger.ms/932
   share.coordinator.write.timeout.ms/932 share.coordinator.state.topic.prune.interval.ms/932
   add.partitions.to.txn.retry.backoff.max.ms add.partitions.to.txn.retry.backoff.ms controller.performance.sample.period.ms
   controller.performance.always.log.threshold.ms remote.list.offsets.request.timeout.ms
4.1: group.consumer.regex.refresh.interval.ms group.share.assignors group.share.max.share.sessions
   group.streams.session.timeout.ms/1071 group.streams.min.session.timeout.ms/1071 group.streams.max.session.timeout.ms/1071
   group.streams.heartbeat.interval.ms/1071 group.streams.min.heartbeat.interval.ms/1071
   group.streams.max.heartbeat.interval.ms/1071 group.streams.max.size/1071 group.streams.num.standby.replicas/1071
   group.streams.max.standby.replicas/1071 share.coordinator.cold.partition.snapshot.interval.ms
   transaction.two.phase.commit.enable/939 internal.metadata.log.segment.bytes internal.metadata.max.batch.size.in.bytes
   internal.metadata.delete.delay.millis sasl.oauthbearer.jwt.retriever.class sasl.oauthbearer.jwt.validator.class
   sasl.oauthbearer.scope sasl.oauthbearer.client.credentials.client.id sasl.oauthbearer.client.credentials.client.secret
   sasl.oauthbearer.assertion.algorithm sasl.oauthbearer.assertion.claim.aud sasl.oauthbearer.assertion.claim.exp.seconds
   sasl.oauthbearer.assertion.claim.iss sasl.oauthbearer.assertion.claim.jti.include
   sasl.oauthbearer.assertion.claim.nbf.seconds sasl.oauthbearer.assertion.claim.sub sasl.oauthbearer.assertion.file
   sasl.oauthbearer.assertion.private.key.file sasl.oauthbearer.assertion.private.key.passphrase
   sasl.oauthbearer.assertion.template.file
4.2: group.share.initialize.retry.interval.ms group.streams.initial.rebalance.delay.ms controller.quorum.auto.join.enable
   remote.log.manager.follower.thread.pool.size
4.3: follower.fetch.last.tiered.offset.enable cordoned.log.dirs/1066 group.coordinator.background.threads
   group.coordinator.cached.buffer.max.bytes group.consumer.assignment.interval.ms group.consumer.min.assignment.interval.ms
   group.consumer.max.assignment.interval.ms group.share.assignment.interval.ms group.share.min.assignment.interval.ms
   group.share.max.assignment.interval.ms group.share.max.delivery.count.limit group.share.min.delivery.count.limit
   group.share.max.partition.max.record.locks group.share.min.partition.max.record.locks group.streams.assignment.interval.ms
   group.streams.min.assignment.interval.ms group.streams.max.assignment.interval.ms share.coordinator.cached.buffer.max.bytes
   controller.quorum.fetch.snapshot.max.bytes controller.quorum.fetch.max.bytes remote.log.index.file.cache.ttl.ms
`
const GROUP = `
4.0: consumer.session.timeout.ms consumer.heartbeat.interval.ms share.session.timeout.ms share.heartbeat.interval.ms
   share.record.lock.duration.ms share.auto.offset.reset
4.1: share.isolation.level streams.session.timeout.ms streams.heartbeat.interval.ms streams.num.standby.replicas
4.2: streams.initial.rebalance.delay.ms
4.3: consumer.assignment.interval.ms share.delivery.count.limit share.partition.max.record.locks share.renew.acknowledge.enable
   share.assignment.interval.ms streams.assignment.interval.ms
`
const CLIENT = `
0.8.1: client.id request.timeout.ms reconnect.backoff.ms send.buffer.bytes linger.ms max.request.size
0.8.2.0: metric.reporters metrics.num.samples
   bootstrap.servers retries retry.backoff.ms receive.buffer.bytes metadata.max.age.ms metrics.sample.window.ms acks
   batch.size buffer.memory max.in.flight.requests.per.connection compression.type key.serializer value.serializer group.id
   auto.offset.reset enable.auto.commit auto.commit.interval.ms session.timeout.ms fetch.min.bytes fetch.max.wait.ms
   partition.assignment.strategy key.deserializer value.deserializer
0.9.0.0: security.protocol ssl.truststore.location ssl.truststore.password ssl.truststore.type ssl.keystore.location
   ssl.keystore.password ssl.key.password ssl.endpoint.identification.algorithm connections.max.idle.ms max.block.ms/19
   partitioner.class heartbeat.interval.ms max.partition.fetch.bytes check.crcs
0.10.0.0: sasl.mechanism max.poll.records/41 exclude.internal.topics interceptor.classes
0.10.1.0: max.poll.interval.ms/62 fetch.max.bytes/74
0.10.2.0: metrics.recording.level
   sasl.jaas.config/85
0.11.0.0: reconnect.backoff.max.ms/144 enable.idempotence transactional.id transaction.timeout.ms isolation.level
2.0: default.api.timeout.ms/266
2.1: client.dns.lookup delivery.timeout.ms/91
2.3: client.rack group.instance.id/345 allow.auto.create.topics/361
2.5: metadata.max.idle.ms
2.7: socket.connection.setup.timeout.max.ms/601
   socket.connection.setup.timeout.ms/601
3.3: partitioner.adaptive.partitioning.enable partitioner.availability.timeout.ms
   partitioner.ignore.keys/794
3.7: group.remote.assignor bootstrap.controllers/919
   retry.backoff.max.ms/580 group.protocol enable.metrics.push/714
3.8: compression.gzip.level/390 compression.lz4.level/390 compression.zstd.level/390 metadata.recovery.strategy/899
4.0: metadata.recovery.rebootstrap.trigger.ms/1102
4.1: share.acknowledgement.mode transaction.two.phase.commit.enable/939
4.2: share.acquire.mode
`

const STREAMS = `
0.10.0.0: application.id num.standby.replicas state.dir/28 num.stream.threads/28 replication.factor
   buffered.records.per.partition/28 commit.interval.ms/28 poll.ms/28 state.cleanup.delay.ms/28
0.10.1.0: cache.max.bytes.buffering/63 application.server/67 rocksdb.config.setter
   windowstore.changelog.additional.retention.ms
0.11.0.0: default.key.serde default.timestamp.extractor default.value.serde processing.guarantee/129
1.0: default.deserialization.exception.handler/161
1.1: default.production.exception.handler/210
2.0: topology.optimization/295 upgrade.from/268
2.1: max.task.idle.ms/353
2.5: built.in.metrics.version/444
2.6: acceptable.recovery.lag/441 max.warmup.replicas/441 probing.rebalance.interval.ms/441
2.7: task.timeout.ms/572
2.8: window.size.ms/659
3.0: default.list.key.serde.inner/466 default.list.value.serde.inner/466 default.list.key.serde.type/466
   default.list.value.serde.type/466 windowed.inner.class.serde/725
3.2: rack.aware.assignment.tags/708 repartition.purge.interval.ms/811 default.dsl.store/591
3.4: statestore.cache.max.bytes/770
3.5: default.client.supplier/884
3.6: rack.aware.assignment.non_overlap_cost/925 rack.aware.assignment.strategy/925 rack.aware.assignment.traffic_cost/925
3.7: dsl.store.suppliers.class/954
3.8: task.assignor.class/924
3.9: processing.exception.handler/1033 log.summary.interval.ms/1049
4.0: deserialization.exception.handler/1056 production.exception.handler/1056 processor.wrapper.class/1112
4.1: ensure.explicit.internal.resource.naming/1111 group.protocol/1071
4.2: errors.dead.letter.queue.topic.name/1034 allow.os.group.write.access/1230
4.3: processing.exception.handler.global.enabled/1270 dsl.store.format/1285 state.cleanup.dir.max.age.ms/1259
`
const MIRROR = `
2.4: clusters/382 enabled/382 source.cluster.alias/382 target.cluster.alias/382 admin.timeout.ms/382
   replication.policy.class/382 replication.policy.separator/382 topics/382 topic.filter.class/382
   config.property.filter.class/382 consumer.poll.timeout.ms/382 refresh.topics.enabled/382
   refresh.topics.interval.seconds/382 sync.topic.configs.enabled/382 sync.topic.configs.interval.seconds/382
   sync.topic.acls.enabled/382 sync.topic.acls.interval.seconds/382 replication.factor/382
   offset-syncs.topic.replication.factor/382 offset.lag.max/382 groups/382 group.filter.class/382 refresh.groups.enabled/382
   refresh.groups.interval.seconds/382 emit.checkpoints.enabled/382 emit.checkpoints.interval.seconds/382
   checkpoints.topic.replication.factor/382 emit.heartbeats.enabled/382 emit.heartbeats.interval.seconds/382
   heartbeats.topic.replication.factor/382
2.7: topics.exclude/629 config.properties.exclude/629 groups.exclude/629 sync.group.offsets.enabled/545
   sync.group.offsets.interval.seconds/545
3.0: offset-syncs.topic.location/716
3.4: forwarding.admin.class/787
3.5: dedicated.mode.enable.internal.rest/710
3.6: replication.policy.internal.topic.separator.enabled/949
3.9: emit.offset-syncs.enabled/1031
4.0: heartbeats.replication.enabled/1089
4.3: metric.names.formats/1280
`
const WORKER = `
0.9.0.0: bootstrap.servers group.id key.converter value.converter task.shutdown.graceful.timeout.ms offset.flush.interval.ms offset.flush.timeout.ms
   rest.advertised.host.name rest.advertised.port offset.storage.file.filename worker.sync.timeout.ms
   worker.unsync.backoff.ms offset.storage.topic config.storage.topic
0.10.0.0: access.control.allow.origin access.control.allow.methods status.storage.topic
0.10.1.0: rebalance.timeout.ms/62
0.11.0.0: plugin.path/146 offset.storage.partitions/154 offset.storage.replication.factor/154
   config.storage.replication.factor/154 status.storage.partitions/154 status.storage.replication.factor/154
1.1: header.converter/145 listeners/208 rest.advertised.listener/208
2.0: rest.extension.classes/285
2.3: connector.client.config.override.policy/458 connect.protocol/415 scheduled.rebalance.max.delay.ms/415
2.4: admin.listeners/495 inter.worker.key.ttl.ms/507 inter.worker.key.generation.algorithm/507 inter.worker.key.size/507
   inter.worker.signature.algorithm/507 inter.worker.verification.algorithms/507
2.5: topic.tracking.enable/558 topic.tracking.allow.reset/558
2.6: topic.creation.enable/158 response.http.headers.config/577
3.3: exactly.once.source.support/618
3.6: plugin.discovery/898
4.1: key.converter.plugin.version/891 value.converter.plugin.version/891 header.converter.plugin.version/891
`
const CONNECTOR = `
0.9.0.0: name connector.class tasks.max topics
0.10.1.0: key.converter/75 value.converter/75
0.10.2.0: transforms/66
1.1: topics.regex/215 header.converter/145
2.0: config.action.reload/297 errors.retry.timeout/298 errors.retry.delay.max.ms/298 errors.tolerance/298
   errors.log.enable/298 errors.log.include.messages/298 errors.deadletterqueue.topic.name/298
   errors.deadletterqueue.topic.replication.factor/298 errors.deadletterqueue.context.headers.enable/298
2.6: predicates/585 topic.creation.groups/158
3.3: exactly.once.support/618 transaction.boundary/618 transaction.boundary.interval.ms/618 offsets.storage.topic/618
3.8: tasks.max.enforce/1004
4.1: key.converter.plugin.version/891 value.converter.plugin.version/891 header.converter.plugin.version/891
   connector.plugin.version/891
`
const QUOTA = `
0.9.0.0: producer_byte_rate/13 consumer_byte_rate/13
0.10.2.0: SCRAM-SHA-256/84 SCRAM-SHA-512/84
0.11.0.0: request_percentage/124
2.7: controller_mutation_rate/599 connection_creation_rate/612
`
const METRICS = `
3.7: interval.ms/714 metrics/714 match/714
`
const CONSOLE = `
0.8.0: parse.key ignore.error key.separator line.separator print.key
0.10.0.0: print.timestamp key.deserializer value.deserializer
0.11.0.0: print.value
2.5: print.partition
2.7: headers.separator/431 null.literal/431 print.offset/431 print.headers/431 headers.deserializer/431
3.2: parse.headers/798 headers.delimiter/798 headers.key.separator/798 null.marker/810
4.0: print.delivery print.epoch
`
const TABLES: Readonly<Record<string, string>> = {
  ...{ topic: TOPIC, broker: BROKER, group: GROUP, client: CLIENT, quota: QUOTA, 'client metrics': METRICS },
  ...{ 'Connect worker': WORKER, connector: CONNECTOR, Streams: STREAMS, MirrorMaker: MIRROR, console: CONSOLE },
}
/** Clients and brokers have them from the same classes. */
const SHARED = /^(ssl|sasl)\.|^security\.providers$/

/** A release, and the proposal where it is known. */
export interface Since {
  readonly version: string
  readonly kip: number | null
}

/** Null where Kafka's sources do not tell it plainly. */
export function sinceWhen(of: string, name: string): Since | null {
  if (!Object.hasOwn(TABLES, of)) return null
  const since = sinceIn(TABLES[of]!, name)
  return since === null && of === 'client' && SHARED.test(name) ? sinceIn(BROKER, name) : since
}

function sinceIn(table: string, name: string): Since | null {
  let version = ''
  for (const word of table.trim().split(/\s+/)) {
    if (word.endsWith(':')) version = word.slice(0, -1)
    const [known, kip] = word.split('/')
    if (known === name) return { version, kip: kip === undefined ? null : Number(kip) }
  }
  return null
}
