import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readControllerFile } from '../../../src/commands/metadata-quorum/controller-file.ts'

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-controller-file-'))
afterAll(() => fs.rmSync(root, { recursive: true }))
const data = path.join(root, 'data')
fs.mkdirSync(data)
fs.writeFileSync(
  path.join(data, 'meta.properties'),
  'version=1\nnode.id=7\ncluster.id=c\ndirectory.id=TyTicvzNTUGBF4oTeBNZ6A\n',
)

function read(changes: Readonly<Record<string, string | null>>) {
  const lines = {
    'node.id': '7',
    'process.roles': 'broker,controller',
    listeners: 'CONTROLLER://:9093, PLAINTEXT://h:9092',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': `${data},${path.join(root, 'second')}`,
    ...changes,
  }
  const file = path.join(root, 'controller.properties')
  const given = Object.entries(lines).filter(([, value]) => value !== null)
  fs.writeFileSync(file, given.map(([name, value]) => `${name}=${value}\n`).join(''))
  return readControllerFile(file)
}

describe('a controller’s file', () => {
  it('says who it is, with which directory, and where it listens', () => {
    expect(read({})).toEqual({
      id: 7,
      directoryId: 'TyTicvzNTUGBF4oTeBNZ6A',
      endpoints: [{ name: 'CONTROLLER', host: 'localhost', port: 9093 }],
    })
  })

  it('prefers what is advertised, and knows names in either case', () => {
    const { endpoints } = read({
      listeners: 'CONTROLLER://:9093,SECOND://0.0.0.0:9094',
      'advertised.listeners': 'second://[::1]:9095',
      'controller.listener.names': 'second,CONTROLLER,SECOND',
    })
    expect(endpoints).toEqual([
      { name: 'SECOND', host: '::1', port: 9095 },
      { name: 'CONTROLLER', host: 'localhost', port: 9093 },
    ])
  })

  it.each([
    [{ 'node.id': null }, 'node.id not found in configuration file.'],
    [{ 'node.id': '-1' }, 'node.id was negative in configuration file.'],
    [{ 'node.id': 'x' }, 'For input string: "x"'],
    [{ 'process.roles': 'broker' }, "process.roles did not contain 'controller'"],
    [{ 'process.roles': null }, "process.roles did not contain 'controller'"],
    [{ 'log.dirs': null }, 'Neither metadata.log.dir nor log.dirs were found.'],
    [{ 'metadata.log.dir': '/no/such/directory' }, 'Unable to read meta.properties from /no/such/directory'],
    [{ listeners: 'CONTROLLER:9093' }, 'Unable to parse CONTROLLER:9093 to a broker endpoint'],
    [{ 'controller.listener.names': null }, 'controller.listener.names was not found.'],
    [{ 'controller.listener.names': 'x' }, 'Cannot find information about controller listener name: X'],
  ])('with %o is refused', (changes: Readonly<Record<string, string | null>>, message) => {
    expect(() => read(changes)).toThrow(message)
  })
})
