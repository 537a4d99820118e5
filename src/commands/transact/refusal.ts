/** What Kafka refused, by its own name, and why: from what the session knows of its producers. */
import { KtError } from '../../base/errors.ts'
import type { Actor, StageView } from './stage.ts'

export interface Refusal {
  /** Kafka's name of the error, `PRODUCER_FENCED`; null for what was not Kafka's. */
  readonly name: string | null
  readonly message: string
  readonly why: readonly string[]
  readonly next: string | null
}

/** A newer producer has the transactional id, or the coordinator has ended the transaction: which one, brokers do not tell. */
const FENCED = new Set(['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH', 'INVALID_PRODUCER_ID_MAPPING'])

/** The refusal of a step of `actor`; `view` is what was seen right after it. */
export function refusalOf(error: unknown, actor: Actor | undefined, view: StageView): Refusal {
  const name = kafkaNameOf(error)
  const message = error instanceof Error ? error.message : String(error)
  const facts = error instanceof KtError ? error.facts : []
  if (name !== null && FENCED.has(name) && actor !== undefined) {
    const other = rivalOf(actor, view)
    const next = `${actor.name}> init${other === undefined ? '' : `, which fences ${other.name} in turn`}`
    return { name, message, why: whyFenced(actor, other, view), next }
  }
  const next = error instanceof KtError ? (error.next ?? null) : null
  return { name, message, why: facts, next: next ?? (name !== null && actor?.isOpen === true ? 'abort' : null) }
}

/** Another producer of ours with the same transactional id. */
function rivalOf(actor: Actor, { actors }: StageView): Actor | undefined {
  return actors.find(
    (each) => each !== actor && each.transactionalId === actor.transactionalId && each.identities.length > 0,
  )
}

function whyFenced(actor: Actor, other: Actor | undefined, { transactions }: StageView): string[] {
  const { transactionalId, name } = actor
  const own = actor.identities.at(-1)
  const now = transactionalId === null ? undefined : transactions.get(transactionalId)
  if (own === undefined) return []
  const mine = `${name} has producer id ${own.producerId}, epoch ${own.epoch}`
  const newer =
    now === undefined ? '' : `; the coordinator now has producer id ${now.producerId}, epoch ${now.producerEpoch}`
  if (other !== undefined) {
    return [
      `${mine}${newer}`,
      `${other.name} has asked for the same transactional id ${transactionalId}: of one id there is one producer, the newest`,
      `what ${name} had open was aborted then`,
    ]
  }
  return [
    `${mine}${newer}`,
    'somebody else has asked for its transactional id, or its transaction was open for longer than --timeout and was aborted',
  ]
}

/** The name of a protocol error, of the error itself or of what caused it. */
export function kafkaNameOf(error: unknown): string | null {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each.name === 'KafkaError' && 'errorName' in each) return String(each.errorName)
  }
  return null
}
