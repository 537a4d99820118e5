/** Units as text for people and as documents. */
import { type Colours, noColours } from '../../../cli/colour.ts'
import type { Structure } from '../../../cli/format.ts'
import type { NamedField, NamedUnit } from './named-fields.ts'

const BYTES_PER_LINE = 8
const POSITION_WIDTH = 10
const HEX_WIDTH = BYTES_PER_LINE * 3 - 1
/** Names of nested fields get long: the columns of a unit are as wide as it needs, within these limits. */
const NAME_WIDTH = 22
const MAX_NAME_WIDTH = 60
const TYPE_WIDTH = 8
const VALUE_WIDTH = 6
const MAX_VALUE_WIDTH = 20
const INDENT = ' '.repeat(POSITION_WIDTH + 2)

/** The line over the columns. */
export function columnHeads({ dim }: Colours = noColours): string {
  const heads = ['position'.padStart(POSITION_WIDTH), 'bytes'.padEnd(HEX_WIDTH), 'field'.padEnd(NAME_WIDTH)]
  return `${dim([...heads, 'type'.padEnd(TYPE_WIDTH), 'value'].join('  '))}\n`
}

/** A unit: its title, then each field with its bytes, eight a line. */
export function unitText(unit: NamedUnit, maxFieldBytes: number, colours: Colours = noColours): string {
  const where = unit.space === 'decompressed' ? ' (positions in the decompressed records)' : ''
  const broken = unit.broken === undefined ? '' : `${INDENT}${colours.bad(`broken at ${unit.broken}`)}\n`
  const widths = widthsOf(unit)
  const lines = unit.fields.map((field) => fieldText(field, bytesOf(unit, field, maxFieldBytes), widths, colours))
  return `\n${colours.bold(unit.title)}${where}\n${lines.join('')}${broken}`
}

interface Widths {
  readonly name: number
  readonly value: number
}

function widthsOf({ fields }: NamedUnit): Widths {
  const longest = (texts: readonly string[], least: number, most: number): number =>
    Math.max(least, ...texts.map(({ length }) => length).filter((length) => length <= most))
  return {
    name: longest(
      fields.map(({ name }) => name),
      NAME_WIDTH,
      MAX_NAME_WIDTH,
    ),
    value: longest(fields.map(valueText), VALUE_WIDTH, MAX_VALUE_WIDTH),
  }
}

function bytesOf(unit: NamedUnit, field: NamedField, maxFieldBytes: number): Buffer {
  const at = field.position - unit.fields[0]!.position
  return unit.bytes.subarray(at, at + Math.min(field.sizeInBytes, maxFieldBytes))
}

function fieldText(field: NamedField, bytes: Buffer, widths: Widths, { dim, name, bad }: Colours): string {
  const { position, sizeInBytes, type, notes } = field
  const paint = type === 'unreadable' ? bad : dim
  const [first, ...others] = notesInLines(notes)
  const head = [
    String(position).padStart(POSITION_WIDTH),
    hexLine(bytes, 0),
    name(field.name.padEnd(widths.name)),
    type.padEnd(TYPE_WIDTH),
    first === undefined ? valueText(field) : valueText(field).padEnd(widths.value),
    first === undefined ? '' : paint(first),
  ]
  const lines = [head.join('  ').trimEnd()]
  const indent = ' '.repeat(widths.name + TYPE_WIDTH + widths.value + 6)
  const beside = (at: string, hex: string, note: string | undefined): void => {
    const left = `${at.padStart(POSITION_WIDTH)}  ${hex}`
    lines.push(note === undefined ? left.trimEnd() : `${left}${indent}  ${paint(note)}`)
  }
  for (let at = BYTES_PER_LINE; at < bytes.length; at += BYTES_PER_LINE) {
    beside(String(position + at), hexLine(bytes, at), others.shift())
  }
  const hidden = sizeInBytes - bytes.length
  if (hidden > 0) beside('', `... ${hidden} more`.padEnd(HEX_WIDTH), others.shift())
  for (const note of others) beside('', ' '.repeat(HEX_WIDTH), note)
  return lines.map((line) => `${line}\n`).join('')
}

/** Few notes in one line, many in one each. */
function notesInLines(notes: readonly string[]): readonly string[] {
  return notes.length === 0 || notes.length > 3 ? notes : [notes.join('; ')]
}

function hexLine(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, Math.min(at + BYTES_PER_LINE, bytes.length))
  return (hex.match(/../g) ?? []).join(' ').padEnd(HEX_WIDTH)
}

function valueText({ value, type }: NamedField): string {
  if (value === null) return ''
  return typeof value === 'string' && type !== 'uuid' && type !== 'json' ? JSON.stringify(value) : String(value)
}

/** The same as a document. */
export function unitDocument(unit: NamedUnit, maxFieldBytes: number): Record<string, Structure> {
  return {
    unit: unit.unit,
    title: unit.title,
    space: unit.space,
    broken: unit.broken ?? null,
    fields: unit.fields.map((field) => ({
      name: field.name,
      type: field.type,
      position: field.position,
      sizeInBytes: field.sizeInBytes,
      hex: bytesOf(unit, field, maxFieldBytes).toString('hex'),
      value: field.value,
      notes: [...field.notes],
    })),
  }
}
