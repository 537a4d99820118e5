/** A home for commands that tests run in their own process: what they keep must not land in the home of who runs the tests. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

/** Makes it before the first test; processes of tests find it through `KT_TEST_HOME`. Gone after the last. */
export default function makeTestHome(): () => void {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-test-home-'))
  process.env.KT_TEST_HOME = directory
  return () => fs.rmSync(directory, { recursive: true, force: true })
}

/** The directory. */
export function testHome(): string {
  return process.env.KT_TEST_HOME ?? path.join(os.tmpdir(), 'kt-test-home')
}
