/** Builds once before the tests: acceptance tests run what a person would, `bin/kt` on the built package. */
import { execFileSync } from 'node:child_process'
import * as path from 'node:path'

/** Tests of the built command need the build to be of now; `KT_SKIP_BUILD=1` is for work on something half-built. */
export default function build(): void {
  if (process.env.KT_SKIP_BUILD === '1') return
  execFileSync(process.execPath, [path.resolve(import.meta.dirname, '../../src/build.mjs')], { stdio: 'inherit' })
}
