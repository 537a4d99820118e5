/**
 * API key 32, DescribeConfigs, versions 1-4. Served by brokers and controllers (KIP-919).
 *
 * Behaviour:
 * - Topics, brokers ('' stands for the cluster's defaults), groups, broker loggers (there is one: `root`), client metrics.
 * - Each resource has its own error; names that are not there are left out of the list.
 *
 * Version notes:
 * - v1: source and synonyms (KIP-226). v3: type and documentation (KIP-569).
 */
import type { Logger } from '../../base/logger.ts'
import { describeClientMetricsConfig } from '../../controller/client-metrics-config.ts'
import { CONFIG_SOURCE } from '../../metadata/config/describe.ts'
import {
  type DescribedConfig,
  describeBrokerConfig,
  describeBrokerDefaults,
  describeGroupConfig,
  describeTopicConfig,
  type NodeConfig,
} from '../../metadata/config/index.ts'
import { configOf } from '../../metadata/image.ts'
import { CONFIG_RESOURCE, type MetadataImage } from '../../metadata/types.ts'
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import {
  type DescribeConfigsRequest,
  type DescribeConfigsResponseInput,
  describeConfigs,
} from '../../protocol/messages/32-describe-configs.ts'
import { defineHandler, type Handler } from '../handler.ts'
import { isValidTopicName } from '../topic-names.ts'

type Resource = DescribeConfigsRequest['resources'][number]
type Result = NonNullable<DescribeConfigsResponseInput['results']>[number]
type Entry = NonNullable<Result['configs']>[number]

const ROOT_LOGGER: DescribedConfig = {
  name: 'root',
  value: 'INFO',
  readOnly: false,
  configSource: CONFIG_SOURCE.DYNAMIC_BROKER_LOGGER_CONFIG,
  isSensitive: false,
  synonyms: [],
  configType: 0,
  documentation: null,
}

function brokerIdOf(name: string): number {
  if (/^[+-]?\d+$/.test(name)) return Number(name)
  throw new KafkaError('INVALID_REQUEST', `Broker id must be an integer, but it is: ${name}`)
}

/** The node that is asked: its own configuration, and what the metadata says of all else. */
export interface ConfigSubject {
  readonly nodeId: number
  readonly nodeConfig: NodeConfig
  readonly image: () => MetadataImage
  readonly logger: Logger
}

class DescribeConfigsOperation {
  private readonly node: ConfigSubject
  private readonly request: DescribeConfigsRequest

  constructor(node: ConfigSubject, request: DescribeConfigsRequest) {
    this.node = node
    this.request = request
  }

  run(): DescribeConfigsResponseInput {
    return { results: this.request.resources.map((resource) => this.resource(resource)) }
  }

  private resource(resource: Resource): Result {
    const { resourceType, resourceName } = resource
    try {
      const configs = this.configs(resource).map((config) => this.entry(config))
      return { errorCode: ErrorCode.NONE, errorMessage: null, resourceType, resourceName, configs }
    } catch (error) {
      if (!(error instanceof KafkaError)) this.node.logger.error('describing configs failed', error)
      const errorCode = error instanceof KafkaError ? error.code : ErrorCode.UNKNOWN_SERVER_ERROR
      // Kafka sends no text with an unknown topic: clients print their own.
      const silent = errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
      const errorMessage = error instanceof KafkaError && !silent ? error.message : null
      return { errorCode, errorMessage, resourceType, resourceName }
    }
  }

  private configs(resource: Resource): readonly DescribedConfig[] {
    const { resourceType, resourceName, configurationKeys } = resource
    switch (resourceType) {
      case CONFIG_RESOURCE.TOPIC:
        return this.topic(resourceName, configurationKeys)
      case CONFIG_RESOURCE.BROKER:
        return this.brokerConfigs(resourceName, configurationKeys)
      case CONFIG_RESOURCE.BROKER_LOGGER:
        return this.loggers(resourceName)
      case CONFIG_RESOURCE.GROUP:
        return this.group(resourceName, configurationKeys)
      case CONFIG_RESOURCE.CLIENT_METRICS:
        return this.clientMetrics(resourceName, configurationKeys)
      default:
        throw new KafkaError('INVALID_REQUEST', `Unexpected resource type ${resourceType} for resource ${resourceName}`)
    }
  }

  private topic(name: string, keys: readonly string[] | null): DescribedConfig[] {
    if (!isValidTopicName(name)) throw new KafkaError('INVALID_TOPIC_EXCEPTION')
    if (!this.node.image().topicsByName.has(name)) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION')
    return describeTopicConfig(this.node.nodeConfig, this.overrides(CONFIG_RESOURCE.TOPIC, name), keys)
  }

  private brokerConfigs(name: string, keys: readonly string[] | null): DescribedConfig[] {
    const { nodeConfig, nodeId } = this.node
    if (name === '') return describeBrokerDefaults(nodeConfig, keys)
    if (brokerIdOf(name) === nodeId) return describeBrokerConfig(nodeConfig, keys)
    throw new KafkaError(
      'INVALID_REQUEST',
      `Unexpected broker id, expected ${nodeId} or empty string, but received ${name}`,
    )
  }

  private loggers(name: string): DescribedConfig[] {
    if (name === '') throw new KafkaError('INVALID_REQUEST', 'Broker id must not be empty')
    if (brokerIdOf(name) === this.node.nodeId) return [ROOT_LOGGER]
    throw new KafkaError('INVALID_REQUEST', `Unexpected broker id, expected ${this.node.nodeId} but received ${name}`)
  }

  private group(name: string, keys: readonly string[] | null): DescribedConfig[] {
    if (name === '') throw new KafkaError('INVALID_REQUEST', 'Group name must not be empty')
    return describeGroupConfig(this.node.nodeConfig, this.overrides(CONFIG_RESOURCE.GROUP, name), keys)
  }

  private clientMetrics(name: string, keys: readonly string[] | null): DescribedConfig[] {
    if (name === '') throw new KafkaError('INVALID_REQUEST', 'Client metrics subscription name must not be empty')
    return describeClientMetricsConfig(this.overrides(CONFIG_RESOURCE.CLIENT_METRICS, name), keys)
  }

  private overrides(type: number, name: string): ReadonlyMap<string, string> {
    return configOf(this.node.image(), { type, name })
  }

  private entry(config: DescribedConfig): Entry {
    const { includeSynonyms, includeDocumentation } = this.request
    return {
      ...config,
      synonyms: includeSynonyms ? config.synonyms : [],
      documentation: includeDocumentation ? config.documentation : null,
    }
  }
}

export function describeConfigsHandler(node: ConfigSubject): Handler<typeof describeConfigs> {
  return defineHandler(
    describeConfigs,
    { min: 1, max: 4 },
    (request) => ({ response: new DescribeConfigsOperation(node, request).run() }),
    (errorCode, errorMessage, request) => ({
      results: request.resources.map(({ resourceType, resourceName }) => ({
        errorCode,
        errorMessage,
        resourceType,
        resourceName,
      })),
    }),
  )
}
