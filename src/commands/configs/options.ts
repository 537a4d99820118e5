import type { CommandContext } from '../../cli/context.ts'
import { addedByKt, flag, text } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given, type Presentation } from '../../cli/script-command.ts'
import type { Admin } from '../../client/admin-types.ts'

export const configsOptions = {
  describe: flag('Show the configurations that were set; with --all, every one.'),
  alter: flag('Change configurations.'),
  all: flag('With --describe: defaults and what stands in the broker properties too.'),
  'entity-type': text('type', 'topics, clients, users, brokers, broker-loggers, ips, client-metrics or groups.'),
  'entity-name': text('name', 'Name of the topic, client id, user, broker id, address, subscription or group.'),
  'entity-default': flag('The default of all clients, users, brokers or ips.'),
  'add-config': text('key=value,...', 'Configurations to set; [a,b] keeps a value with commas together.'),
  'add-config-file': text('file', 'Java properties file with configurations to set.'),
  'delete-config': text('key,...', 'Configurations to remove.', { separator: ',' }),
  topic: text('topic', 'The topic.'),
  client: text('client-id', 'The client id.'),
  'client-defaults': flag('The default of all clients.'),
  user: text('user', 'The user.'),
  'user-defaults': flag('The default of all users.'),
  broker: text('broker-id', 'The broker.'),
  'broker-defaults': flag('The default of all brokers.'),
  'broker-logger': text('broker-id', 'The loggers of this broker.'),
  ip: text('address', 'The IP address.'),
  'ip-defaults': flag('The default of all addresses.'),
  group: text('group', 'The group.'),
  'client-metrics': text('name', 'The client metrics subscription.'),
  'bootstrap-controller': text('host:port', 'Controllers to connect to instead of brokers, separated by commas.'),
  ...CONNECTION_OPTIONS,
  ...addedByKt({
    diff: text('name', 'With --describe: what differs between the entity and this one of the same type.'),
    'diff-defaults': flag("With --describe: what differs from Kafka's defaults."),
    docs: flag('With --describe: type and meaning of each configuration.'),
    'dry-run': flag('With --alter: what would change; the cluster checks it.'),
  }),
}

export type ConfigsGiven = Given<typeof configsOptions>

/** What `--describe` and `--alter` work with. */
export interface ConfigsRun {
  readonly given: ConfigsGiven
  readonly admin: Admin
  readonly context: CommandContext
  readonly presentation: Presentation
}
