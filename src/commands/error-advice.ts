/** What is behind each error mostly: who sends it, and what to look at. For `kt error` and `kt explain`. */
import type { ErrorName } from '../protocol/error-codes.ts'

/** Who sends an error, by the letter in the table. */
const SENDERS: Readonly<Record<string, string>> = {
  L: 'the leader of the partition',
  F: 'the leader, to a follower or consumer that fetches',
  G: "the group's coordinator",
  T: "the transaction's coordinator",
  C: 'the active controller, for a change of the cluster',
  B: 'any broker',
  Q: 'a controller, to another node',
  A: 'any broker, before anything else is looked at',
  S: 'the broker, when a client logs in',
  K: 'the client itself, or the broker',
  H: 'the leader of the partition, to a member of a share group',
  D: 'the broker, for delegation tokens',
  R: 'a node of the metadata quorum',
}

/** Name, sender, what to do. */
const TABLE = `
UNKNOWN_SERVER_ERROR | B | Something that nobody foresaw went wrong in the broker: its log at that moment tells what (kt cluster logs for the local cluster).
NONE | B | No error.
OFFSET_OUT_OF_RANGE | F | The offset was deleted by retention, or never written. The range: kt get-offsets --topic TOPIC --time earliest, latest
CORRUPT_MESSAGE | L | A checksum does not fit, or a record without a key goes to a compacted topic: the topic's policy is in kt configs --describe --topic TOPIC --all
UNKNOWN_TOPIC_OR_PARTITION | B | The topic is not there, or this broker has not heard of it yet. List them: kt topics --list
INVALID_FETCH_SIZE | L | The client asks for less than nothing: a defect of it.
LEADER_NOT_AVAILABLE | B | An election is going on, or every replica that may lead is down: kt describe topic TOPIC
NOT_LEADER_OR_FOLLOWER | L | Leadership has moved; clients look it up and go on. Often: look at kt describe cluster
REQUEST_TIMED_OUT | B | It took longer than the request allowed: replicas that are slow or away, a controller without a quorum. Look: kt describe cluster; kt metadata-quorum describe --status
BROKER_NOT_AVAILABLE | B | The broker that was asked for is not in service: kt describe cluster
REPLICA_NOT_AVAILABLE | B | This broker holds no replica of it, or not yet: kt describe topic TOPIC
MESSAGE_TOO_LARGE | L | The batch is larger than max.message.bytes of the topic: kt configs --describe --topic TOPIC --all
STALE_CONTROLLER_EPOCH | C | A controller that has been replaced still gave orders; nothing is to be done.
OFFSET_METADATA_TOO_LARGE | G | The text that goes with a committed offset is longer than offset.metadata.max.bytes.
NETWORK_EXCEPTION | K | The connection broke before the answer came: whether the request was done is unknown. Idempotent producers send it again without harm.
COORDINATOR_LOAD_IN_PROGRESS | G | The coordinator reads the group's or transaction's state after a change of leaders; it takes a moment, and clients wait.
COORDINATOR_NOT_AVAILABLE | B | __consumer_offsets (or __transaction_state) has no leader: kt describe topic __consumer_offsets
NOT_COORDINATOR | G | The coordinator has moved with the leadership of __consumer_offsets or __transaction_state; clients look it up and go on.
INVALID_TOPIC_EXCEPTION | C | Names have up to 249 letters of a-z A-Z 0-9 . _ - and are not . or ..; internal topics are not written to.
RECORD_LIST_TOO_LARGE | L | The batch is larger than a segment of the topic (segment.bytes).
NOT_ENOUGH_REPLICAS | L | Fewer replicas are in sync than min.insync.replicas wants (acks=all): kt topics --describe --under-min-isr-partitions
NOT_ENOUGH_REPLICAS_AFTER_APPEND | L | Written, but a replica fell out of sync meanwhile: kt topics --describe --under-min-isr-partitions
INVALID_REQUIRED_ACKS | L | acks is 0, 1 or all (-1).
ILLEGAL_GENERATION | G | The member was away through a rebalance, mostly because processing took longer than max.poll.interval.ms.
INCONSISTENT_GROUP_PROTOCOL | G | Its partition.assignment.strategy has nothing in common with the members that are there, or the group is of another protocol: kt groups --list
INVALID_GROUP_ID | G | The name of the group is empty, or not allowed for this request.
UNKNOWN_MEMBER_ID | G | The coordinator gave the member up (session.timeout.ms passed); the client joins again.
INVALID_SESSION_TIMEOUT | G | session.timeout.ms is outside group.min.session.timeout.ms and group.max.session.timeout.ms of the brokers: kt explain group.max.session.timeout.ms
REBALANCE_IN_PROGRESS | G | Members come or go; the client joins again by itself.
INVALID_COMMIT_OFFSET_SIZE | G | What is committed does not fit into one record of __consumer_offsets.
TOPIC_AUTHORIZATION_FAILED | A | An ACL is missing: kt acls --list --topic TOPIC
GROUP_AUTHORIZATION_FAILED | A | An ACL is missing: kt acls --list --group GROUP
CLUSTER_AUTHORIZATION_FAILED | A | An ACL on the cluster is missing: kt acls --list --cluster
INVALID_TIMESTAMP | L | The record's time is further from the broker's clock than message.timestamp.before.max.ms or message.timestamp.after.max.ms allow.
UNSUPPORTED_SASL_MECHANISM | S | The listener does not know the client's sasl.mechanism; which it knows stands in sasl.enabled.mechanisms.
ILLEGAL_SASL_STATE | S | The client logs in out of turn: mostly a listener with SASL reached without it, or the other way round (security.protocol).
UNSUPPORTED_VERSION | B | Broker and client do not share a version of this request: kt broker-api-versions
TOPIC_ALREADY_EXISTS | C | kt topics --create --if-not-exists goes on in that case.
INVALID_PARTITIONS | C | A topic has at least 1 partition, and its number can only grow: kt topics --describe --topic TOPIC
INVALID_REPLICATION_FACTOR | C | There are fewer brokers alive than replicas wanted: kt describe cluster
INVALID_REPLICA_ASSIGNMENT | C | A broker is named twice, does not exist, or partitions have different numbers of replicas.
INVALID_CONFIG | C | The key or the value is wrong; the message says which. What is allowed: kt explain KEY
NOT_CONTROLLER | B | This node is not the active controller (any more); clients look it up: kt metadata-quorum describe --status
INVALID_REQUEST | B | The request contradicts itself, or names something twice; the message mostly says what.
UNSUPPORTED_FOR_MESSAGE_FORMAT | L | The log is of a message format that is too old for this; since Kafka 4.0 there is only one.
POLICY_VIOLATION | C | A policy of the cluster (create.topic.policy, alter.config.policy) says no; its words are in the message.
OUT_OF_ORDER_SEQUENCE_NUMBER | L | Records of an idempotent producer are missing in the log: after data loss, or a broker that forgot it.
DUPLICATE_SEQUENCE_NUMBER | L | The batch was written before: its first answer was lost. Producers take it for success.
INVALID_PRODUCER_EPOCH | L | Another producer with the same transactional.id has taken over, or the transaction timed out.
INVALID_TXN_STATE | T | The transaction is not in a state for this: committed twice, or written to without beginning. State: kt transactions describe --transactional-id ID
INVALID_PRODUCER_ID_MAPPING | T | The coordinator has forgotten the transactional.id (transactional.id.expiration.ms passed) or knows another producer for it; begin anew.
INVALID_TRANSACTION_TIMEOUT | T | transaction.timeout.ms of the producer is larger than transaction.max.timeout.ms of the brokers.
CONCURRENT_TRANSACTIONS | T | The transaction before is still being finished; the producer asks again.
TRANSACTION_COORDINATOR_FENCED | L | A coordinator that has been replaced tried to finish a transaction; the new one does.
TRANSACTIONAL_ID_AUTHORIZATION_FAILED | A | An ACL is missing: kt acls --list --transactional-id ID
SECURITY_DISABLED | B | The cluster has no authorizer (authorizer.class.name), so there are no ACLs to look at or change.
OPERATION_NOT_ATTEMPTED | B | Another part of the same request failed first, so this was left undone; look at that one.
KAFKA_STORAGE_ERROR | L | A disk failed or is full: the directory is offline. Which: kt log-dirs --describe
LOG_DIR_NOT_FOUND | B | The broker has no such log directory: kt log-dirs --describe
SASL_AUTHENTICATION_FAILED | S | User or password are not what the broker has, or the user is of another mechanism.
UNKNOWN_PRODUCER_ID | L | The broker knows nothing (any more) of the producer: its records were deleted, or it was idle for long (producer.id.expiration.ms). Producers go on by themselves.
REASSIGNMENT_IN_PROGRESS | C | The partition is on the move already: kt reassign-partitions --list
DELEGATION_TOKEN_AUTH_DISABLED | D | Brokers need delegation.token.secret.key.
DELEGATION_TOKEN_NOT_FOUND | D | Expired, or never made: kt delegation-tokens --describe
DELEGATION_TOKEN_OWNER_MISMATCH | D | Only owner and renewers may renew or end it: kt delegation-tokens --describe
DELEGATION_TOKEN_REQUEST_NOT_ALLOWED | D | Tokens are made over SASL or TLS with a certificate, and not by somebody who logged in with one.
DELEGATION_TOKEN_AUTHORIZATION_FAILED | D | An ACL on the token is missing: kt acls --list --delegation-token TOKEN
DELEGATION_TOKEN_EXPIRED | D | Make a new one: kt delegation-tokens --create
INVALID_PRINCIPAL_TYPE | D | Principals are named User:NAME.
NON_EMPTY_GROUP | G | The group has members: stop them first. Who they are: kt consumer-groups --describe --members --group GROUP
GROUP_ID_NOT_FOUND | G | No such group, or it has been deleted. List them: kt consumer-groups --list
FETCH_SESSION_ID_NOT_FOUND | F | The broker has forgotten what this client fetches from it (a restart, or too many sessions); the client says it anew.
INVALID_FETCH_SESSION_EPOCH | F | Client and broker count the fetches of their session differently; the client begins a new one.
LISTENER_NOT_FOUND | B | The leader has no listener of the name by which the client came: listeners must have the same names on all brokers.
TOPIC_DELETION_DISABLED | C | delete.topic.enable is false.
FENCED_LEADER_EPOCH | L | The client knows an older leader; it looks it up and goes on.
UNKNOWN_LEADER_EPOCH | L | The broker knows an older leader than the client; it catches up in a moment.
UNSUPPORTED_COMPRESSION_TYPE | L | The client is too old for zstd, or asks for a codec that the broker does not have.
STALE_BROKER_EPOCH | Q | The broker has registered anew meanwhile (a restart); the older request does not count.
OFFSET_NOT_AVAILABLE | L | A new leader does not know its high watermark yet; clients ask again.
MEMBER_ID_REQUIRED | G | The first step of joining: the coordinator gives a name, and the member joins again with it. No failure.
PREFERRED_LEADER_NOT_AVAILABLE | C | The first of the replicas is not alive or not in sync: kt describe topic TOPIC
GROUP_MAX_SIZE_REACHED | G | The group has group.max.size (or group.consumer.max.size) members.
FENCED_INSTANCE_ID | G | Another process runs with the same group.instance.id: each member needs its own.
ELIGIBLE_LEADERS_NOT_AVAILABLE | C | No replica in sync is alive. Wait for one, or accept losses: kt leader-election --election-type unclean
ELECTION_NOT_NEEDED | C | The wanted leader leads already. No failure.
NO_REASSIGNMENT_IN_PROGRESS | C | There is nothing to cancel: kt reassign-partitions --list
GROUP_SUBSCRIBED_TO_TOPIC | G | A member reads the topic, so its offsets stay: kt consumer-groups --describe --members --group GROUP
INVALID_RECORD | L | The broker looked into the batch and refused a record: no key in a compacted topic, or a time that is not allowed.
UNSTABLE_OFFSET_COMMIT | G | A transaction that commits offsets is still open; the client asks again.
THROTTLING_QUOTA_EXCEEDED | C | The quota controller_mutation_rate is used up; clients ask again later: kt configs --describe --entity-type users
PRODUCER_FENCED | T | Another producer with the same transactional.id has taken over.
RESOURCE_NOT_FOUND | B | What was named does not exist: a user without credentials, for example.
DUPLICATE_RESOURCE | C | The request names the same thing twice.
UNACCEPTABLE_CREDENTIAL | C | A SCRAM credential needs a name, a password and at least 4096 iterations.
INCONSISTENT_VOTER_SET | R | Nodes disagree on who votes: controller.quorum.voters must be the same on all of them.
INVALID_UPDATE_VERSION | L | Another change of the ISR came first; the leader takes up the new state and tries again.
FEATURE_UPDATE_FAILED | C | Not every node supports that level: kt features describe
PRINCIPAL_DESERIALIZATION_FAILURE | C | principal.builder.class of broker and controller do not fit each other.
SNAPSHOT_NOT_FOUND | R | The snapshot has been replaced by a newer one; the node asks for that.
POSITION_OUT_OF_RANGE | R | The node asked beyond the end of a snapshot; it begins again.
UNKNOWN_TOPIC_ID | B | A topic was deleted, and perhaps made anew under its name; clients look it up again.
DUPLICATE_BROKER_REGISTRATION | Q | Another broker with this node.id is in service. After a crash: it goes on when broker.session.timeout.ms has passed.
BROKER_ID_NOT_REGISTERED | Q | There is no broker of this id: kt describe cluster
INCONSISTENT_TOPIC_ID | L | Broker and client mean different topics of the same name: it was deleted and made anew.
INCONSISTENT_CLUSTER_ID | R | The node's directory belongs to another cluster (meta.properties), or an address leads to the wrong one.
TRANSACTIONAL_ID_NOT_FOUND | T | Never used, or forgotten: kt transactions list
FETCH_SESSION_TOPIC_ID_ERROR | F | The session was begun with topic names and goes on with ids, or the other way round; the client begins a new one.
INELIGIBLE_REPLICA | Q | The controller does not let a fenced or stopping broker into the ISR.
NEW_LEADER_ELECTED | Q | The change of the ISR was made, and another leader with it; the broker follows now.
OFFSET_MOVED_TO_TIERED_STORAGE | F | The records are in tiered storage only; the follower builds its state from there.
FENCED_MEMBER_EPOCH | G | The member missed a change of its group; it gives its partitions up and joins again.
UNRELEASED_INSTANCE_ID | G | The member with this group.instance.id has not left yet; it works when its session ends.
UNSUPPORTED_ASSIGNOR | G | Brokers know the assignors of group.consumer.assignors: uniform and range unless they say otherwise.
STALE_MEMBER_EPOCH | G | The member has a new epoch meanwhile; it repeats its commit with that.
MISMATCHED_ENDPOINT_TYPE | B | A controller was asked like a broker, or a broker like a controller: --bootstrap-server or --bootstrap-controller.
UNSUPPORTED_ENDPOINT_TYPE | B | The node does not know that kind of address.
UNKNOWN_CONTROLLER_ID | C | There is no controller of this id: kt metadata-quorum describe --replication
UNKNOWN_SUBSCRIPTION_ID | B | What metrics are wanted has changed; the client asks for it anew.
TELEMETRY_TOO_LARGE | B | A client's metrics are more than telemetry.max.bytes.
INVALID_REGISTRATION | Q | The controller does not take this broker as it is: features or directories do not fit; its log says which.
TRANSACTION_ABORTABLE | L | This transaction cannot be committed any more: abort it, and do it again.
INVALID_RECORD_STATE | H | The records were given to somebody else meanwhile, mostly since their lock ran out (group.share.record.lock.duration.ms).
SHARE_SESSION_NOT_FOUND | H | The broker has forgotten the session; the member begins a new one.
INVALID_SHARE_SESSION_EPOCH | H | Member and broker count the fetches of their session differently; the member begins a new one.
FENCED_STATE_EPOCH | H | The state of the share group has moved on; the leader reads it anew.
INVALID_VOTER_KEY | R | The node or its directory is not the one that is a voter: kt metadata-quorum describe --replication
DUPLICATE_VOTER | R | It is a voter already: kt metadata-quorum describe --status
VOTER_NOT_FOUND | R | It is no voter: kt metadata-quorum describe --status
INVALID_REGULAR_EXPRESSION | G | Brokers read expressions of the new protocol as RE2 does: no look-ahead, no back references.
REBOOTSTRAP_REQUIRED | B | The client has known the cluster for too long; it begins again with bootstrap.servers.
STREAMS_INVALID_TOPOLOGY | G | The topology of the Streams application contradicts itself.
STREAMS_INVALID_TOPOLOGY_EPOCH | G | Members of the Streams group have different epochs of the topology.
STREAMS_TOPOLOGY_FENCED | G | Another version of the Streams application has taken the group over.
SHARE_SESSION_LIMIT_REACHED | H | The broker has group.share.max.share.sessions; try again later.
`

export interface ErrorAdvice {
  readonly sender: string
  readonly advice: string
}

/** What is known of each error, by name. */
export function errorAdvice(): ReadonlyMap<ErrorName, ErrorAdvice> {
  const rows = TABLE.trim()
    .split('\n')
    .map((line) => line.split(' | ') as [ErrorName, string, string])
  return new Map(rows.map(([name, sender, advice]) => [name, { sender: SENDERS[sender]!, advice }]))
}
