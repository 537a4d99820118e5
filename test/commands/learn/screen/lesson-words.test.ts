import { beforeEach, describe, expect, it } from 'vitest'
import { LESSON_WORDS, lessonWords } from '../../../../src/commands/learn/screen/lesson-words.ts'

let done: string[]
const words = lessonWords({
  goTo: async (word) => void done.push(`goto ${word}`),
  text: () => void done.push('text'),
  picture: () => void done.push('picture'),
  clear: () => void done.push('clear'),
  stop: (word) => done.push(`stop ${word}`),
  jobs: () => void done.push('jobs'),
  learn: async (rest) => done.push(`learn ${rest.join(' ')}`),
  help: async (word) => done.push(`help ${word}`),
  print: (text) => void done.push(text),
})
const run = (word: string, ...rest: string[]) => words[word]!(rest)
beforeEach(() => {
  done = []
})

describe('words of a lesson', () => {
  it('are all there', () => {
    expect(Object.keys(LESSON_WORDS).filter((word) => words[word] === undefined)).toEqual([])
  })

  it('are what kt learn does with the lesson that is open', async () => {
    await run('hint')
    await run('answer', 'how-long', 'b')
    await run('next')
    await run('goto', '15')
    await run('goto', 'kill', 'the')
    expect(done).toEqual(['learn hint', 'learn answer how-long b', 'goto null', 'goto 15', 'goto kill the'])
  })

  it('may have kt learn in front, as texts have it', async () => {
    await run('learn', 'hint')
    await run('learn', 'next')
    await run('learn', '15')
    await run('learn')
    await run('learn', 'export')
    await run('learn', 'help')
    expect(done).toEqual(['learn hint', 'goto null', 'goto 15', 'text', 'learn export', 'learn help'])
  })

  it('are named by help; help of a command is that command’s', async () => {
    await run('help')
    for (const word of Object.keys(LESSON_WORDS)) expect(done[0]).toContain(`\n  ${word}`)
    await run('help', 'topics')
    expect(done[1]).toBe('help topics')
  })
})
