import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { localSubject } from '../local-subject.ts'
import { Transcript, transcriptConfig } from '../transcript.ts'

const DIRECTORY = path.join(import.meta.dirname, 'transcripts')

/** Each is a fact about Apache Kafka 4.3.1 too: test/interop/coordinator-apache.test.ts asks it. `UPDATE_TRANSCRIPTS=1` writes what came instead. */
const update = process.env.UPDATE_TRANSCRIPTS === '1'

describe('transcripts', () => {
  for (const name of fs.readdirSync(DIRECTORY)) {
    it(name, async () => {
      const file = path.join(DIRECTORY, name)
      const expected = fs.readFileSync(file, 'utf8')
      const subject = await localSubject(transcriptConfig(expected))
      const actual = await new Transcript(subject).run(expected)
      if (update) fs.writeFileSync(file, actual)
      else expect(actual).toBe(expected)
    })
  }
})
