/** `kt lab commit`: the commit laboratory. It kills consumers, no brokers, so it runs on any cluster. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed } from '../../cli/format.ts'
import { type ConnectionFlags, targetOfFlags } from '../../cli/own-command.ts'
import { ktHome } from '../../cluster/cluster-directory.ts'
import { COMMIT_HEAD, type CommitRun, commitLine, commitRow, TIMINGS } from '../../learn/lab/commit.ts'
import { names } from '../../learn/names.ts'
import { LearnStore } from '../../learn/store.ts'
import { agreement, requireAgreement } from '../learn/agreement.ts'
import { choosePlace, type Place } from '../learn/place.ts'
import { plainTable } from '../plain-table.ts'
import { commitExperiment, prepareCommit } from './commit-experiment.ts'
import { countOf, type LabFlags } from './flags.ts'

interface CommitFlags extends LabFlags, ConnectionFlags {
  readonly commit?: string
  readonly yes?: boolean
}

/** Whose topics and groups it works on. */
const LESSON = 26
const RECORDS = { atLeast: 20, atMost: 1_000 } as const

export async function runCommit(_: readonly string[], flags: CommitFlags, context: CommandContext): Promise<number> {
  const format = formatNamed(flags.format)
  const wanted = TIMINGS.filter((timing) => flags.commit === undefined || timing === flags.commit)
  if (wanted.length === 0) {
    throw new KtError('usage', `--commit ${flags.commit} is neither before nor after`, { next: 'kt lab commit' })
  }
  const orders = countOf('--records', flags.records, RECORDS)
  const choice = { local: flags.local === true, target: targetOfFlags(flags), remembered: null }
  const place = await choosePlace(choice, context)
  try {
    await place.ensureRunning()
    if (place.localNodes === null) await agreedOn(place, flags, context)
    const say = (line: string): void => void context.stderr.write(`${line}\n`)
    const bootstrapServer = (await place.connection()).bootstrapServers.join(',')
    // Settings of a file or profile hold for the consumers too.
    const parts = { place, context, flags: place.localNodes === null ? flags : { bootstrapServer }, orders, say }
    await prepareCommit(parts)
    const runs: CommitRun[] = await Promise.all(wanted.map((timing) => commitExperiment(timing, parts)))
    const fields = { runs: runs.map((run) => ({ ...run })) }
    context.stdout.write(format === undefined ? text(runs) : formatDocument(format, 'CommitLaboratory', fields))
    return OK
  } finally {
    await place.close()
  }
}

/** It deletes and makes topics and groups: on a cluster that is not ours somebody must want that. */
async function agreedOn(place: Place, flags: CommitFlags, context: CommandContext): Promise<void> {
  const { clusterId } = await (await place.admin()).describeCluster()
  const cluster = { clusterId: clusterId ?? 'without an id', prefix: names(LESSON).prefix }
  await requireAgreement(cluster, new LearnStore(ktHome(context.env)), (each) => agreement(each, flags, context))
}

function text(runs: readonly CommitRun[]): string {
  const lines = runs.map((run) => `${commitLine(run)}.\n`)
  return `${plainTable(COMMIT_HEAD, runs.map(commitRow))}\n${lines.join('')}`
}
