/** Features (KIP-584): what a new active controller writes first, and UpdateFeatures (KIP-1022). */

import { SUPPORTED_FEATURES } from '../metadata/features.ts'
import { configOf } from '../metadata/image.ts'
import { CONFIG_RESOURCE, type MetadataImage } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { UpdateFeaturesRequest, UpdateFeaturesResponseInput } from '../protocol/messages/57-update-features.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import type { ControllerResult } from './types.ts'
import { type ControllerView, failureOf } from './view.ts'

const METADATA_VERSION = 'metadata.version'
const ELR_VERSION = 'eligible.leader.replicas.version'
const KRAFT_VERSION = 'kraft.version'
const MIN_ISR = 'min.insync.replicas'
const UPGRADE_TYPE = { UPGRADE: 1, SAFE_DOWNGRADE: 2, UNSAFE_DOWNGRADE: 3 } as const
/** A node that does not name a feature supports its absence. */
const DISABLED: Range = { min: 0, max: 0 }
/** Levels of metadata.version that brought new records or fields. */
const LEVELS_WITH_NEW_METADATA = [7, 8, 11, 13, 14, 15, 17, 23, 30]
/** 4.0-IV1, which the records of eligible leader replicas need. */
const ELR_METADATA_VERSION = 23
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
    body: { ...resource, name: MIN_ISR, value: String(minInsyncReplicas) },
  }
}

type Update = UpdateFeaturesRequest['featureUpdates'][number]
type Range = { readonly min: number; readonly max: number }

/** What applies the level of a feature that is not in the image; throws `KafkaError`. */
export type UpgradeKraftVersion = (level: number, validateOnly: boolean) => void

function refuse({ feature, maxVersionLevel }: Update, why: string): never {
  const message = `Invalid update version ${maxVersionLevel} for feature ${feature}. ${why}`
  throw new KafkaError('INVALID_UPDATE_VERSION', message)
}

/** Why a node that supports `range` of a feature refuses this level; null when it does not. */
function unsupported(node: string, range: Range | undefined, level: number): string | null {
  const { min, max } = range ?? DISABLED
  if (level >= min && level <= max) return null
  if (max === 0) return `${node} does not support this feature.`
  return `${node} only supports versions ${min === max ? min : `${min}-${max}`}`
}

/** Every broker and every controller must support the level, and every voter must have told what it supports. */
function reasonNotSupported(view: ControllerView, feature: string, level: number): string | null {
  const { image, voterIds } = view
  const { nodeId } = view.config
  const nodes: [string, Range | undefined][] = [[`Local controller ${nodeId}`, SUPPORTED_FEATURES.get(feature)]]
  for (const { id, features } of image.brokers.values()) nodes.push([`Broker ${id}`, features.get(feature)])
  for (const { id, features } of image.controllers.values()) {
    if (id !== nodeId) nodes.push([`Controller ${id}`, features.get(feature)])
  }
  for (const [node, range] of nodes) {
    const reason = unsupported(node, range, level)
    if (reason !== null) return reason
  }
  const silent = voterIds.find((id) => id !== nodeId && !image.controllers.has(id))
  return silent === undefined ? null : `controller ${silent} has not registered, and may not support this feature`
}

function currentLevel(view: ControllerView, feature: string): number {
  return feature === KRAFT_VERSION ? view.kraftVersion : (view.image.features.get(feature) ?? 0)
}

/** A request of version 0 says it in its own way (KIP-584). */
const upgradeTypeOf = ({ upgradeType, allowDowngrade }: Update): number =>
  allowDowngrade ? UPGRADE_TYPE.SAFE_DOWNGRADE : upgradeType

function checkUpdate(view: ControllerView, update: Update): void {
  const { feature, maxVersionLevel: level } = update
  const type = upgradeTypeOf(update)
  if (!Object.values<number>(UPGRADE_TYPE).includes(type)) {
    refuse(update, 'The controller does not support the given upgrade type.')
  }
  if (level < 0) refuse(update, 'A feature version cannot be less than 0.')
  const reason = reasonNotSupported(view, feature, level)
  if (reason !== null) refuse(update, reason)
  const current = currentLevel(view, feature)
  if (level < current && type === UPGRADE_TYPE.UPGRADE) {
    refuse(
      update,
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    )
  }
  if (level > current && type !== UPGRADE_TYPE.UPGRADE) refuse(update, "Can't downgrade to a newer version.")
}

/** Downgrades are only possible where the records of the levels between are the same. */
function checkMetadataVersion(view: ControllerView, update: Update): void {
  const current = currentLevel(view, METADATA_VERSION)
  const { maxVersionLevel: level } = update
  if (!LEVELS_WITH_NEW_METADATA.some((changed) => changed > level && changed <= current)) return
  const why =
    upgradeTypeOf(update) === UPGRADE_TYPE.UNSAFE_DOWNGRADE
      ? 'Unsafe metadata downgrade is not supported in this version.'
      : 'Refusing to perform the requested downgrade because it might delete metadata information.'
  const message = `Unsupported metadata.version downgrade from ${current} to ${level}. ${why}`
  throw new KafkaError('INVALID_UPDATE_VERSION', message)
}

/** ELR is the only feature that builds on a level of another. */
function checkDependencies(proposed: ReadonlyMap<string, number>, update: Update): void {
  const { feature, maxVersionLevel: level } = update
  if (feature !== ELR_VERSION || level === 0 || (proposed.get(METADATA_VERSION) ?? 0) >= ELR_METADATA_VERSION) return
  refuse(
    update,
    `${feature} could not be set to ${level} because it depends on ${METADATA_VERSION} level ${ELR_METADATA_VERSION}`,
  )
}

function updateOne(
  view: ControllerView,
  update: Update,
  proposed: ReadonlyMap<string, number>,
  checkKraftVersion: (level: number) => void,
): MetadataRecordInput[] {
  const { feature, maxVersionLevel: level } = update
  checkUpdate(view, update)
  if (feature === KRAFT_VERSION) {
    if (upgradeTypeOf(update) === UPGRADE_TYPE.UPGRADE) {
      checkKraftVersion(level)
      // The quorum writes the level itself; this is for the answer to wait for.
      return [{ record: 'noOpRecord', body: {} }]
    }
    if (level !== view.kraftVersion) refuse(update, "Can't downgrade the version of this feature.")
    return []
  }
  if (feature === METADATA_VERSION) checkMetadataVersion(view, update)
  else checkDependencies(proposed, update)
  return [{ record: 'featureLevelRecord', body: { name: feature, featureLevel: level } }]
}

/** With ELR the minimum of in-sync replicas must be the same for the whole cluster (KIP-966). */
function elrSafetyRecords(view: ControllerView): MetadataRecordInput[] {
  const { image, config } = view
  const setAt = (name: string): boolean => configOf(image, { type: CONFIG_RESOURCE.BROKER, name }).has(MIN_ISR)
  const records = setAt('') ? [] : [clusterMinIsr(config.getInt(MIN_ISR))]
  for (const key of image.configs.keys()) {
    const [type, name = ''] = key.split(':')
    if (Number(type) !== CONFIG_RESOURCE.BROKER || name === '' || !setAt(name)) continue
    const resource = { resourceType: CONFIG_RESOURCE.BROKER, resourceName: name }
    records.push({ record: 'configRecord', body: { ...resource, name: MIN_ISR, value: null } })
  }
  return records
}

/** Nothing changes unless every update may be made. */
export function updateFeatures(
  view: ControllerView,
  version: number,
  request: UpdateFeaturesRequest,
  upgradeKraftVersion: UpgradeKraftVersion,
): ControllerResult<UpdateFeaturesResponseInput> {
  const { featureUpdates, validateOnly } = request
  const proposed = new Map(view.image.features)
  for (const { feature, maxVersionLevel } of featureUpdates) proposed.set(feature, maxVersionLevel)
  const records: MetadataRecordInput[] = []
  if (featureUpdates.some((u) => u.feature === ELR_VERSION && u.maxVersionLevel > 0)) {
    records.push(...elrSafetyRecords(view))
  }
  for (const update of featureUpdates) {
    try {
      records.push(...updateOne(view, update, proposed, (level) => upgradeKraftVersion(level, true)))
    } catch (error) {
      return { records: [], response: refusedAll(error) }
    }
  }
  if (!validateOnly) raiseKraftVersion(featureUpdates, upgradeKraftVersion)
  const results =
    version > LAST_VERSION_WITH_RESULTS
      ? []
      : featureUpdates.map(({ feature }) => ({ feature, errorCode: 0, errorMessage: null }))
  const response = { errorCode: 0, errorMessage: null, results }
  return { records: validateOnly ? [] : records, response, atomic: true }
}

/** The quorum writes it at once, so it is raised last: Kafka raises it even if the next update is refused. */
function raiseKraftVersion(updates: readonly Update[], upgradeKraftVersion: UpgradeKraftVersion): void {
  const update = updates.find(({ feature }) => feature === KRAFT_VERSION)
  if (update === undefined || upgradeTypeOf(update) !== UPGRADE_TYPE.UPGRADE) return
  upgradeKraftVersion(update.maxVersionLevel, false)
}

function refusedAll(error: unknown): UpdateFeaturesResponseInput {
  const { errorCode } = failureOf(error)
  const prefix = 'The update failed for all features since the following feature had an error: '
  return { errorCode, errorMessage: `${prefix}${(error as Error).message}`, results: [] }
}
