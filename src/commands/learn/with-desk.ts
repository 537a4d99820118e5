/** What every subcommand of `kt learn` begins with: its flags, the desk, and its end. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument, formatNamed, type Structure, type StructuredFormat } from '../../cli/format.ts'
import { type ConnectionFlags, targetOfFlags } from '../../cli/own-command.ts'
import { COURSE } from '../../learn/lessons/index.ts'
import { Desk } from './desk.ts'

export interface LearnFlags extends ConnectionFlags {
  readonly local?: boolean
  readonly format?: string
  readonly yes?: boolean
}

/** Does something at the desk, and closes it. */
export async function withDesk<T>(
  flags: LearnFlags,
  context: CommandContext,
  work: (desk: Desk, format: StructuredFormat | undefined) => Promise<T>,
): Promise<T> {
  const format = formatNamed(flags.format)
  const agree = (cluster: { clusterId: string; prefix: string }) => agreement(cluster, flags, context)
  const options = { local: flags.local === true, target: targetOfFlags(flags), course: COURSE, agree }
  const desk = await Desk.open(options, context)
  try {
    return await work(desk, format)
  } finally {
    await desk.close()
  }
}

/** The first lesson on a cluster that is not ours: somebody must want it there. */
async function agreement(
  { clusterId, prefix }: { clusterId: string; prefix: string },
  flags: LearnFlags,
  context: CommandContext,
): Promise<boolean> {
  if (flags.yes === true) return true
  const facts = [
    `cluster ${clusterId} is not the bundled one`,
    `lessons make and delete topics and groups there whose names begin with kt-NN-, this one ${prefix}`,
  ]
  if (!context.interactive) {
    throw new KtError('usage', 'Lessons on this cluster need your word', {
      facts,
      next: `${context.programName} ${(context.args ?? []).join(' ')} --yes`,
    })
  }
  context.stderr.write(facts.map((fact) => `  ${fact}\n`).join(''))
  return /^(y|yes|true)$/i.test(await context.ask({ message: 'Do lessons on this cluster?', kind: 'confirm' }))
}

/** Prints the structure that was asked for, or the text. */
export function print(
  { stdout }: CommandContext,
  format: StructuredFormat | undefined,
  kind: string,
  fields: () => Record<string, Structure>,
  text: () => string,
): void {
  stdout.write(format === undefined ? text() : formatDocument(format, kind, fields()))
}
