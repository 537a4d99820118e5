import { expect, it } from 'vitest'
import { DynamicConfigPublisher, updateDynamicConfig } from '../../src/broker/dynamic-node-config.ts'
import { NodeConfig } from '../../src/metadata/config/index.ts'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'
import { CONFIG_RESOURCE, configKey, type MetadataDelta, type MetadataImage } from '../../src/metadata/types.ts'

const keyOf = (name: string): string => configKey({ type: CONFIG_RESOURCE.BROKER, name })

function imageWith(configs: Readonly<Record<string, Record<string, string>>>): MetadataImage {
  const entries = Object.entries(configs).map(
    ([name, values]) => [keyOf(name), new Map(Object.entries(values))] as const,
  )
  return { ...EMPTY_IMAGE, configs: new Map(entries) }
}
const changeOf = (...names: string[]): MetadataDelta =>
  ({ changedConfigs: new Set(names.map(keyOf)) }) as unknown as MetadataDelta

function controllerConfig(): NodeConfig {
  return new NodeConfig(
    new Map(
      Object.entries({
        'node.id': '100',
        'process.roles': 'controller',
        listeners: 'CONTROLLER://127.0.0.1:0',
        'controller.listener.names': 'CONTROLLER',
        'controller.quorum.bootstrap.servers': '127.0.0.1:1',
        'log.dirs': '/nowhere',
      }),
    ),
  )
}

it('lays what was set for all and for this node over its file, the own value above', () => {
  const config = controllerConfig()
  const publisher = new DynamicConfigPublisher(config)
  publisher.onMetadataUpdate(changeOf(), imageWith({ '': { 'num.io.threads': '3' }, '7': { 'num.io.threads': '9' } }))
  expect(config.getInt('num.io.threads')).toBe(3)
  publisher.onMetadataUpdate(
    changeOf('100'),
    imageWith({ '': { 'num.io.threads': '3' }, '100': { 'num.io.threads': '5' } }),
  )
  expect(config.getInt('num.io.threads')).toBe(5)
  publisher.onMetadataUpdate(changeOf('', '100'), EMPTY_IMAGE)
  expect(config.getInt('num.io.threads')).toBe(8)
})

it('is no news when it concerns another node', () => {
  const config = controllerConfig()
  const image = imageWith({ '7': { 'num.io.threads': '9' } })
  expect(updateDynamicConfig(config, changeOf('7'), image, false)).toBe(false)
  expect(updateDynamicConfig(config, changeOf(''), image, false)).toBe(true)
  expect(updateDynamicConfig(config, changeOf(), image, true)).toBe(true)
})
