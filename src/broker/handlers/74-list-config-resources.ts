/**
 * API key 74, ListConfigResources, versions 0-1 (KIP-1142). Version 0 lists client metrics only.
 */
import { CONFIG_RESOURCE } from '../../metadata/types.ts'
import { ErrorCode } from '../../protocol/error-codes.ts'
import { listConfigResources } from '../../protocol/messages/74-list-config-resources.ts'
import type { BrokerServices } from '../broker-services.ts'
import { defineHandler, type Handler } from '../handler.ts'

const { TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP } = CONFIG_RESOURCE

/** Types in the order Kafka lists them. */
const LISTED = [GROUP, CLIENT_METRICS, BROKER_LOGGER, BROKER, TOPIC]

function namesOf(broker: BrokerServices, type: number): Iterable<string> {
  const { image } = broker.metadata
  if (type === TOPIC) return image.topicsByName.keys()
  if (type === BROKER || type === BROKER_LOGGER) return [...image.brokers.keys()].map(String)
  const prefix = `${type}:`
  return [...image.configs.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
}

export function listConfigResourcesHandler(broker: BrokerServices): Handler<typeof listConfigResources> {
  return defineHandler(listConfigResources, { min: 0, max: 1 }, (request, context) => {
    const supported: readonly number[] = context.apiVersion === 0 ? [CLIENT_METRICS] : LISTED
    const types = request.resourceTypes.length > 0 ? request.resourceTypes : supported
    if (types.some((type) => !supported.includes(type))) {
      return { response: { errorCode: ErrorCode.UNSUPPORTED_VERSION } }
    }
    const configResources = supported
      .filter((type) => types.includes(type))
      .flatMap((resourceType) =>
        Array.from(namesOf(broker, resourceType), (resourceName) => ({ resourceName, resourceType })),
      )
    return { response: { errorCode: ErrorCode.NONE, configResources } }
  })
}
