/** Everything about configuration that other floors use. */

export { BROKER_CONFIGS, brokerConfigSynonyms, brokerDefinition, isDynamicBrokerConfig } from './broker-configs.ts'
export { validateBrokerConfig } from './broker-validation.ts'
export { type ConfigDefinition, type DefinitionTable, parseDefinedValue } from './definition.ts'
export {
  CONFIG_SOURCE,
  type ConfigSynonym,
  type DescribedConfig,
  describeBrokerConfig,
  describeBrokerDefaults,
  describeGroupConfig,
  describeTopicConfig,
} from './describe.ts'
export { effectiveGroupConfig, GROUP_CONFIGS, validateGroupConfig } from './group-config.ts'
export { type ListenerEndpoint, parseListeners, securityProtocols } from './listener-list.ts'
export { checkNodeConfig } from './node-checks.ts'
export { type ConfigListener, NodeConfig, type Properties } from './node-config.ts'
export {
  effectiveTopicConfig,
  TOPIC_CONFIGS,
  type TopicConfig,
  toLogConfig,
  validateTopicConfig,
} from './topic-config.ts'
export { type ConfigType, type ConfigValue, configText } from './values.ts'
