import { KtError } from '../../base/errors.ts'
import { quorumTargetOf } from '../../cli/argparse-command.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import { drawTable } from '../../cli/table.ts'
import type { FeatureDescription, FeatureRange } from '../../client/admin-types.ts'
import { levelText } from './levels.ts'
import type { DescribeGiven, MainGiven } from './options.ts'

interface FeatureRow {
  readonly feature: string
  readonly supported: FeatureRange
  /** 0: not in use. */
  readonly finalized: number
}

/** `describe`: what the node supports, and what the cluster uses of it. */
export async function describeFeatures(
  given: DescribeGiven,
  main: MainGiven,
  context: CommandContext,
): Promise<number> {
  const nodeId = given.value('node-id')
  if (nodeId !== undefined && nodeId < 0) {
    throw new KtError('usage', `Invalid node id ${nodeId}: must be non-negative.`)
  }
  const admin = await context.admin(quorumTargetOf(main))
  const description = await admin.describeFeatures(nodeId === undefined ? {} : { nodeId })
  const rows = featureRows(description)
  const presentation = presentationOf(given, context)
  if (presentation === 'script') {
    context.stdout.write(rows.map((row) => scriptLine(row, description.epoch)).join(''))
  } else if (presentation === 'terminal') {
    context.stdout.write(await table(rows, context))
  } else {
    const features = rows.map(({ feature, supported, finalized }) => ({
      name: feature,
      supportedMin: supported.min,
      supportedMax: supported.max,
      finalizedLevel: finalized,
    }))
    context.stdout.write(formatDocument(presentation, 'FeatureList', { epoch: description.epoch, features }))
  }
  return OK
}

/** Sorted by name. */
function featureRows({ supported, finalized }: FeatureDescription): FeatureRow[] {
  return [...supported.keys()].sort().map((feature) => ({
    feature,
    supported: supported.get(feature)!,
    finalized: finalized.get(feature)?.max ?? 0,
  }))
}

function scriptLine({ feature, supported, finalized }: FeatureRow, epoch: number | null): string {
  const level = (value: number): string => levelText(feature, value).padEnd(15)
  const fields = [
    `Feature: ${feature.padEnd(40)}`,
    `SupportedMinVersion: ${level(supported.min)}`,
    `SupportedMaxVersion: ${level(supported.max)}`,
    `FinalizedVersionLevel: ${level(finalized)}`,
    `Epoch: ${epoch ?? '-'}`,
  ]
  return `${fields.join('  ')}\n`
}

async function table(rows: readonly FeatureRow[], { colours }: CommandContext): Promise<string> {
  const { dim, warning } = await colours()
  const cells = rows.map(({ feature, supported, finalized }) => {
    const level = (value: number): string => levelText(feature, value)
    const newer = finalized < supported.max ? warning(`${level(supported.max)} is possible`) : ''
    return [
      feature,
      finalized === 0 ? dim('off') : level(finalized),
      `${level(supported.min)} to ${level(supported.max)}`,
      newer,
    ]
  })
  return drawTable({ head: ['FEATURE', 'LEVEL', 'SUPPORTED', ''].map(dim), rows: cells })
}
