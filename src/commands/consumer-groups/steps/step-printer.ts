/** Prints steps: lines for people, or newline-delimited documents. */
import type { Colours } from '../../../cli/colour.ts'
import type { Output } from '../../../cli/context.ts'
import { FORMAT_VERSION, formatDocument, type Structure } from '../../../cli/format.ts'
import type { Presentation } from '../../../cli/script-command.ts'
import type { Step } from './step.ts'
import { stepLines } from './step-text.ts'

export const STEP_KIND = 'ConsumerGroupStep'

export class StepPrinter {
  readonly #output: Output
  readonly #presentation: Presentation
  readonly #colours: Colours
  /** Lines name their group when there are several. */
  readonly #namesGroups: boolean

  constructor(output: Output, presentation: Presentation, colours: Colours, namesGroups: boolean) {
    this.#output = output
    this.#presentation = presentation
    this.#colours = colours
    this.#namesGroups = namesGroups
  }

  /** `at` is when it was seen, in ms. */
  async print(groupId: string, step: Step, at: number): Promise<void> {
    if (!this.#output.write(this.#text(groupId, step, at))) await this.#output.drain()
  }

  #text(groupId: string, step: Step, at: number): string {
    const fields = { timestamp: at, groupId, ...(step as unknown as Record<string, Structure>) }
    if (this.#presentation === 'json') {
      return `${JSON.stringify({ apiVersion: FORMAT_VERSION, kind: STEP_KIND, ...fields })}\n`
    }
    if (this.#presentation === 'yaml') return `---\n${formatDocument('yaml', STEP_KIND, fields)}`
    const time = this.#colours.dim(timeText(at))
    const group = this.#namesGroups ? `${this.#colours.name(groupId)}  ` : ''
    return stepLines(step, this.#colours)
      .map((line) => `${time}  ${group}${line}\n`)
      .join('')
  }
}

/** `12:30:01.123Z`, UTC as everywhere in Kafka's tools. */
function timeText(at: number): string {
  return new Date(at).toISOString().slice(11)
}
