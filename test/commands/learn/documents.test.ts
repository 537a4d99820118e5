import { expect, it } from 'vitest'
import { solutionFields } from '../../../src/commands/learn/documents.ts'
import { stepLine } from '../../../src/commands/learn/render.ts'

const STEPS = [
  { line: 'connect-standalone worker.properties', beside: true },
  { line: 'Ctrl-C in the terminal of the worker', ends: true },
  { line: 'seven', answers: 'again' },
] as const

it('tells of Ctrl-C as it is, and of lines with kt in front', () => {
  expect(STEPS.map(stepLine)).toEqual([
    'kt connect-standalone worker.properties     (in a terminal of its own; Ctrl-C when the lesson is passed)',
    'Ctrl-C in the terminal of the worker',
    'kt learn answer again seven',
  ])
})

it('as a structure says which line is no command', () => {
  expect(solutionFields(35, STEPS)).toMatchObject({
    lesson: 35,
    steps: [
      { line: 'kt connect-standalone worker.properties', beside: true, ends: false },
      { line: 'Ctrl-C in the terminal of the worker', beside: false, ends: true },
      { line: 'kt learn answer again seven', beside: false, ends: false },
    ],
  })
})
