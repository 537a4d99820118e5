/** `kt cluster snapshot`, `restore`: the cluster as it is, kept for after an experiment. */
import { KtError } from '../../base/errors.ts'
import { formatDocument, formatNamed, type Structure } from '../../cli/format.ts'
import type { Action } from '../../cli/own-command.ts'
import type { Snapshot } from '../../cluster/local-snapshots.ts'
import { nameFlag, type VerbFlags } from './flags.ts'

interface SnapshotFlags extends VerbFlags {
  readonly list?: boolean
}
interface RestoreFlags extends VerbFlags {
  readonly yes?: boolean
}

const DEFAULT_LABEL = 'last'
const MIB = 1024 * 1024

const load = () => import('../../cluster/local-snapshots.ts')

export const snapshot: Action<SnapshotFlags> = async ([label = DEFAULT_LABEL], flags, { env, stdout }) => {
  const format = formatNamed(flags.format)
  const { listSnapshots, takeSnapshot } = await load()
  if (flags.list === true) {
    const all = listSnapshots({ env, name: flags.name })
    if (format === undefined) stdout.write(all.map(snapshotLine).join('') || 'No snapshots.\n')
    else stdout.write(formatDocument(format, 'SnapshotList', { name: flags.name, snapshots: all.map(fieldsOf) }))
    return 0
  }
  const taken = await takeSnapshot({ env, name: flags.name, label })
  if (format !== undefined) {
    stdout.write(formatDocument(format, 'SnapshotTaken', { name: flags.name, snapshot: fieldsOf(taken) }))
    return 0
  }
  stdout.write(`Kept as it is now: ${snapshotLine(taken)}`)
  stdout.write(
    `  next: try whatever you like; kt cluster restore${labelWord(label)}${nameFlag(flags.name)} brings it back\n`,
  )
  return 0
}

export const restore: Action<RestoreFlags> = async ([label = DEFAULT_LABEL], flags, context) => {
  const format = formatNamed(flags.format)
  const { env, stdout } = context
  const { listSnapshots, restoreSnapshot } = await load()
  const isThere = listSnapshots({ env, name: flags.name }).some((each) => each.label === label)
  if (isThere && flags.yes !== true && !(await isAgreed(label, flags, context))) return 0
  const restored = await restoreSnapshot({ env, name: flags.name, label })
  const lessons = await putLessonsBack(restored, flags.name, context)
  if (format !== undefined) {
    const fields = { name: flags.name, snapshot: fieldsOf(restored), lessons: { ...lessons } }
    stdout.write(formatDocument(format, 'SnapshotRestored', fields))
    return 0
  }
  stdout.write(
    `The cluster is again as it was: ${snapshotLine(restored)}${lessonsText(lessons)}  next: kt cluster status${nameFlag(flags.name)}\n`,
  )
  return 0
}

/** A journal of a lesson must not claim what the cluster no longer shows. */
async function putLessonsBack(
  { label, takenAt }: Snapshot,
  name: string,
  { env, clock }: Parameters<Action<RestoreFlags>>[2],
): Promise<{ begunAnew: number[]; putBack: number[] }> {
  const [{ LearnStore }, { putBack }, { clusterDirectory, ktHome, readMarker }] = await Promise.all([
    import('../../learn/store.ts'),
    import('../../learn/restored.ts'),
    import('../../cluster/cluster-directory.ts'),
  ])
  const clusterId = readMarker(clusterDirectory(env, name))?.clusterId ?? ''
  const found = putBack(new LearnStore(ktHome(env)), { clusterId, snapshot: label, takenAt, at: clock.now() })
  return { begunAnew: [...found.begunAnew], putBack: [...found.putBack] }
}

function lessonsText({ begunAnew, putBack }: { begunAnew: readonly number[]; putBack: readonly number[] }): string {
  const line = (lessons: readonly number[], what: string): string =>
    lessons.length === 0 ? '' : `  ${lessons.length === 1 ? 'lesson' : 'lessons'} ${lessons.join(', ')}: ${what}\n`
  return (
    line(putBack, 'what was seen after the snapshot is forgotten') +
    line(begunAnew, 'begun after the snapshot, so set up anew when opened; what was passed stays passed')
  )
}

/** What came after the snapshot is lost. */
async function isAgreed(
  label: string,
  { name }: RestoreFlags,
  { interactive, ask }: Parameters<Action<RestoreFlags>>[2],
): Promise<boolean> {
  const what = `every record and setting since the snapshot '${label}' goes`
  if (!interactive) {
    throw new KtError('usage', what, { next: `kt cluster restore${labelWord(label)} --yes${nameFlag(name)}` })
  }
  return /^(y|yes|true)$/i.test(await ask({ message: `${what}. Go back to it?`, kind: 'confirm' }))
}

function labelWord(label: string): string {
  return label === DEFAULT_LABEL ? '' : ` ${label}`
}

function snapshotLine({ label, takenAt, sizeBytes }: Snapshot): string {
  return `${label}, taken ${new Date(takenAt).toISOString()}, ${(sizeBytes / MIB).toFixed(1)} MiB\n`
}

function fieldsOf({ label, directory, takenAt, sizeBytes }: Snapshot): Record<string, Structure> {
  return { label, directory, takenAt: new Date(takenAt).toISOString(), sizeBytes }
}
