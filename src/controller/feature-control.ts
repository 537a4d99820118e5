/**
 * Features (KIP-584): what a new active controller writes first, and UpdateFeatures (KIP-1022).
 *
 * Not implemented: downgrades that lose metadata, and raising kraft.version.
 */
import { SUPPORTED_FEATURES } from '../metadata/features.ts'
import { CONFIG_RESOURCE, type MetadataImage } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { UpdateFeaturesRequest, UpdateFeaturesResponseInput } from '../protocol/messages/57-update-features.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import type { ControllerResult } from './types.ts'
import { type ControllerView, failureOf } from './view.ts'

const METADATA_VERSION = 'metadata.version'
const ELR_VERSION = 'eligible.leader.replicas.version'
const UPGRADE = 1
/** Last request version with a result for each feature. */
const LAST_VERSION_WITH_RESULTS = 1

/**
 * Records of a controller that has just become active: the bootstrap records when the log has none yet, in one metadata
 * transaction (KIP-868), and the end of whatever transaction a predecessor left open.
 */
export function activationRecords(
  image: MetadataImage,
  openTransaction: boolean,
  bootstrap: readonly MetadataRecordInput[],
  minInsyncReplicas: number,
): MetadataRecordInput[] {
  const abort: MetadataRecordInput[] = openTransaction
    ? [{ record: 'abortTransactionRecord', body: { reason: 'Controller failover' } }]
    : []
  if (image.features.has(METADATA_VERSION)) return abort
  const withElr = bootstrap.some(
    ({ record, body }) => record === 'featureLevelRecord' && body.name === ELR_VERSION && (body.featureLevel ?? 0) > 0,
  )
  return [
    ...abort,
    { record: 'beginTransactionRecord', body: { name: 'Bootstrap records' } },
    ...bootstrap,
    // With ELR the minimum of in-sync replicas must be the same for the whole cluster (KIP-966).
    ...(withElr ? [clusterMinIsr(minInsyncReplicas)] : []),
    { record: 'endTransactionRecord', body: {} },
  ]
}

function clusterMinIsr(minInsyncReplicas: number): MetadataRecordInput {
  const resource = { resourceType: CONFIG_RESOURCE.BROKER, resourceName: '' }
  return {
    record: 'configRecord',
    body: { ...resource, name: 'min.insync.replicas', value: String(minInsyncReplicas) },
  }
}

type Update = UpdateFeaturesRequest['featureUpdates'][number]

function checkUpdate(view: ControllerView, { feature, maxVersionLevel, upgradeType, allowDowngrade }: Update): void {
  const refuse = (why: string): KafkaError =>
    new KafkaError('INVALID_UPDATE_VERSION', `Invalid update version ${maxVersionLevel} for feature ${feature}. ${why}`)
  const supported = SUPPORTED_FEATURES.get(feature) ?? null
  const node = `Local controller ${view.config.nodeId}`
  if (supported === null) throw refuse(`${node} does not support this feature.`)
  if (maxVersionLevel < 0) throw refuse('A negative upgrade level is not allowed.')
  if (maxVersionLevel !== 0 && (maxVersionLevel < supported.min || maxVersionLevel > supported.max)) {
    throw refuse(`${node} only supports versions ${supported.min}-${supported.max}`)
  }
  for (const broker of view.image.brokers.values()) {
    const range = broker.features.get(feature)
    if (range === undefined || maxVersionLevel === 0 || maxVersionLevel <= range.max) continue
    throw refuse(`Broker ${broker.id} only supports versions ${range.min}-${range.max}`)
  }
  const current = view.image.features.get(feature) ?? 0
  if (maxVersionLevel < current && upgradeType === UPGRADE && !allowDowngrade) {
    throw refuse(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    )
  }
  if (maxVersionLevel < current && feature === METADATA_VERSION)
    throw refuse('Downgrading the metadata version is not supported here.')
  if (feature === 'kraft.version' && maxVersionLevel !== view.kraftVersion)
    throw refuse('Changing it is not supported here.')
}

/** Nothing changes unless every update may be made. */
export function updateFeatures(
  view: ControllerView,
  version: number,
  request: UpdateFeaturesRequest,
): ControllerResult<UpdateFeaturesResponseInput> {
  const records: MetadataRecordInput[] = []
  for (const update of request.featureUpdates) {
    try {
      checkUpdate(view, update)
    } catch (error) {
      return { records: [], response: { ...failureOf(error), results: [] } }
    }
    const { feature, maxVersionLevel } = update
    if ((view.image.features.get(feature) ?? 0) === maxVersionLevel || feature === 'kraft.version') continue
    records.push({ record: 'featureLevelRecord', body: { name: feature, featureLevel: maxVersionLevel } })
  }
  const results =
    version > LAST_VERSION_WITH_RESULTS
      ? []
      : request.featureUpdates.map(({ feature }) => ({ feature, errorCode: 0, errorMessage: null }))
  const response = { errorCode: 0, errorMessage: null, results }
  return { records: request.validateOnly ? [] : records, response, atomic: true }
}
