import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { notebook, sectionOf } from '../../../src/commands/learn/notebook.ts'
import type { Event } from '../../../src/learn/journal.ts'
import type { LessonProgress } from '../../../src/learn/progress.ts'
import { LearnStore } from '../../../src/learn/store.ts'
import { fakeLesson } from '../../support/learn-fakes.ts'

const AT = new Date(2026, 10, 21, 12, 1, 3).getTime()
const progress = (more: Partial<LessonProgress> = {}): LessonProgress => ({
  ...{ startedAt: AT, passedAt: null, hints: {}, answers: {}, attempts: 0, solutionShown: false },
  ...more,
})
const lesson = fakeLesson({
  beliefs: [{ older: 'a topic is a queue', today: 'never: it is a log.' }],
  questions: [
    { name: 'q', ask: 'How many?', choices: ['one', 'two'], answer: async () => 'two', because: 'There are two.' },
  ],
})

describe('a lesson in the notebook', () => {
  it('has what was run, what changed, what was expected and why', () => {
    const attempts = [
      { at: AT, lesson: 5, line: 'kt topics --list', exitCode: 0, error: '' },
      { at: AT, lesson: 5, line: 'kt topics --creat', exitCode: 1, error: 'creat is not a recognized option' },
    ]
    const events = [
      { kind: 'broker', id: 1, change: 'gone', at: AT, after: AT },
      { kind: 'end', partition: 'o-0', from: 0, to: 1, at: AT, after: AT },
    ] as Event[]
    const known = progress({
      passedAt: AT,
      answers: { q: 'one' },
      right: { q: 'two' },
      after: 'Broker 1 died.',
      solutionShown: true,
    })
    expect(sectionOf({ lesson, progress: known, attempts, events })).toBe(`## 5. A lesson of a test

*Begun 2026-11-21 12:01:03, passed 2026-11-21 12:01:03, with a look at the solution.*

**In short:** A topic has a name.

- Older notes: a topic is a queue
  - Today: never: it is a log.

**What I ran**

\`\`\`
$ kt topics --list
$ kt topics --creat
# exit code 1: creat is not a recognized option
\`\`\`

**What changed**

- 12:01:03 broker 1 is out of service

**What I expected**

- How many?
  - I said: one; it was: two
  - There are two.

**What happened and why**

Broker 1 died.
`)
  })

  it('says of a line that Ctrl-C ended just that', () => {
    const attempts = [{ at: AT, lesson: 5, line: 'kt console-consumer --topic o', exitCode: 130, error: 'order 1' }]
    const text = sectionOf({ lesson, progress: progress(), attempts, events: [] })
    expect(text).toContain('$ kt console-consumer --topic o\n# ended with Ctrl-C\n')
  })

  it('is short when nothing was done', () => {
    const text = sectionOf({ lesson: fakeLesson(), progress: progress(), attempts: [], events: [] })
    expect(text).toBe('## 5. A lesson of a test\n\n*Begun 2026-11-21 12:01:03, not passed yet.*\n')
  })

  it('keeps the last of very many commands and says how many there were', () => {
    const attempts = Array.from({ length: 100 }, (_, at) => ({
      at,
      lesson: 5,
      line: `kt ${at}`,
      exitCode: 0,
      error: '',
    }))
    const text = sectionOf({ lesson: fakeLesson(), progress: progress(), attempts, events: [] })
    expect(text).toContain('# 40 more before\n$ kt 40\n')
    expect(text).toContain('$ kt 99\n')
  })
})

describe('the notebook', () => {
  it('is none before the first lesson, then has each that was opened', async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-learn-'))
    try {
      const store = new LearnStore(home)
      const course = [{ number: 5, title: '', load: async () => lesson }]
      expect(await notebook(store, course)).toBeNull()
      store.writeProgress({ version: 1, current: 5, lessons: { 5: progress({ passedAt: AT }), 77: progress() } })
      const text = (await notebook(store, course))!
      expect(text).toMatch(/^# Kafka, my notes\n\n1 of 1 lessons passed\./)
      expect(text).toContain('\n## 5. A lesson of a test\n')
    } finally {
      fs.rmSync(home, { recursive: true })
    }
  })
})
