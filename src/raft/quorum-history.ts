/**
 * The voters and the kraft.version at every offset of the metadata log (KIP-853). Control records count as soon as they are
 * appended, and count no more when they are truncated. Owner of that history; it has always read to the end of the log.
 */
import type { ControlRecord } from './control-batches.ts'
import type { QuorumConfiguration } from './state.ts'
import type { CommittedBatch, SnapshotId } from './types.ts'
import type { VoterSet } from './voters.ts'

interface Entry<T> {
  readonly offset: number
  readonly value: T
}

/** Values by the offset of the record that set them, ascending. */
class ValueHistory<T> {
  private entries: Entry<T>[] = []

  get last(): Entry<T> | null {
    return this.entries.at(-1) ?? null
  }

  add(offset: number, value: T): void {
    this.truncateTo(offset)
    this.entries.push({ offset, value })
  }

  /** The newest value set below `endOffset`. */
  before(endOffset: number): Entry<T> | null {
    return this.entries.findLast(({ offset }) => offset < endOffset) ?? null
  }

  truncateTo(endOffset: number): void {
    this.entries = this.entries.filter(({ offset }) => offset < endOffset)
  }

  /** Keeps what is in force at `startOffset` and later. */
  forgetBefore(startOffset: number): void {
    const inForce = this.before(startOffset)
    if (inForce !== null) this.entries = this.entries.filter(({ offset }) => offset >= inForce.offset)
  }

  clear(): void {
    this.entries = []
  }
}

export class QuorumHistory {
  private readonly configured: VoterSet
  private readonly voters = new ValueHistory<VoterSet>()
  private readonly versions = new ValueHistory<number>()
  private newest: QuorumConfiguration

  /** `configured`: voters of a static quorum, in force while no record names any. */
  constructor(configured: VoterSet) {
    this.configured = configured
    this.newest = this.at(Number.POSITIVE_INFINITY)
  }

  /** In force at the end of the log; the same object until it changes. */
  get current(): QuorumConfiguration {
    return this.newest
  }

  /** In force for the records below `endOffset`. */
  at(endOffset: number): QuorumConfiguration {
    const voters = this.voters.before(endOffset)
    return {
      voters: voters?.value ?? this.configured,
      votersOffset: voters?.offset ?? null,
      formerVoters: voters === null ? null : (this.voters.before(voters.offset)?.value ?? null),
      kraftVersion: this.versions.before(endOffset)?.value ?? 0,
    }
  }

  /** Records of one control batch of the log. */
  append(records: readonly ControlRecord[], baseOffset: number): void {
    for (const [index, record] of records.entries()) this.note(record, baseOffset + index)
    this.renew()
  }

  truncateTo(endOffset: number): void {
    this.voters.truncateTo(endOffset)
    this.versions.truncateTo(endOffset)
    this.renew()
  }

  /** Everything known so far is replaced by what the snapshot says. */
  restart(id: SnapshotId, batches: Iterable<CommittedBatch>): void {
    this.voters.clear()
    this.versions.clear()
    for (const { control } of batches) for (const record of control) this.note(record, id.endOffset - 1)
    this.renew()
  }

  forgetBefore(startOffset: number): void {
    this.voters.forgetBefore(startOffset)
    this.versions.forgetBefore(startOffset)
  }

  private note(record: ControlRecord, offset: number): void {
    if (record.type === 'kraft-version') this.versions.add(offset, record.kraftVersion)
    if (record.type === 'voters') this.voters.add(offset, record.voters)
  }

  private renew(): void {
    const now = this.at(Number.POSITIVE_INFINITY)
    const { voters, votersOffset, kraftVersion } = this.newest
    const same = now.voters === voters && now.votersOffset === votersOffset && now.kraftVersion === kraftVersion
    if (!same) this.newest = now
  }
}
