import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Admin } from '../../src/client/admin-types.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { memoryAdmin, ok, refused } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-delete-records-'))
const FILE = path.join(directory, 'offsets.json')
fs.writeFileSync(
  FILE,
  '{"partitions":[{"topic":"t","partition":0,"offset":5},{"topic":"t","partition":1,"offset":-1}],"version":1}',
)
afterAll(() => fs.rmSync(directory, { recursive: true }))

const TOO_FAR = refused('OFFSET_OUT_OF_RANGE', 'beyond the end', ErrorCode.OFFSET_OUT_OF_RANGE)

async function run(line: string, options: RunOptions = {}, methods: Partial<Admin> = {}) {
  const { createAdmin, calls } = memoryAdmin({
    deleteRecords: async () => [ok({ lowWatermark: 5 }), TOO_FAR],
    listOffsets: async (queries) =>
      queries.map(({ spec }) => ok({ offset: spec === 'earliest' ? 2 : 8, timestamp: -1, leaderEpoch: 0 })),
    ...methods,
  })
  const args = ['delete-records', '--bootstrap-server', 'a:1', ...line.split(' ').filter(Boolean)]
  const result = await runCommand(args, { createAdmin, ...options })
  return { ...result, asked: calls.map(({ method }) => method).filter((method) => method !== 'close'), calls }
}

describe('kt delete-records', () => {
  it('prints what became of each partition as the script does', async () => {
    const { code, stdout, calls } = await run(`--offset-json-file ${FILE}`)
    expect(code).toBe(0)
    expect(stdout).toBe(
      'Executing records delete operation\nRecords delete operation completed:\n' +
        'partition: t-0\tlow_watermark: 5\n' +
        'partition: t-1\terror: org.apache.kafka.common.errors.OffsetOutOfRangeException: beyond the end\n',
    )
    expect(calls[0]!.args[0]).toEqual([
      { topic: 't', partition: 0, offset: 5 },
      { topic: 't', partition: 1, offset: -1 },
    ])
  })

  it('removes nothing in a dry run and tells what would go', async () => {
    const { stdout, asked } = await run(`--offset-json-file ${FILE} --dry-run --format json`)
    expect(asked).toEqual(['listOffsets', 'listOffsets'])
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'RecordsDeletionPlan',
      partitions: [
        { partition: 0, beginsAt: 2, wouldBeginAt: 5, records: 3, error: null },
        { partition: 1, beginsAt: 2, wouldBeginAt: 8, records: 6, error: null },
      ],
    })
    const table = await run(`--offset-json-file ${FILE} --dry-run`, { terminal: true })
    expect(table.stdout).toContain('WOULD BEGIN AT')
  })

  it('says in a dry run what cannot be', async () => {
    const listOffsets: Admin['listOffsets'] = async (queries) =>
      queries.map(({ partition }) => (partition === 0 ? ok({ offset: 3, timestamp: 0, leaderEpoch: 0 }) : TOO_FAR))
    const { stdout } = await run(`--offset-json-file ${FILE} --dry-run --format json`, {}, { listOffsets })
    expect(JSON.parse(stdout).partitions).toMatchObject([{ error: 'The log ends at 3' }, { error: 'beyond the end' }])
  })

  it('has no dry run under the script’s own name', async () => {
    const { createAdmin } = memoryAdmin({})
    const { stderr } = await runCommand(['kafka-delete-records.sh', '--dry-run'], { createAdmin })
    expect(stderr).toContain('is not a recognized option')
  })

  it('has documents and tables', async () => {
    const { stdout } = await run(`--offset-json-file ${FILE} --format yaml`)
    expect(stdout).toContain('kind: RecordsDeleted\n')
    const json = JSON.parse((await run(`--offset-json-file ${FILE} --format json`)).stdout)
    expect(json.partitions).toEqual([
      { topic: 't', partition: 0, lowWatermark: 5, error: null },
      {
        topic: 't',
        partition: 1,
        lowWatermark: null,
        error: { name: 'OFFSET_OUT_OF_RANGE', message: 'beyond the end' },
      },
    ])
    const table = await run(`--offset-json-file ${FILE}`, { terminal: true })
    expect(table.stdout).toBe(
      'TOPIC  PARTITION  NOW BEGINS AT\nt              0              5\nt              1              -  beyond the end\n',
    )
  })

  it.each([
    ['', 'Missing required argument "[offset-json-file]"'],
    ['--offset-json-file /no/such/file', 'Unable to read file /no/such/file'],
  ])('%s: is refused', async (line, message) => {
    const { code, stdout, stderr, asked } = await run(line)
    expect({ code, stdout, asked, first: stderr.split('\n')[0] }).toEqual({
      code: 1,
      stdout: '',
      asked: [],
      first: message,
    })
  })
})
