import { expect, it } from 'vitest'
import { checkServers } from '../../src/commands/bootstrap-check.ts'

it('wants an address with a port, each of them', () => {
  checkServers('a:1')
  checkServers('a:1,[::1]:2')
  for (const wrong of ['a', 'a:1,b', 'a:x', 'a:']) {
    expect(() => checkServers(wrong)).toThrow('Please provide valid host:port like host1:9091,host2:9092\n')
  }
  expect(() => checkServers(' ')).toThrow('Error while validating the bootstrap address\n')
})
