/** Foreign tools of this machine. Where one is missing its tests say so and are skipped. */
import { spawnSync } from 'node:child_process'

export function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** `KT_PYTHON` names an interpreter that has the client packages. */
export const PYTHON = process.env.KT_PYTHON ?? 'python3'

export function hasPythonModule(name: string): boolean {
  return works(PYTHON, ['-c', `import ${name}`])
}

/** `lines(3, 'x')` -> `x-0\nx-1\nx-2\n`. */
export function lines(count: number, prefix: string): string {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}\n`).join('')
}

/** Lines in a fixed order: partitions are read in any. */
export function sorted(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .sort()
}
