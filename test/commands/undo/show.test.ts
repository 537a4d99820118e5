import { describe, expect, it } from 'vitest'
import type { Edit, JournalEntry } from '../../../src/commands/undo/entry.ts'
import { entryText, listText, planText, withAuthors } from '../../../src/commands/undo/show.ts'
import type { UndoRow } from '../../../src/commands/undo/undo-plan.ts'

const setting = (after: string | null): Edit => ({
  kind: 'config',
  resource: { type: 'TOPIC', name: 't' },
  topicId: null,
  settings: [{ name: 'k', before: '1', after }],
})
const lost: Edit = { kind: 'lost', what: 'a password', why: 'secrets are not kept' }
const entry = (number: number, edits: readonly Edit[], undoes: number | null = null): JournalEntry => ({
  ...{ version: 1, number, clusterId: 'c', timeMs: 0, command: `kt ${number}`, undoes, edits },
})
const row = (state: UndoRow['state'], why: string | null = null): UndoRow => ({
  ...{ subject: 'topic t', name: 'k', now: '3', backTo: '1', state, why, edit: setting('2'), index: 0 },
})

describe('the text of the journal', () => {
  it('lists entries with what became of them', () => {
    const list = [entry(1, [setting('2')]), entry(2, [setting('1')], 1), entry(3, [lost])]
    expect(listText(list, new Map([[1, 2]]))).toBe(
      'NUMBER  TIME (UTC)           VALUES  STATE        COMMAND\n' +
        '     1  1970-01-01 00:00:00       1  undone by 2  kt 1\n' +
        '     2  1970-01-01 00:00:00       1  undo of 1    kt 2\n' +
        '     3  1970-01-01 00:00:00       0               kt 3\n',
    )
  })

  it('shows an entry, and what of it is lost', () => {
    expect(entryText(entry(1, [setting(null), lost]))).toBe(
      '1  1970-01-01 00:00:00 UTC  kt 1\nOF       NAME  BEFORE  AFTER\ntopic t  k          1      -\n' +
        'cannot be undone: a password: secrets are not kept\n',
    )
  })

  it('leaves out what is as before, and notes where an error tells them', () => {
    const rows = [row('changed', 'why'), row('already')]
    expect(planText(entry(1, []), rows, true)).toContain('1 value is as before already.\ntopic t k: why\n')
    expect(planText(entry(1, []), rows, false)).not.toContain('why')
  })
})

describe('withAuthors', () => {
  const why = 'it was set to 2 then and is 3 now: somebody changed it since'
  const told = (entries: readonly JournalEntry[]) =>
    withAuthors([row('changed', why)], entry(1, [setting('2')]), entries)[0]!.why

  it('names the later change that is there now', () => {
    expect(told([entry(2, [setting('3')]), entry(3, [lost])])).toBe(
      'it was set to 2 then and is 3 now: change 2 did that since',
    )
    expect(told([entry(2, [setting('4')])])).toBe(why)
    expect(told([])).toBe(why)
  })
})
