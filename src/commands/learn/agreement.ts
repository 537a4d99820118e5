/** The word of a person before anything of lessons is made on a cluster that is not ours; once for each cluster. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { LearnStore } from '../../learn/store.ts'

export interface ForeignCluster {
  readonly clusterId: string
  /** What is made there begins so. */
  readonly prefix: string
}

/** Asks on the terminal; where nobody can be asked, throws a usage `KtError` that names --yes. */
export async function agreement(
  { clusterId, prefix }: ForeignCluster,
  { yes }: { readonly yes?: boolean },
  context: CommandContext,
): Promise<boolean> {
  if (yes === true) return true
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

/** Asks unless it was agreed to before, and keeps it. Throws `KtError` of kind interrupted for a no. */
export async function requireAgreement(
  cluster: ForeignCluster,
  store: LearnStore,
  agree: (cluster: ForeignCluster) => Promise<boolean>,
): Promise<void> {
  const places = store.readPlaces()
  if (places.agreed.includes(cluster.clusterId)) return
  if (!(await agree(cluster))) throw new KtError('interrupted', 'nothing was changed')
  store.writePlaces({ ...places, agreed: [...places.agreed, cluster.clusterId] })
}
