/** The course as it is written: names, lengths, commands that exist, places of older notes. What it does is proved by `npm run lessons`. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/program.ts'
import { explain } from '../../src/commands/explain/explanation.ts'
import type { Lesson } from '../../src/learn/lesson.ts'
import { COURSE } from '../../src/learn/lessons/index.ts'
import { names } from '../../src/learn/names.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../src/learn/lessons')
const lessons = await Promise.all(COURSE.map((entry) => entry.load()))

/** What older notes left open (`learning.md`); each is answered by a lesson once the course is whole. */
const OPEN_PLACES = [
  ...['000:8', '000:62', '000:76', '000:78', '001:51', '001:83', '001:99', '001:135', '001:150', '001:156'],
  ...['002:53', '002:59', '003:73', '003:79'],
]
/** Lessons 0 to 37; incidents follow. */
const COURSE_LENGTH = 38

/** Longest that is read in one go. */
const LIMITS = {
  title: 64,
  inShort: 160,
  text: 1_500,
  paragraph: 600,
  type: 8,
  goal: 70,
  hint: 260,
  belief: 220,
  because: 420,
} as const
/** `true until 3.x`, `since 4.0`, `never`, `KIP-848`: a correction says for which Kafka it holds. */
const VERSION = /\b\d\.(\d+|x)\b|\bnever\b|\balways\b|\bKIP-\d+/i

/** Every text that a learner sees before the lesson is passed, by where it stands. */
function textsOf(lesson: Lesson): [where: string, text: string][] {
  const { title, text, type, play = [], beliefs = [], questions = [], goals, solution } = lesson
  return [
    ['title', title],
    ['text', text],
    ...type.map((line): [string, string] => ['type', line]),
    ...play.map((line): [string, string] => ['play', line]),
    ...beliefs.flatMap(({ older, today }): [string, string][] => [
      ['belief', older],
      ['belief', today],
    ]),
    ...questions.flatMap(({ ask, because, choices = [] }): [string, string][] =>
      [ask, because, ...choices].map((each) => ['question', each]),
    ),
    ...goals.flatMap(({ name, hints }): [string, string][] => [
      ['goal', name],
      ...hints.map((each): [string, string] => ['hint', each]),
    ]),
    ...solution.map(({ line }): [string, string] => ['solution', line]),
  ]
}

/** Command lines of kt among the texts: whole lines, and what stands in backticks. */
function commandsOf(lesson: Lesson): string[] {
  const { type, play = [], goals, solution } = lesson
  const lines = [...type, ...play, ...goals.map(({ hints }) => hints[2])]
  const whole = lines.filter((line) => COMMAND.test(line) && !line.includes('`'))
  const typed = solution.filter(({ answers, ends }) => (answers ?? ends) === undefined).map(({ line }) => `kt ${line}`)
  const quoted = textsOf(lesson).flatMap(([, text]) => [...text.matchAll(/`(kt [^`]+)`/g)].map(([, line]) => line!))
  // A remark stands behind two blanks.
  return [...whole, ...typed, ...quoted].map((line) => line.replace(/\s{2,}.*$/, ''))
}

/** A line of kt, or one whose output goes into it. */
const COMMAND = /^kt |^(echo|printf|seq|cat)\b.*\| kt /

/** What is wrong with a command line, by the grammar of its command. */
async function wrongIn(line: string): Promise<string[]> {
  const { commands } = await explain(line, COMMANDS)
  const first = commands.find(({ command }) => command !== null)
  if (first === undefined || first.command === null) return [`${line}: no command of kt`]
  const parts = commands.filter(({ command }) => command !== null).flatMap((each) => each.parts)
  const subcommands = Object.keys((await (await COMMANDS[first.command]!.load()).grammar()).subcommands ?? {})
  const words = parts.filter(({ option }) => option === undefined).flatMap((part) => part.words)
  const verb = first.command === 'learn' || subcommands.length === 0 ? undefined : words[0]
  return [
    ...parts
      .filter(({ status }) => status !== 'known')
      .map((part) => `${line}: ${part.words.join(' ')} is ${part.status}`),
    ...(verb === undefined || subcommands.includes(verb) ? [] : [`${line}: ${verb} is no subcommand`]),
  ]
}

describe('the course', () => {
  it('is in order, and each lesson is in a folder of its number and name', () => {
    const numbers = COURSE.map(({ number }) => number)
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
    const expected = lessons.map(({ number, name }) => `${String(number).padStart(2, '0')}-${name}`)
    const folders = fs.readdirSync(FOLDER, { withFileTypes: true }).filter((each) => each.isDirectory())
    expect(folders.map(({ name }) => name).sort()).toEqual(expected.sort())
    expect(new Set(lessons.map(({ name }) => name)).size).toBe(lessons.length)
  })

  it('says the same number and title in the list and in the lesson', () => {
    expect(lessons.map(({ number, title }) => [number, title])).toEqual(
      COURSE.map(({ number, title }) => [number, title]),
    )
  })

  it('answers what older notes left open, once it is whole', () => {
    const answered = new Set(lessons.flatMap(({ answers = [] }) => answers))
    expect([...answered].filter((place) => !/^00[0-4]:\d{1,3}$/.test(place))).toEqual([])
    const open = OPEN_PLACES.filter((place) => !answered.has(place))
    if (lessons.filter(({ number }) => number < COURSE_LENGTH).length === COURSE_LENGTH) expect(open).toEqual([])
  })
})

describe.each(lessons.map((lesson) => [lesson.number, lesson.title, lesson] as const))(
  'lesson %i, %s',
  (_, _title, lesson) => {
    it('names nothing but its own', () => {
      const { prefix } = names(lesson.number)
      const { topics = [], groups = [] } = lesson.watch ?? {}
      expect([...topics, ...groups].filter((each) => !each.startsWith(prefix))).toEqual([])
      const named = textsOf(lesson).flatMap(([where, text]) =>
        [...text.matchAll(/\bkt-\d\d-/g)].map(([found]) => `${where}: ${found}`),
      )
      expect(named.filter((each) => !each.endsWith(prefix))).toEqual([])
    })

    it('has commands that exist, with options that they have', async () => {
      const wrong = await Promise.all(commandsOf(lesson).map(wrongIn))
      expect(wrong.flat()).toEqual([])
    })

    it('gives three hints for each goal, and they differ', () => {
      for (const { name, hints } of lesson.goals) {
        expect(new Set(hints).size, name).toBe(3)
        expect(hints[2], `${name}: the third hint is a command`).toMatch(new RegExp(`${COMMAND.source}|\``))
      }
    })

    it('is short enough to be read', () => {
      const { title, inShort, text, type, goals, beliefs = [], questions = [] } = lesson
      expect(title.length).toBeLessThanOrEqual(LIMITS.title)
      expect(inShort, 'one sentence').toMatch(/^[^\n]+[^.\n]\.$/)
      expect(inShort.length).toBeLessThanOrEqual(LIMITS.inShort)
      expect(text.length).toBeLessThanOrEqual(LIMITS.text)
      for (const paragraph of text.split(/\n\s*\n/)) expect(paragraph.length).toBeLessThanOrEqual(LIMITS.paragraph)
      expect(type.length).toBeLessThanOrEqual(LIMITS.type)
      for (const { name, hints } of goals) {
        expect(name.length).toBeLessThanOrEqual(LIMITS.goal)
        for (const hint of hints) expect(hint.length, hint).toBeLessThanOrEqual(LIMITS.hint)
      }
      for (const { older, today } of beliefs)
        expect(Math.max(older.length, today.length)).toBeLessThanOrEqual(LIMITS.belief)
      for (const { because } of questions) expect(because.length).toBeLessThanOrEqual(LIMITS.because)
    })

    it('says for which Kafka a belief held', () => {
      const without = (lesson.beliefs ?? []).filter(({ older, today }) => !VERSION.test(`${older} ${today}`))
      expect(without).toEqual([])
    })

    it('has goals and questions that its solution can name', () => {
      const goals = lesson.goals.map(({ name }) => name)
      const questions = (lesson.questions ?? []).map(({ name }) => name)
      expect(new Set(goals).size).toBe(goals.length)
      expect(new Set(questions).size).toBe(questions.length)
      expect(goals.length).toBeGreaterThan(0)
      expect(lesson.solution.length).toBeGreaterThan(0)
      for (const { until, answers } of lesson.solution) {
        if (until !== undefined) expect(goals).toContain(until)
        if (answers !== undefined) expect(questions).toContain(answers)
      }
      for (const { name, choices } of lesson.questions ?? []) {
        expect(name).toMatch(/^[a-z][a-z0-9-]*$/)
        if (choices !== undefined) expect(new Set(choices).size).toBe(choices.length)
      }
    })

    it('is for the local cluster where it breaks something', () => {
      const breaks = lesson.solution.some(({ line }) => /^cluster (?!status|logs|timeline|cluster-id)/.test(line))
      if (breaks) expect(lesson.where).toBe('local')
    })
  },
)
