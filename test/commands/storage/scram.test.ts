import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { scramRecord } from '../../../src/commands/storage/scram.ts'

describe('a credential', () => {
  it('from a salted password is what Kafka makes of it', () => {
    const record = scramRecord('SCRAM-SHA-512=[name=alice,iterations=8192,salt="N3E=",saltedpassword="YCE="]')
    expect(record).toMatchObject({ name: 'alice', mechanism: 2, iterations: 8192, salt: Buffer.from('7q') })
    // As the script prints them for the same words.
    expect([...new Int8Array(record.storedKey)].slice(0, 6)).toEqual([113, 118, -93, 73, -7, 30])
    expect([...new Int8Array(record.serverKey)].slice(0, 6)).toEqual([76, 97, 124, 14, -35, -18])
    expect([record.storedKey.length, record.serverKey.length]).toEqual([64, 64])
  })
  it('from a password has a salt of its own, and as many iterations as Kafka would take', () => {
    const record = scramRecord('SCRAM-SHA-256=[name=bob,password=secret]', seededRandom(1))
    expect(record).toMatchObject({ name: 'bob', mechanism: 1, iterations: 4096 })
    expect(record.salt).toHaveLength(32)
    expect(scramRecord('SCRAM-SHA-256=[name=bob,password=secret]', seededRandom(2)).storedKey).not.toEqual(
      record.storedKey,
    )
  })
  it('may have an equals sign in its password, and quotes around it', () => {
    const salted = (password: string) => scramRecord(`SCRAM-SHA-256=[name=b,salt=N3E=,password=${password}]`).storedKey
    expect(salted('a=b')).toEqual(salted('"a=b"'))
    expect(salted('a')).not.toEqual(salted('a=b'))
  })
})

describe('what is no credential', () => {
  it.each([
    ['bogus', "Failed to find equals sign in SCRAM argument 'bogus'"],
    ['SCRAM-SHA-1=[name=a]', 'The add-scram mechanism SCRAM-SHA-1 is not supported.'],
    ['SCRAM-SHA-256=name=a', 'Expected configuration string to start with ['],
    ['SCRAM-SHA-256=[name=a', 'Expected configuration string to end with ]'],
    ['SCRAM-SHA-256=[name]', 'No equals sign found in SCRAM component: name'],
    ['SCRAM-SHA-256=[password=b]', "You must supply 'name' to add-scram"],
    ['SCRAM-SHA-256=[name=a]', "You must supply one of 'password' or 'saltedpassword' to add-scram"],
    ['SCRAM-SHA-256=[name=a,saltedpassword=YCE=]', "You must supply 'salt' with 'saltedpassword' to add-scram"],
    ['SCRAM-SHA-256=[name=a,password=b,salt=!]', 'Failed to decode given salt: !'],
    ['SCRAM-SHA-256=[name=a,salt=N3E=,saltedpassword=!]', 'Failed to decode given saltedPassword: !'],
    ['SCRAM-SHA-256=[name=a,password=b,iterations=x]', 'Failed to parse iterations count: x'],
    [
      'SCRAM-SHA-256=[name=a,password=b,iterations=1]',
      "The 'iterations' value must be >= 4096 for add-scram using SCRAM_SHA_256",
    ],
    [
      'SCRAM-SHA-512=[name=a,password=b,iterations=99999]',
      "The 'iterations' value must be <= 16384 for add-scram using SCRAM_SHA_512",
    ],
    ['SCRAM-SHA-256=[name=a,password=b,z=1,y=2]', 'Unknown SCRAM configurations: y, z'],
  ])('%s', (argument, message) => {
    expect(() => scramRecord(argument)).toThrow(message)
  })
})
