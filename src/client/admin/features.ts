/** Feature levels: what nodes support, what the cluster has agreed on (KIP-584), and changing it. */
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { UpdateFeaturesResponse } from '../../protocol/messages/57-update-features.ts'
import type { FeatureDescription, FeatureUpdate, FeatureUpgradeType, MutationOptions, Outcome } from '../admin-types.ts'
import { ANY, type ClusterClient, CONTROLLER, toBroker } from '../cluster-client.ts'
import { CLIENT_SOFTWARE } from '../handshake.ts'
import { outcomeOf } from './outcome.ts'

/** What ApiVersions says about features; of `nodeId`, or of whichever node answers. */
export function describeFeatures(
  client: ClusterClient,
  options: { nodeId?: number } = {},
): Promise<FeatureDescription> {
  const route = options.nodeId === undefined ? ANY : toBroker(options.nodeId)
  return client.retrying('DescribeFeatures', async () => {
    const { apiVersions: api } = await import('../../protocol/messages/18-api-versions.ts')
    // The newest version: before it features that may be absent (level 0) were left out.
    const answer = await client.send(route, api, (version) => (version >= 3 ? CLIENT_SOFTWARE : {}))
    if (answer.errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(answer.errorCode))
    return {
      supported: new Map(
        answer.supportedFeatures.map(({ name, minVersion, maxVersion }) => [
          name,
          { min: minVersion, max: maxVersion },
        ]),
      ),
      finalized: new Map(
        answer.finalizedFeatures.map(({ name, minVersionLevel, maxVersionLevel }) => [
          name,
          { min: minVersionLevel, max: maxVersionLevel },
        ]),
      ),
      epoch: answer.finalizedFeaturesEpoch < 0n ? null : Number(answer.finalizedFeaturesEpoch),
    }
  })
}

const UPGRADE_TYPES: Readonly<Record<FeatureUpgradeType, number>> = {
  UPGRADE: 1,
  SAFE_DOWNGRADE: 2,
  UNSAFE_DOWNGRADE: 3,
}

/** One outcome per feature; the controllers change all of them or none. */
export function updateFeatures(
  client: ClusterClient,
  updates: readonly FeatureUpdate[],
  options: MutationOptions = {},
): Promise<Map<string, Outcome<void>>> {
  return client.retrying('UpdateFeatures', async () => {
    const { updateFeatures: api } = await import('../../protocol/messages/57-update-features.ts')
    const answer = await client.send(CONTROLLER, api, (version) => ({
      timeoutMs: options.timeoutMs ?? client.options.requestTimeoutMs,
      featureUpdates: updates.map(({ feature, level, upgradeType }) => ({
        feature,
        maxVersionLevel: level,
        ...(version === 0
          ? { allowDowngrade: upgradeType !== 'UPGRADE' }
          : { upgradeType: UPGRADE_TYPES[upgradeType] }),
      })),
      ...(version === 0 ? {} : { validateOnly: options.validateOnly === true }),
    }))
    if (answer.errorCode === ErrorCode.NOT_CONTROLLER) throw new KafkaError('NOT_CONTROLLER')
    return new Map(updates.map(({ feature }) => [feature, outcomeFor(feature, answer)]))
  })
}

/** Up to version 1 each feature has its own code, from 2 on there is one for all (KIP-1022). */
function outcomeFor(feature: string, answer: UpdateFeaturesResponse): Outcome<void> {
  const own = answer.errorCode === ErrorCode.NONE ? answer.results.find((each) => each.feature === feature) : undefined
  const { errorCode, errorMessage } = own ?? answer
  return outcomeOf(errorCode, errorMessage, () => undefined)
}
