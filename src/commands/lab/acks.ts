/** `kt lab acks`: the acknowledgement laboratory. The table is what was measured, not what should have come out. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed } from '../../cli/format.ts'
import { type ConnectionFlags, targetOfFlags } from '../../cli/own-command.ts'
import { writeRecords } from '../../learn/facts/records.ts'
import { ACKS, ACKS_HEAD, ACKS_RESULTS, type Acks, type AcksRun, acksLines, acksRow } from '../../learn/lab/acks.ts'
import { choosePlace, type Place } from '../learn/place.ts'
import { plainTable } from '../plain-table.ts'
import { acksExperiment } from './acks-experiment.ts'
import { countOf, type LabFlags } from './flags.ts'
import { labNodes, restoring } from './nodes.ts'

interface AcksFlags extends LabFlags, ConnectionFlags {
  readonly acks?: string
}

const RECORDS = { atLeast: 20, atMost: 5_000 } as const

export async function runAcks(_: readonly string[], flags: AcksFlags, context: CommandContext): Promise<number> {
  const format = formatNamed(flags.format)
  const wanted = flags.acks === undefined ? ACKS : [acksOf(flags.acks)]
  const count = countOf('--records', flags.records, RECORDS)
  const place = await choosePlace(
    { local: flags.local === true, target: targetOfFlags(flags), remembered: null },
    context,
  )
  try {
    if (place.localNodes !== null) await place.ensureRunning()
    const nodes = labNodes(place, 'The acknowledgement laboratory')
    const say = (line: string): void => void context.stderr.write(`${line}\n`)
    const runs = await restoring(nodes, async () => {
      const done: AcksRun[] = []
      for (const acks of wanted) {
        const run = await acksExperiment(acks, { place, nodes, context, count, say })
        await keep(run, place)
        done.push(run)
      }
      return done
    })
    context.stdout.write(
      format === undefined
        ? text(runs)
        : formatDocument(format, 'AcksLaboratory', { runs: runs.map((run) => ({ ...run })) }),
    )
    return OK
  } finally {
    await place.close()
  }
}

function acksOf(word: string): Acks {
  const found = ACKS.find((acks) => acks === word) ?? (word === '-1' ? 'all' : undefined)
  if (found !== undefined) return found
  throw new KtError('usage', `--acks ${word} is none of ${ACKS.join(', ')}`, { next: 'kt lab acks' })
}

/** Beside the orders themselves, so that whoever looks at the topic later knows what the producer was told. */
async function keep(run: AcksRun, place: Place): Promise<void> {
  const admin = await place.admin()
  await admin.createTopics([{ name: ACKS_RESULTS, partitions: 1, replicationFactor: 3 }])
  await writeRecords(await place.connection(), ACKS_RESULTS, [{ key: run.acks, value: JSON.stringify(run) }])
}

function text(runs: readonly AcksRun[]): string {
  const lines = runs.flatMap(acksLines).map((line) => `${line}.\n`)
  return `${plainTable(ACKS_HEAD, runs.map(acksRow))}\n${lines.join('')}`
}
