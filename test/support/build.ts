/** Builds once before the tests: acceptance tests run what a person would, `bin/kt` on the built package. */
import { execFileSync } from 'node:child_process'
import * as path from 'node:path'

export default function build(): void {
  execFileSync(process.execPath, [path.resolve(import.meta.dirname, '../../src/build.mjs')], { stdio: 'inherit' })
}
