/**
 * Since which release the scripts have their options: read out of the programs' sources of every release from 0.8.0 to 4.3.
 * What could not be found there is left out, and so are options that several programs share without naming them (`--help`).
 */
const OPTIONS = `
acls 0.9.0.0: add remove list topic group cluster operation allow-principal deny-principal allow-host deny-host producer
   consumer 0.10.1.0: force 0.11.0.0: transactional-id idempotent 1.1: delegation-token 2.0: resource-pattern-type 2.1:
   bootstrap-server command-config principal 3.3: user-principal 4.0: bootstrap-controller
broker-api-versions 0.10.2.0: bootstrap-server command-config
client-metrics 3.7: bootstrap-server command-config alter delete describe list name generate-name interval match metrics
cluster 2.8: bootstrap-server config id 3.7: bootstrap-controller 4.0: include-fenced-brokers 4.2: command-config
configs 0.9.0.0: describe alter entity-type entity-name add-config delete-config 0.10.1.0: entity-default 1.1:
   bootstrap-server command-config 2.5: all topic client client-defaults user user-defaults broker broker-defaults
   broker-logger 2.6: add-config-file 2.8: ip ip-defaults 3.7: bootstrap-controller 4.0: group client-metrics
console-consumer 0.8.0: topic from-beginning group max-messages formatter skip-message-on-error property 0.8.2.0:
   consumer.config 0.9.0.0: bootstrap-server timeout-ms key-deserializer value-deserializer 0.10.0.0: enable-systest-events
   0.10.1.0: partition offset consumer-property 0.11.0.0: isolation-level 3.0: include 3.4: formatter-config 4.2:
   command-config formatter-property command-property
console-producer 0.8.0: topic sync batch-size timeout request-required-acks request-timeout-ms message-send-max-retries
   retry-backoff-ms socket-buffer-size line-reader property 0.8.2.0: compression-codec max-memory-bytes metadata-expiry-ms
   max-partition-memory-bytes 0.9.0.0: max-block-ms producer-property producer.config 2.5: bootstrap-server 3.4:
   reader-config 4.2: command-config reader-property command-property
console-share-consumer 4.0: topic bootstrap-server group max-messages timeout-ms reject release reject-message-on-error
   formatter formatter-config key-deserializer value-deserializer property consumer-property consumer-config 4.1:
   enable-systest-events 4.2: command-config formatter-property command-property
consumer-groups 0.9.0.0: bootstrap-server command-config list describe delete group topic 0.11.0.0: reset-offsets all-topics
   timeout execute export to-offset from-file to-datetime by-duration to-earliest to-latest to-current shift-by 1.1: members
   offsets state verbose dry-run 2.3: all-groups 2.4: delete-offsets 3.8: type 4.0: validate-regex
consumer-perf-test 0.8.0: topic socket-buffer-size reporting-interval show-detailed-stats date-format hide-header messages
   group fetch-size from-latest 0.9.0.0: consumer.config 0.11.0.0: print-metrics 2.0: timeout 2.5: bootstrap-server 4.2:
   command-config num-records command-property include
delegation-tokens 1.1: bootstrap-server command-config create renew expire describe owner-principal renewer-principal
   max-life-time-period renew-time-period expiry-time-period hmac
delete-records 0.11.0.0: bootstrap-server command-config offset-json-file
dump-log 0.8.0: files print-data-log deep-iteration verify-index-only max-message-size 0.8.2.0: value-decoder-class
   key-decoder-class 0.10.0.0: index-sanity-check offsets-decoder 0.11.0.0: transaction-log-decoder 1.0: 2.8:
   skip-record-metadata cluster-metadata-decoder 3.3: max-bytes 3.9: remote-log-metadata-decoder 4.0:
   share-group-state-decoder
e2e-latency 4.2: bootstrap-server command-config topic num-records producer-acks record-size record-key-size num-headers
   record-header-key-size record-header-size
features 2.7: bootstrap-server command-config dry-run 3.3: metadata feature unsafe 3.7: bootstrap-controller 4.0:
   release-version 4.2: node-id
get-offsets 0.8.0: topic partitions time 3.0: topic-partitions exclude-internal-topics bootstrap-server command-config
groups 4.0: bootstrap-server command-config list group-type protocol consumer share 4.1: streams
leader-election 2.4: election-type topic partition all-topic-partitions path-to-json-file bootstrap-server admin.config 4.2:
   command-config
log-dirs 1.0: describe topic-list broker-list bootstrap-server 2.1: command-config
metadata-quorum 3.3: bootstrap-server command-config status replication 3.6: human-readable 3.7: bootstrap-controller 3.9:
   dry-run controller-id controller-directory-id
metadata-shell 2.8: snapshot
producer-perf-test 0.9.0.0: topic num-records record-size throughput producer-props producer.config 0.10.2.0: payload-file
   payload-delimiter 0.11.0.0: print-metrics transactional-id transaction-duration-ms 3.9: payload-monotonic 4.2:
   bootstrap-server command-property command-config warmup-records reporting-interval
reassign-partitions 0.8.0: execute topics-to-move-json-file broker-list 0.8.1: generate verify reassignment-json-file
   0.10.0.0: disable-rack-aware 0.10.1.0: throttle 1.0: timeout bootstrap-server 1.1: replica-alter-log-dirs-throttle 2.1:
   command-config 2.6: cancel list additional preserve-throttles 4.0: bootstrap-controller 4.1:
   disallow-replication-factor-change
replica-verification 0.8.1: broker-list fetch-size max-wait-ms time report-interval-ms 2.3: 3.0: topics-include
share-consumer-perf-test 4.1: bootstrap-server topic socket-buffer-size timeout reporting-interval show-detailed-stats
   date-format hide-header print-metrics messages consumer.config group fetch-size threads show-consumer-stats 4.2:
   command-config num-records command-property
share-groups 4.0: bootstrap-server command-config list describe delete reset-offsets delete-offsets group topic all-topics
   members offsets state timeout dry-run execute to-datetime to-earliest to-latest 4.1: all-groups verbose
storage 2.8: config cluster-id ignore-formatted 3.3: release-version 3.5: add-scram 3.8: feature 3.9: standalone
   no-initial-controllers initial-controllers
streams-application-reset 0.10.1.0: application-id input-topics intermediate-topics 0.11.0.0: dry-run 1.0: config-file 1.1:
   to-offset to-datetime by-duration to-earliest to-latest from-file shift-by 2.2: 2.3: 2.6: force 3.0: internal-topics 3.4:
   bootstrap-server 4.2: command-config
streams-groups 4.1: bootstrap-server command-config list describe delete delete-offsets group all-groups input-topic
   all-input-topics members offsets state verbose timeout 4.2: reset-offsets dry-run execute export to-offset from-file
   to-datetime by-duration to-earliest to-latest to-current shift-by delete-internal-topic delete-all-internal-topics
topics 0.8.1: list describe create alter delete topic partitions replication-factor replica-assignment config
   under-replicated-partitions unavailable-partitions topics-with-overrides 0.8.2.0: delete-config 0.10.0.0: if-exists
   if-not-exists 2.1: exclude-internal 2.2: bootstrap-server command-config 2.3: under-min-isr-partitions
   at-min-isr-partitions 3.1: topic-id 3.8: partition-size-limit-per-response
transactions 3.0: command-config bootstrap-server transactional-id broker-id topic partition start-offset producer-id
   producer-epoch coordinator-epoch max-transaction-timeout 3.8: duration-filter 4.1: transactional-id-pattern
   transactionalId
verifiable-consumer 0.9.0.0: topic group-id max-messages session-timeout verbose enable-autocommit reset-policy
   consumer.config 0.10.0.0: assignment-strategy 2.3: group-instance-id 2.5: bootstrap-server 3.8: group-protocol
   group-remote-assignor 4.2: command-config
verifiable-producer 0.9.0.0: topic max-messages throughput acks producer.config 0.10.0.0: value-prefix 1.0:
   message-create-time 2.0: repeating-keys 2.5: bootstrap-server 4.2: command-config
verifiable-share-consumer 4.1: bootstrap-server topic group-id max-messages verbose acknowledgement-mode
   offset-reset-strategy command-config
server-start 0.9.0.0: override 2.3:
`

/** Two numbers and a dot between them at least, and a colon. */
const RELEASE = /^(\d[\d.]*):$/

const known = new Map<string, string>()

/** The release in which the command's script has the option first, `0.10.1.0` or `4.2`; null where it is not known. */
export function optionSince(command: string, option: string): string | null {
  if (known.size === 0) read()
  const [name = ''] = command.split(' ')
  return known.get(`${name} ${option}`) ?? null
}

function read(): void {
  let [command, release] = ['', '']
  for (const line of OPTIONS.trim().split('\n')) {
    const words = line.trim().split(' ')
    if (!line.startsWith(' ')) command = words.shift()!
    for (const word of words) {
      const found = RELEASE.exec(word)
      if (found === null) known.set(`${command} ${word}`, release)
      else release = found[1]!
    }
  }
}
