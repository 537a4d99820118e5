/** What every subcommand of `kt learn` begins with: its flags, the desk, and its end. */
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument, formatNamed, type Structure, type StructuredFormat } from '../../cli/format.ts'
import { type ConnectionFlags, targetOfFlags } from '../../cli/own-command.ts'
import { COURSE } from '../../learn/lessons/index.ts'
import { agreement, type ForeignCluster } from './agreement.ts'
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
  const agree = (cluster: ForeignCluster) => agreement(cluster, flags, context)
  const options = { local: flags.local === true, target: targetOfFlags(flags), course: COURSE, agree }
  const desk = await Desk.open(options, context)
  try {
    return await work(desk, format)
  } finally {
    await desk.close()
  }
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
