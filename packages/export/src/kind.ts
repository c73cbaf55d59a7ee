import type { Text } from '@jejak/texts/text'

export const formats = ['csv', 'xlsx', 'jsonl'] as const
export type Format = (typeof formats)[number]

/** A row by its fields. A number is a number if the format has numbers; null is an empty cell. */
export type ExportRow<Field extends string = string> = Readonly<
  Record<Field, string | number | null>
>

/** One completed course. Days are ISO 8601, as `2026-03-31`. */
export type CompletedCourse = {
  readonly nip: string
  readonly course: string
  /** The institution that held the course. */
  readonly organizer: string
  readonly certificateNumber: string
  /** Jam pelajaran. */
  readonly jp: number
  readonly startedOn: string
  readonly completedOn: string
  /** PerLAN 10/2018, 1 to 25. Default: 3, Diklat Teknis. */
  readonly form?: number
  /** BKN's own identifiers, if it has given them. */
  readonly bkn?: {
    readonly record?: string
    readonly person?: string
    readonly agency?: string
    readonly kind?: string
    readonly place?: string
  }
}

/** One kind of file for a ministry: a row for each completed course that has a certificate. */
export type ExportKind<Field extends string = string> = {
  /** As `siasn-kursus`. In manifests and events, file names, the route and the command. */
  readonly name: string
  /** Describes the rows: for the API's description, and for the command's help. */
  readonly summary: string
  readonly description: Text
  readonly formats: readonly Format[]
  /** The columns, in their order. */
  readonly fields: readonly Field[]
  readonly rowOf: (course: CompletedCourse) => ExportRow<Field>
  /** Fields that the ministry needs and nobody has given, by who gives them: they are empty. */
  readonly needs: Readonly<Partial<Record<Field, Text>>>
  /** The personal data in a row, for the read audit. */
  readonly personalData: readonly string[]
  /** An auditor finds the row of a certificate by its number, and compares these fields. */
  readonly audit: { readonly certificateNumber: Field; readonly compared: readonly Field[] }
}
