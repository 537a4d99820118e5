import { describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import { formatAddress, isLoopback, parseAddress, parseBootstrap } from '../../src/client/address.ts'

describe('addresses', () => {
  it.each([
    ['localhost:9092', 'localhost', 9092],
    ['[::1]:9092', '::1', 9092],
    ['[fe80::1%eth0]:1', 'fe80::1%eth0', 1],
    ['PLAINTEXT://kafka-1.example.com:9093', 'kafka-1.example.com', 9093],
    ['SASL_SSL://[2001:db8::7]:65535', '2001:db8::7', 65535],
    [' 10.0.0.1:80 ', '10.0.0.1', 80],
  ])('reads %s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port })
  })

  it.each(['localhost', 'localhost:', ':9092', 'host:port', 'host:70000', 'a b:1', ''])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeNull()
  })

  it('writes IPv6 hosts in brackets, so that what it writes it can read', () => {
    for (const text of ['[::1]:9092', 'localhost:9092']) expect(formatAddress(parseAddress(text)!)).toBe(text)
  })

  it('takes lists, in one entry or several', () => {
    expect(parseBootstrap(['a:1,b:2', 'c:3', ''])).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
      { host: 'c', port: 3 },
    ])
  })

  it('refuses a list with a bad entry in the words of the scripts', () => {
    expect(() => parseBootstrap(['a:1,nonsense'])).toThrow('Invalid url in bootstrap.servers: nonsense')
    expect(() => parseBootstrap([' , '])).toThrow(KtError)
  })

  it('knows its own machine', () => {
    expect(['localhost', '127.0.0.53', '::1'].every(isLoopback)).toBe(true)
    expect(['10.0.0.1', 'localhost.example.com'].some(isLoopback)).toBe(false)
  })
})
