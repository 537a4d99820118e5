/** The structures `--format` prints; `commands/README.md` lists them. */
import type { Structure } from '../../cli/format.ts'
import type { BrokerStatus, GroupStatus, Picture, TopicStatus } from './model.ts'

/** Kind and fields of the document for a picture. */
export function documentOf(picture: Picture): { kind: string; fields: Record<string, Structure> } {
  switch (picture.kind) {
    case 'cluster': {
      const { clusterId, controller } = picture
      const controllerId = controller?.id ?? null
      const brokers = picture.brokers.map(brokerFields)
      return {
        kind: 'ClusterStatus',
        fields: {
          clusterId,
          controllerId,
          controllerEpoch: controller?.epoch ?? null,
          brokers,
          topics: picture.topics.map(topicFields),
        },
      }
    }
    case 'topics':
      return { kind: 'TopicStatusList', fields: { topics: picture.topics.map(topicFields) } }
    case 'brokers':
      return { kind: 'BrokerStatusList', fields: { brokers: picture.brokers.map(brokerFields) } }
    case 'groups':
      return { kind: 'GroupStatusList', fields: { groups: picture.groups.map(groupFields) } }
  }
}

function topicFields(topic: TopicStatus): Structure {
  const { name, topicId, isInternal, configs, minInsyncReplicas, uncleanElection, partitions } = topic
  return {
    name,
    topicId,
    isInternal,
    configs,
    minInsyncReplicas,
    uncleanElection,
    partitions: partitions.map((each) => ({
      partition: each.partition,
      leader: each.leader < 0 ? null : each.leader,
      leaderEpoch: each.leaderEpoch,
      replicas: each.replicas,
      isr: each.isr,
      offlineReplicas: each.offlineReplicas,
      elr: each.elr,
      lastKnownElr: each.lastKnownElr,
      earliestOffset: each.earliestOffset,
      latestOffset: each.latestOffset,
      sizeBytes: each.sizeBytes,
      isReassigning: each.isReassigning,
      followers: each.followers === null ? null : each.followers.map(({ broker, lag }) => ({ broker, lag })),
    })),
  }
}

function brokerFields(broker: BrokerStatus): Structure {
  return {
    id: broker.id,
    host: broker.host,
    port: broker.port,
    rack: broker.rack,
    isController: broker.isController,
    isFenced: broker.isFenced === true,
    leaderCount: broker.leaderCount,
    replicaCount: broker.replicaCount,
    configs: broker.configs,
    logDirs: broker.logDirs.map((dir) => ({ ...dir, usableBytes: dir.usableBytes < 0 ? null : dir.usableBytes })),
  }
}

function groupFields(group: GroupStatus): Structure {
  return {
    groupId: group.groupId,
    type: group.type,
    state: group.state,
    assignor: group.assignor,
    coordinatorId: group.coordinator.id,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      host: member.host,
      assignment: member.assignment.map(({ topic, partition }) => ({ topic, partition })),
    })),
    partitions: group.partitions.map((each) => ({ ...each })),
  }
}
