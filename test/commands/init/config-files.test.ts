import { describe, expect, it } from 'vitest'
import { parseProperties } from '../../../src/client/java-properties.ts'
import { configFiles } from '../../../src/commands/init/config-files.ts'
import { checkNodeConfig, NodeConfig } from '../../../src/metadata/config/index.ts'

const files = configFiles({ directory: '/work space', port: 9092 })

describe('the files of config/', () => {
  it.each([
    'config/server.properties',
    'config/broker.properties',
    'config/controller.properties',
    'config/kraft/server.properties',
  ])('%s is a node that can start', (name) => {
    const warnings: string[] = []
    const config = new NodeConfig(parseProperties(files.get(name)!))
    checkNodeConfig(config, (message) => warnings.push(message))
    expect(warnings).toEqual([])
  })

  it('each node has a directory of its own', () => {
    const directories = [...files.values()].flatMap((text) => parseProperties(text).get('log.dirs') ?? [])
    expect(new Set(directories).size).toBe(4)
    expect(directories.every((each) => each.startsWith('/work space/data/'))).toBe(true)
  })

  it('clients know where the broker is', () => {
    for (const name of ['producer', 'consumer', 'command']) {
      expect(parseProperties(files.get(`config/${name}.properties`)!).get('bootstrap.servers')).toBe('localhost:9092')
    }
  })
})
