import { describe, expect, it } from 'vitest'
import { noColours } from '../../../src/cli/colour.ts'
import { goalText, hintText, type Page } from '../../../src/commands/learn/render.ts'
import { goalLines } from '../../../src/commands/learn/screen/goal-lines.ts'
import { turned } from '../../../src/commands/learn/watch.ts'
import { seen } from '../../../src/learn/verdict.ts'

const page: Page = { width: 60, colours: noColours, code: undefined }
const wayOut = {
  why: 'kt-01-orders has 5 partitions, and a topic never gets fewer: delete it and make it anew',
  next: 'kt topics --delete --topic kt-01-orders --and --more --that --is --never --wrapped',
}
const told = { expected: '3 partitions', observed: '5 partitions', show: 'kt topics --list' }
const stuck = { name: 'the topic has three partitions', verdict: seen(false, { ...told, wayOut }) }

describe('a goal that is not reached by going on', () => {
  it('says why, and what leads out of it in one line that can be pasted', () => {
    const text = goalText(stuck, page)
    expect(text).toContain('stuck     kt-01-orders has 5 partitions, and a\n')
    expect(text).toContain(`way out   ${wayOut.next}\n`)
  })

  it('says so on the screen', () => {
    const lines = goalLines([{ ...stuck, waitingMs: null }], { columns: 120, rows: 20 }, noColours)
    expect(lines).toContain(`    stuck: ${wayOut.why}`)
    expect(lines).toContain(`    way out: ${wayOut.next}`)
  })

  it('has turned, for those who watch', () => {
    const plain = { ...stuck, verdict: seen(false, told) }
    const view = (goal: typeof stuck) => ({ goals: [goal] }) as never
    expect(turned(view(plain), view(stuck))).toEqual([stuck])
    expect(turned(view(stuck), view(stuck))).toEqual([])
  })
})

describe('a hint for it', () => {
  const hint = { goal: stuck.name, level: 1, lastError: null, text: 'a nudge' }

  it('is the way out, and no nudge', () => {
    const text = hintText({ ...hint, wayOut }, 1, page)
    expect(text).toMatch(/^From here it cannot be reached: the topic has three partitions\n/)
    expect(text).toContain(`  ${wayOut.next}\n`)
    expect(text).not.toContain('nudge')
  })

  it('names reset behind the last one, for what nobody has thought of', () => {
    expect(hintText({ ...hint, level: 2, wayOut: null }, 1, page)).toContain('kt learn hint says more.')
    expect(hintText({ ...hint, level: 3, wayOut: null }, 7, page)).toContain('kt learn reset 7 begins it anew')
  })
})
