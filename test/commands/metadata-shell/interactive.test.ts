import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rootNode } from '../../../src/commands/metadata-shell/image-nodes.ts'
import { completions } from '../../../src/commands/metadata-shell/interactive.ts'
import type { ShellPlace } from '../../../src/commands/metadata-shell/paths.ts'
import { imageOf } from '../../metadata/support.ts'
import { runCommand } from '../../support/run-command.ts'
import { RECORDS, segmentOf } from './support.ts'

let directory: string
let log: string
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-shell-'))
  log = path.join(directory, '00000000000000000000.log')
  fs.writeFileSync(log, segmentOf(RECORDS))
})
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

const START = 'Loading...\nStarting...\n[ Kafka Metadata Shell ]\n>> '

describe('lines of a pipe', () => {
  it('run one after the other, a prompt before each', async () => {
    const result = await runCommand(['metadata-shell', '-s', log], { input: 'ls /image/topics\ncd /local\npwd\n' })
    expect(result).toMatchObject({ code: 0, stdout: `${START}byId\nbyName\n>> >> /local\n>> `, stderr: '' })
  })

  it('end with exit', async () => {
    const result = await runCommand(['metadata-shell', '-s', log], { input: 'exit\npwd\n' })
    expect(result).toMatchObject({ code: 0, stdout: START })
  })

  it('may lack the last line end', async () => {
    const result = await runCommand(['metadata-shell', '-s', log], { input: '\npwd' })
    expect(result).toMatchObject({ code: 0, stdout: `${START}>> /\n>> ` })
  })

  it('have a history', async () => {
    const result = await runCommand(['metadata-shell', '-s', log], { input: 'pwd\npwd\n\n pwd\nhistory\n' })
    expect(result.stdout).toContain('>>     0  pwd\n    1  history\n>> ')
  })
})

describe('a terminal', () => {
  const typed = async (input: string, columns = 80): Promise<string> => {
    const result = await runCommand(['metadata-shell', '-s', log], { terminal: true, columns, input })
    expect(result.code).toBe(0)
    // Without what moves the cursor.
    return stripVTControlCharacters(result.stdout).replaceAll('\r', '')
  }

  it('gets names side by side', async () => {
    expect(await typed('ls /image\rexit\r')).toContain(
      'acls          cluster  delegationToken  producerIds  scram\nclientQuotas  configs  features         provenance   topics\n',
    )
    expect(await typed('ls /\rexit\r', 10)).toContain('image\nlocal\n')
  })

  it('drops the line on Ctrl-C and ends on Ctrl-D', async () => {
    const text = await typed('nonsense\x03pwd\r\x04')
    expect(text).toContain('^C\n')
    expect(text).toContain('\n/\n')
    expect(text).not.toContain('invalid choice')
  })
})

describe('completions', () => {
  const place: ShellPlace = {
    root: rootNode({ image: imageOf(...RECORDS), lastTimestampMs: 0 }, { version: '1', commitId: '2' }),
    workingDirectory: '/image',
  }
  const words = (line: string): string[] => completions(place, line).map(({ word }) => word)

  it('are commands for the first word, and for what man explains', () => {
    expect(words('')).toHaveLength(10)
    expect(words('h')).toEqual(['help', 'history'])
    expect(words('nope')).toEqual([])
    expect(words('man ca')).toEqual(['cat'])
    expect(words('man cat c')).toEqual([])
  })

  it('are paths where a command takes one', () => {
    expect(words('ls /l')).toEqual(['/local/'])
    expect(words('cat /local/version /local/c')).toEqual(['/local/commitId'])
    expect(words('cd to')).toEqual(['topics/'])
    expect(words('cd topics to')).toEqual([])
    expect(words('tree ')).toContain('acls/')
    expect(words('find topics/byName/o')).toEqual(['topics/byName/orders/'])
  })

  it('are none for other commands', () => {
    for (const line of ['pwd x', 'exit ', 'history 1', 'help ', 'nope /']) expect(words(line), line).toEqual([])
  })
})
