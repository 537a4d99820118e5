/**
 * Formatting a node's directory as `kafka-storage format` of 4.3.1 does: meta.properties, bootstrap.checkpoint with the
 * feature levels, and, for a dynamic quorum, the 0-0 checkpoint that names kraft.version and the first voters (KIP-853).
 */
import type { FileSystem } from '../base/file-system.ts'
import type { Uuid } from '../base/uuid.ts'
import { writeMetaProperties } from '../log/meta-properties.ts'
import type { MetadataRecord, MetadataRecordInput } from '../protocol/metadata/index.ts'
import { readCheckedBatches } from '../raft/batch-reader.ts'
import { BOOTSTRAP_SNAPSHOT, snapshotBatches, writeSnapshot, writeWhole } from '../raft/snapshot-files.ts'
import type { VoterSet } from '../raft/voters.ts'
import { BOOTSTRAP_FEATURES } from './features.ts'
import { decodeMetadataRecord, encodeMetadataRecord } from './record-serde.ts'

export const METADATA_LOG_DIRECTORY = '__cluster_metadata-0'
export const BOOTSTRAP_FILE = 'bootstrap.checkpoint'
/** kraft.version of a dynamic quorum. */
const DYNAMIC_QUORUM_LEVEL = 1
const NO_VOTERS: VoterSet = new Map()

export interface FormatOptions {
  /** The node's log directory; made if need be. */
  readonly directory: string
  readonly clusterId: Uuid
  readonly nodeId: number
  readonly directoryId: Uuid
  /** First voters of a dynamic quorum; null for a static one, or for a node that is no controller. */
  readonly initialVoters: VoterSet | null
  readonly nowMs: number
  /** Records the first active controller is to begin with; feature levels when left out. */
  readonly bootstrapRecords?: readonly MetadataRecordInput[]
}

/** The feature levels of a new cluster as records. */
export function defaultBootstrapRecords(): MetadataRecordInput[] {
  return [...BOOTSTRAP_FEATURES].map(([name, featureLevel]) => ({
    record: 'featureLevelRecord',
    body: { name, featureLevel },
  }))
}

/** Writes the three files; meta.properties last, since it is what makes a directory formatted. */
export function formatDirectory(files: FileSystem, options: FormatOptions): void {
  const { directory, clusterId, nodeId, directoryId, initialVoters, nowMs } = options
  files.makeDirectory(directory)
  const values = (options.bootstrapRecords ?? defaultBootstrapRecords()).map(encodeMetadataRecord)
  const bootstrap = { lastContainedLogTimestamp: 0, kraftVersion: 0, voters: NO_VOTERS, values, nowMs }
  writeWhole(files, directory, BOOTSTRAP_FILE, snapshotBatches(BOOTSTRAP_SNAPSHOT, bootstrap))
  if (initialVoters !== null) {
    const logDirectory = `${directory}/${METADATA_LOG_DIRECTORY}`
    files.makeDirectory(logDirectory)
    writeSnapshot(files, logDirectory, BOOTSTRAP_SNAPSHOT, {
      lastContainedLogTimestamp: nowMs,
      kraftVersion: DYNAMIC_QUORUM_LEVEL,
      voters: initialVoters,
      values: [],
      nowMs,
    })
  }
  writeMetaProperties(files, directory, { clusterId, nodeId, directoryId })
}

/** What bootstrap.checkpoint says the first controller is to write; the defaults when there is no such file. */
export function readBootstrapRecords(files: FileSystem, directory: string): readonly MetadataRecordInput[] {
  const path = `${directory}/${BOOTSTRAP_FILE}`
  if (!files.exists(path)) return defaultBootstrapRecords()
  const records: MetadataRecord[] = []
  for (const batch of readCheckedBatches(files.readFile(path))) records.push(...batch.values.map(decodeMetadataRecord))
  return records
}
