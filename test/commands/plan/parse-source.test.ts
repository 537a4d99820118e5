import { describe, expect, it } from 'vitest'
import { parseSource } from '../../../src/commands/plan/parse-source.ts'
import { Problems, type Value } from '../../../src/commands/plan/values.ts'

function parsed(text: string) {
  const problems = new Problems()
  const documents = parseSource('f.yaml', text, problems)
  return { documents, problems: problems.lines, plain: documents.map(({ root }) => plain(root)) }
}
function plain(value: Value): unknown {
  if (value.type === 'list') return value.items.map(plain)
  if (value.type === 'map') return Object.fromEntries(value.entries.map(([key, each]) => [key, plain(each)]))
  return value.isNull ? null : value.text
}

describe('parseSource', () => {
  it('keeps numbers and words as they are written', () => {
    const text =
      "a: 060000\nb: 9223372036854775807\nc: 1e3\nd: true\ne: \"7\"\nf: ~\ng:\nh: 'it''s'\ni: |\n  two\n  lines\n"
    expect(parsed(text).plain).toEqual([
      {
        ...{ a: '060000', b: '9223372036854775807', c: '1e3', d: 'true', e: '7', f: null, g: null },
        h: "it's",
        i: 'two\nlines\n',
      },
    ])
  })

  it('reads several documents, and knows the line of each value', () => {
    const { documents } = parsed('# why\na: 1\n---\nb:\n  - x\n  - y: 2\n---\n')
    expect(documents).toHaveLength(2)
    const root = documents[1]!.root
    expect(root).toMatchObject({ type: 'map', line: 4 })
    expect(root.type === 'map' && root.entries[0]![1]).toMatchObject({ line: 5, items: [{ line: 5 }, { line: 6 }] })
  })

  it('reads JSON, one document behind the other', () => {
    const text = '{"a": "}{", "b": [1, {"c": "\\"}"}]}\n{\n  "d": null\n}{"e": 2}\n'
    expect(parsed(text).plain).toEqual([{ a: '}{', b: ['1', { c: '"}' }] }, { d: null }, { e: '2' }])
    expect(parsed(text).documents[1]!.root.line).toBe(2)
  })

  it('reads nothing from nothing', () => {
    for (const text of ['', '\n# only a comment\n', '---\n---\n', 'null\n']) expect(parsed(text).documents).toEqual([])
  })

  it.each([
    ['a: 1\na: 2\n', /^f\.yaml:2: Map keys must be unique/],
    ['a:\n\t- b\n', /^f\.yaml:2: Tabs/],
    ['a: [1, 2\n', /^f\.yaml:\d: /],
    ['{"a": 1}\n{"b": \n', /^f\.yaml:\d: /],
    ['a: *nobody\n', /^f\.yaml:1: .*alias/i],
    ['? [a, b]\n: 1\n', /^f\.yaml:1: a name must be plain text/],
  ])('tells where %j is wrong', (text, problem) => {
    expect(parsed(text).problems[0]).toMatch(problem)
  })

  it('follows anchors, and not for ever', () => {
    expect(parsed('a: &x {b: 1}\nc: *x\n').plain).toEqual([{ a: { b: '1' }, c: { b: '1' } }])
    const bomb = ['a0: &a0 [1,1,1,1,1,1,1,1,1,1]']
    for (let level = 1; level < 9; level++) bomb.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(10)}]`)
    expect(parsed(bomb.join('\n')).problems).toEqual(['f.yaml:1: more than 500000 values'])
  })
})
