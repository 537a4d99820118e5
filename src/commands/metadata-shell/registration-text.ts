/** Registrations, ACLs, tokens and credentials in the words in which Kafka's classes print themselves. */
import type {
  BrokerRegistration,
  ControllerRegistration,
  Endpoint,
  PartitionRegistration,
  RecordBody,
} from '../../metadata/types.ts'

const SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']
const RECOVERY_STATES = ['RECOVERED', 'RECOVERING']
/** `VersionRange` prints a range without an end as `1+`. */
const NO_MAX_VERSION = 32767

/** `ResourceType`, `PatternType`, `AclOperation`, `AclPermissionType` by code. */
const RESOURCE_TYPES = ['UNKNOWN', 'ANY', 'TOPIC', 'GROUP', 'CLUSTER', 'TRANSACTIONAL_ID', 'DELEGATION_TOKEN', 'USER']
const PATTERN_TYPES = ['UNKNOWN', 'ANY', 'MATCH', 'LITERAL', 'PREFIXED']
const OPERATIONS = [
  'UNKNOWN',
  'ANY',
  'ALL',
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
  'CREATE_TOKENS',
  'DESCRIBE_TOKENS',
  'TWO_PHASE_COMMIT',
]
const PERMISSIONS = ['UNKNOWN', 'ANY', 'DENY', 'ALLOW']

const named = (names: readonly string[], code: number): string => names[code] ?? 'UNKNOWN'
const list = (items: readonly (string | number)[]): string => `[${items.join(', ')}]`

function endpointsText(endpoints: readonly Endpoint[]): string {
  const texts = [...endpoints]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, host, port, securityProtocol }) => {
      const protocol = named(SECURITY_PROTOCOLS, securityProtocol)
      return `Endpoint(listenerName='${name}', securityProtocol=${protocol}, host='${host}', port=${port})`
    })
  return list(texts)
}

function rangeText({ min, max }: { readonly min: number; readonly max: number }): string {
  if (min === max) return String(min)
  return max === NO_MAX_VERSION ? `${min}+` : `${min}-${max}`
}

function featuresText(features: BrokerRegistration['features']): string {
  const texts = [...features.keys()].sort().map((name) => `${name}: ${rangeText(features.get(name)!)}`)
  return `{${texts.join(', ')}}`
}

export function brokerText(broker: BrokerRegistration): string {
  const { id, epoch, incarnationId, rack, fenced, inControlledShutdown, directories, cordonedDirectories } = broker
  return (
    `BrokerRegistration(id=${id}, epoch=${epoch}, incarnationId=${incarnationId}, ` +
    `listeners=${endpointsText(broker.endpoints)}, supportedFeatures=${featuresText(broker.features)}, ` +
    `rack=${rack === null ? 'Optional.empty' : `Optional[${rack}]`}, fenced=${fenced}, ` +
    // Brokers of a ZooKeeper cluster that migrates are not known to this image: Kafka 4 has none.
    `inControlledShutdown=${inControlledShutdown}, isMigratingZkBroker=false, directories=${list(directories)}, ` +
    `cordonedDirectories=${cordonedDirectories === null ? 'null' : list(cordonedDirectories)})`
  )
}

export function controllerText(controller: ControllerRegistration): string {
  const { id, incarnationId, zkMigrationReady, endpoints, features } = controller
  return (
    `ControllerRegistration(id=${id}, incarnationId=${incarnationId}, zkMigrationReady=${zkMigrationReady}, ` +
    `listeners=${endpointsText(endpoints)}, supportedFeatures=${featuresText(features)})`
  )
}

export function partitionText(partition: PartitionRegistration): string {
  const { replicas, directories, isr, removingReplicas, addingReplicas, elr, lastKnownElr } = partition
  return (
    `PartitionRegistration(replicas=${list(replicas)}, directories=${list(directories)}, isr=${list(isr)}, ` +
    `removingReplicas=${list(removingReplicas)}, addingReplicas=${list(addingReplicas)}, elr=${list(elr)}, ` +
    `lastKnownElr=${list(lastKnownElr)}, leader=${partition.leader}, ` +
    `leaderRecoveryState=${named(RECOVERY_STATES, partition.leaderRecoveryState)}, ` +
    `leaderEpoch=${partition.leaderEpoch}, partitionEpoch=${partition.partitionEpoch})`
  )
}

export function aclText(acl: RecordBody<'accessControlEntryRecord'>): string {
  return (
    `StandardAcl[resourceType=${named(RESOURCE_TYPES, acl.resourceType)}, resourceName=${acl.resourceName}, ` +
    `patternType=${named(PATTERN_TYPES, acl.patternType)}, principal=${acl.principal}, host=${acl.host}, ` +
    `operation=${named(OPERATIONS, acl.operation)}, permissionType=${named(PERMISSIONS, acl.permissionType)}]`
  )
}

/** The brackets are Kafka's. */
export function tokenText(token: RecordBody<'delegationTokenRecord'>): string {
  return (
    `DelegationTokenDatatokenId=${token.tokenId}(owner=${token.owner}(tokenRequester=${token.requester}` +
    `(renewers=${token.renewers.join(' ')}, issueTimestamp=${token.issueTimestamp}, ` +
    `maxTimestamp=${token.maxTimestamp}), expiryTimestamp=${token.expirationTimestamp}`
  )
}

export function scramText(credential: RecordBody<'userScramCredentialRecord'>): string {
  const [salt, storedKey, serverKey] = [credential.salt, credential.storedKey, credential.serverKey].map((bytes) =>
    Buffer.from(bytes).toString('hex'),
  )
  return `ScramCredentialData(salt=${salt}, storedKey=${storedKey}, serverKey=${serverKey}, iterations=${credential.iterations})`
}
