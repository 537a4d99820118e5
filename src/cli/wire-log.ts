/**
 * `--explain` and `KT_TRACE`: which request went to which broker at what version and why to that one, what it asks, and what
 * the answer meant; on stderr. `--explain -vv` and `KT_TRACE=full` add both messages with their fields. Bytes are counted,
 * never shown: keys and passwords are among them.
 */
import { machineMs } from '../base/timeline.ts'
import { type WireEvent, watchWire, wireWatcher } from '../client/trace.ts'
import { InnerTimeline, type InnerTimelineOptions } from './inner-timeline.ts'
import { exchangeText } from './wire/exchange-text.ts'
import { WireKnowledge } from './wire/knowledge.ts'

/** What KT_TRACE may say for both messages with all their fields. */
const FULL: ReadonlySet<string> = new Set(['full', 'vv', '2'])

/**
 * Watches the wire from now on; `level` is what KT_TRACE says. Nothing is shown for `0` and the empty text. The nodes of a
 * local cluster tell what they did meanwhile. Returns what ends it: the rest is told, and who watched before watches again.
 */
export function logWire(level: string, options: InnerTimelineOptions): () => Promise<void> {
  const outer = wireWatcher()
  watchWire(null)
  if (level === '' || level === '0' || level === 'false') return async () => undefined
  const knowledge = new WireKnowledge()
  const inner = new InnerTimeline(options)
  const detail = FULL.has(level) ? 'fields' : 'words'
  const tell = (event: WireEvent): void => {
    const endMs = machineMs()
    const startMs = endMs - event.elapsedMs
    const { asked } = exchangeText({ ...event, response: null }, knowledge, 'words')
    knowledge.learn(event)
    const { answer } = exchangeText(event, knowledge, detail)
    inner.exchange({ startMs, endMs, asked, answer, names: [...namesIn(event.request), ...namesIn(event.response)] })
  }
  watchWire((event) => {
    // What cannot be told must not end the connection that it is told of.
    try {
      tell(event)
    } catch (error) {
      options.stderr.write(
        `${event.api.name} v${event.version}: kt cannot tell what this was: ${(error as Error).message}\n`,
      )
    }
  })
  return async () => {
    // Inside another command, as in the tour, its watching goes on.
    watchWire(outer)
    await inner.finish()
  }
}

const NAMING =
  /^(name|topic|topicName|topics|topicNames|groupId|groupIds|group|groupNames|groupsNames|key|coordinatorKeys|resourceName)$/

/** Topics and groups that a message speaks of. */
export function namesIn(message: unknown, isName = false): string[] {
  if (typeof message === 'string') return isName ? [message] : []
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return []
  if (Array.isArray(message)) return message.flatMap((each) => namesIn(each, isName))
  return Object.entries(message).flatMap(([name, value]) => namesIn(value, NAMING.test(name)))
}
