import { flag, integer, long, text } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'

export const MAIN_OPTIONS = {
  version: flag('Show the version of Kafka whose tool this mirrors.', { short: 'v' }),
  'command-config': CONNECTION_OPTIONS['command-config'],
  'bootstrap-server': CONNECTION_OPTIONS['bootstrap-server'],
}
export type MainGiven = Given<typeof MAIN_OPTIONS>

export const LIST_OPTIONS = {
  'duration-filter': long('ms', 'Only transactions open for longer than this; less than 0 is any.'),
  'transactional-id-pattern': text('regex', 'Only transactional ids that this regular expression matches.'),
}
export type ListGiven = Given<typeof LIST_OPTIONS>

export const DESCRIBE_OPTIONS = { 'transactional-id': text('id', 'The transactional id.', { required: true }) }
export type DescribeGiven = Given<typeof DESCRIBE_OPTIONS>

const TOPIC = text('topic', 'The topic.', { required: true })
const PARTITION = integer('number', 'The partition.', { required: true })

export const PRODUCERS_OPTIONS = {
  'broker-id': integer('id', 'Ask this broker about its replica, instead of the leader.'),
  topic: TOPIC,
  partition: PARTITION,
}
export type ProducersGiven = Given<typeof PRODUCERS_OPTIONS>

export const ABORT_OPTIONS = {
  topic: TOPIC,
  partition: PARTITION,
  'start-offset': long('offset', 'Where the transaction begins: all that brokers of 3.0 and above need.'),
  'producer-id': text('id', 'Brokers before 3.0: the producer.'),
  'producer-epoch': text('epoch', 'Brokers before 3.0: the epoch of the producer.'),
  'coordinator-epoch': integer('epoch', 'Brokers before 3.0: the epoch of the coordinator.'),
}
export type AbortGiven = Given<typeof ABORT_OPTIONS>

export const TERMINATE_OPTIONS = { transactionalId: text('id', 'The transactional id.', { required: true }) }
export type TerminateGiven = Given<typeof TERMINATE_OPTIONS>

export const HANGING_OPTIONS = {
  'broker-id': integer('id', 'Only partitions that this broker holds.'),
  'max-transaction-timeout': integer('minutes', 'Only transactions open for longer than this.', { default: '15' }),
  topic: text('topic', 'Only this topic.'),
  partition: integer('number', 'Only this partition of --topic.'),
}
export type HangingGiven = Given<typeof HANGING_OPTIONS>
