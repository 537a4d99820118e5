import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { lessonFiles } from '../../../src/commands/learn/lesson-files.ts'
import { runCommand } from '../../support/run-command.ts'

function home(): { KT_HOME: string } {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-lesson-files-'))
  onTestFinished(() => fs.rmSync(directory, { recursive: true }))
  return { KT_HOME: directory }
}

describe('files of a lesson', () => {
  it('are in a directory of its own, and go with it', () => {
    const env = home()
    const [one, other] = [lessonFiles(env, 35), lessonFiles(env, 36)]
    expect(one.read('orders.txt')).toBeNull()
    one.write('orders.txt', 'a mug\n')
    other.write('orders.txt', 'a book\n')
    expect(one.directory).toBe(path.join(env.KT_HOME, 'learn', 'files', '35'))
    expect(one.read('orders.txt')).toBe('a mug\n')
    one.clear()
    one.clear()
    expect([one.read('orders.txt'), other.read('orders.txt')]).toEqual([null, 'a book\n'])
  })

  it('are never outside of it', () => {
    const env = home()
    const files = lessonFiles(env, 35)
    files.write('../../escaped', 'x')
    expect(fs.readdirSync(files.directory)).toEqual(['escaped'])
    expect(files.read('../35/escaped')).toBe('x')
  })
})

describe('kt learn files', () => {
  it('tells the directory alone, or what is in a file', async () => {
    const env = home()
    // Lesson 0 is the one that is open where nothing was learned yet.
    const { directory, write } = lessonFiles(env, 0)
    write('orders.txt', 'a mug\n')
    expect(await runCommand(['learn', 'files'], { env })).toMatchObject({
      code: 0,
      stdout: `${directory}\n`,
      stderr: '',
    })
    expect((await runCommand(['learn', 'files', 'orders.txt'], { env })).stdout).toBe('a mug\n')
    const { stdout } = await runCommand(['learn', 'files', '--format', 'json'], { env })
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'LessonFiles', lesson: 0, directory, files: ['orders.txt'] })
  })

  it('says so where there are none, or not this one', async () => {
    const env = home()
    const none = await runCommand(['learn', 'files'], { env })
    expect(none.code).not.toBe(0)
    expect(none.stderr).toContain('Lesson 0 has no files')
    lessonFiles(env, 0).write('orders.txt', '')
    const { stderr } = await runCommand(['learn', 'files', 'ordes.txt'], { env })
    expect(stderr).toContain('Lesson 0 has no file ordes.txt')
    expect(stderr).toContain('orders.txt')
  })
})
