/**
 * Acceptance tests as text: a file that reads like a shell session. `$ command` runs in `sh` with `kt` on the PATH and
 * a home directory of its own; the lines after it are what must appear on stdout and stderr together.
 *
 * In expected lines `<*>` stands for any text on that line, a line `...` for any number of lines. `[exit N]` closes a
 * command that ends with another code than 0. `# ...` lines are comments.
 */
import { spawn } from 'node:child_process'

export interface SessionStep {
  readonly line: number
  readonly command: string
  readonly expected: readonly string[]
  readonly exitCode: number
}

export function parseSession(text: string): SessionStep[] {
  const steps: { line: number; command: string; expected: string[]; exitCode: number }[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const current = steps.at(-1)
    const exit = /^\[exit (\d+)\]$/.exec(line)
    if (line.startsWith('# ') || line === '#') continue
    if (line.startsWith('$ ')) steps.push({ line: index + 1, command: line.slice(2), expected: [], exitCode: 0 })
    else if (current === undefined) continue
    else if (exit !== null) current.exitCode = Number(exit[1])
    else current.expected.push(line)
  }
  for (const step of steps) while (step.expected.at(-1) === '') step.expected.pop()
  return steps
}

function lineMatches(expected: string, actual: string): boolean {
  const parts = expected.split('<*>')
  if (parts.length === 1) return expected === actual
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')
  return new RegExp(`^${pattern}$`).test(actual)
}

/** True when the actual lines are what the expected ones describe. */
export function outputMatches(expected: readonly string[], actual: readonly string[]): boolean {
  if (expected.length === 0) return actual.length === 0
  const [head, ...rest] = expected
  if (head === '...') {
    for (let skip = 0; skip <= actual.length; skip++) if (outputMatches(rest, actual.slice(skip))) return true
    return false
  }
  return actual.length > 0 && lineMatches(head!, actual[0]!) && outputMatches(rest, actual.slice(1))
}

export interface StepResult {
  readonly lines: string[]
  readonly exitCode: number
}

/** stdout and stderr share one pipe, so the order of lines is the order in which a person would see them. */
export function runStep(step: SessionStep, env: Readonly<Record<string, string>>, cwd: string): Promise<StepResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `{ ${step.command}\n} 2>&1`], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 60_000,
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      const lines = Buffer.concat(chunks).toString('utf8').split('\n')
      while (lines.at(-1) === '') lines.pop()
      resolve({ lines, exitCode: code ?? -1 })
    })
  })
}
