/** `kt learn` for the first time: from the command to the first goal that turns green, with nothing on the disk. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { hasPty, PtyTerminal } from '../../support/pty-terminal.ts'
import { median } from '../measure.ts'
import { atMost, type ClusterFigure, timed } from './figure.ts'

const KT = path.resolve(import.meta.dirname, '../../../bin/kt')
const ROUNDS = 3
/** A learner has read the lesson and typed its line by then; what is measured is the machine's part of it. */
const LIMIT_MS = 10_000

export const firstGreenGoal: ClusterFigure = {
  name: 'learn',
  async run(directory) {
    if (!hasPty()) return []
    const shown: number[] = []
    const green: number[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const home = fs.mkdtempSync(path.join(directory, 'learn-'))
      const times = await firstTime({ ...process.env, KT_HOME: home, KT_BOOTSTRAP_SERVER: '', TERM: 'xterm-256color' })
      fs.rmSync(home, { recursive: true, force: true })
      // The first one reads the program from the disk.
      if (round === 0) continue
      shown.push(times.shown)
      green.push(times.green)
    }
    const detail = `goals on the screen after ${median(shown).toFixed(0)} ms`
    return [
      {
        figure: 'kt learn, nothing to the first green goal',
        value: median(green),
        unit: 'ms',
        target: atMost(LIMIT_MS),
        detail,
      },
    ]
  },
}

async function firstTime(env: NodeJS.ProcessEnv): Promise<{ shown: number; green: number }> {
  const command = `exec '${process.execPath}' '${KT}' learn`
  const began = performance.now()
  const terminal = new PtyTerminal(command, { env, columns: 80, rows: 24 })
  try {
    await terminal.until(/^\[ \] /m)
    const shown = performance.now() - began
    const answered = await timed(async () => {
      terminal.type('cluster start --port 0\r')
      await terminal.until(/^\[x\] /m)
    })
    return { shown, green: shown + answered }
  } finally {
    terminal.kill()
    spawnSync(process.execPath, [KT, 'cluster', 'reset', '--yes'], { env, stdio: 'ignore' })
  }
}
