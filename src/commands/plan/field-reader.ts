/** Reads the fields of a map by name and kind; what does not fit is a problem with its line, and null. */
import { nearest } from '../../cli/nearest.ts'
import { type Fields, fieldOf, type Problems, type Value } from './values.ts'

export class FieldReader {
  readonly #file: string
  readonly #map: Fields
  readonly #problems: Problems
  readonly #asked = new Set<string>()

  constructor(file: string, map: Fields, problems: Problems) {
    this.#file = file
    this.#map = map
    this.#problems = problems
  }

  get place(): string {
    return `${this.#file}:${this.#map.line}`
  }

  wrong(what: string, why: string): void {
    this.#problems.add(this.#file, this.#map.line, `${what}: ${why}`)
  }

  /** True where the field is there, null included. */
  has(name: string): boolean {
    this.#asked.add(name)
    return fieldOf(this.#map, name) !== undefined
  }

  /** Known fields that say nothing here, as printed documents have them. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#asked.add(name)
  }

  /** Null where it is left out, null, or no text. */
  text(name: string): string | null {
    const value = this.#get(name)
    if (value === undefined || (value.type === 'scalar' && value.isNull)) return null
    if (value.type === 'scalar') return value.text
    return this.#tell(value, `${name} is no text`)
  }

  /** A text that must be there; '' after a problem. */
  requiredText(name: string): string {
    const found = this.text(name)
    if (found !== null && found !== '') return found
    this.wrong(name, 'is missing')
    return ''
  }

  /** One of these words, however its letters are written; the first of them after a problem. */
  choice<T extends string>(name: string, choices: readonly T[], standard?: T): T {
    const word = this.text(name)
    if (word === null && standard !== undefined) return standard
    const plain = (text: string): string => text.replaceAll(/[-_ ]/g, '').toUpperCase()
    const found = choices.find((each) => word !== null && plain(each) === plain(word))
    if (found === undefined)
      this.wrong(word === null ? `${name} is missing` : `${name} ${word}`, `it is one of ${choices.join(', ')}`)
    return found ?? choices[0]!
  }

  /** A whole number of at least `min`. */
  whole(name: string, min: number): number | null {
    const text = this.text(name)
    if (text === null) return null
    const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
    if (number >= min) return number
    return this.#tell(this.#get(name)!, `${name} ${text} is no whole number of at least ${min}`)
  }

  /** The maps of a list; none where it is left out. */
  maps(name: string): FieldReader[] {
    return this.#items(name).flatMap((item) => {
      if (item.type === 'map') return [new FieldReader(this.#file, item, this.#problems)]
      this.#tell(item, `${name} has maps as its items`)
      return []
    })
  }

  /** Lists of broker ids, one for each partition. */
  brokerLists(name: string): number[][] | null {
    if (this.#get(name) === undefined) return null
    return this.#items(name).map((item) => this.#brokerIds(item, name))
  }

  /** One list of broker ids. */
  brokers(name: string): number[] {
    const value = this.#get(name)
    return value === undefined ? [] : this.#brokerIds(value, name)
  }

  #brokerIds(value: Value, name: string): number[] {
    const ids = value.type === 'list' ? value.items : []
    const numbers = ids.map((each) => (each.type === 'scalar' && /^\d{1,9}$/.test(each.text) ? Number(each.text) : -1))
    const isWrong = numbers.length === 0 || numbers.includes(-1) || new Set(numbers).size !== numbers.length
    if (isWrong) this.#tell(value, `${name} has a list of different broker ids for each partition: [[1, 2], [2, 3]]`)
    return isWrong ? [] : numbers
  }

  /** Names with texts; a list of maps with `name` and `value` is read as well, of which `keep` says which count. */
  settings(name: string, keep: (item: FieldReader) => boolean = () => true): Map<string, string | null> {
    const value = this.#get(name)
    if (value === undefined || (value.type === 'scalar' && value.isNull)) return new Map()
    if (value.type === 'list') {
      const items = this.maps(name).filter(keep)
      return new Map(items.map((item) => [item.requiredText('name'), item.text('value')]))
    }
    if (value.type !== 'map') {
      this.#tell(value, `${name} is a map of names and values`)
      return new Map()
    }
    const own = new FieldReader(this.#file, value, this.#problems)
    return new Map(value.entries.map(([key]) => [key, own.text(key)]))
  }

  /** Told of fields that nobody asked for: a misspelt one would be silently without effect. */
  checkUnknown(): void {
    for (const [name, value] of this.#map.entries) {
      if (this.#asked.has(name)) continue
      const near = nearest(name, [...this.#asked])
      const known = [...this.#asked].filter((each) => each !== 'apiVersion' && each !== 'kind').join(', ')
      const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `known are ${known}`
      this.#tell(value, `unknown field ${name}: ${hint}`)
    }
  }

  #get(name: string): Value | undefined {
    this.#asked.add(name)
    return fieldOf(this.#map, name)
  }

  #items(name: string): readonly Value[] {
    const value = this.#get(name)
    if (value === undefined || (value.type === 'scalar' && value.isNull)) return []
    if (value.type === 'list') return value.items
    this.#tell(value, `${name} is a list`)
    return []
  }

  #tell(value: Value, text: string): null {
    this.#problems.add(this.#file, value.line, text)
    return null
  }
}
