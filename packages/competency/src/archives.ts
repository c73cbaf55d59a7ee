/** An archive that keeps documents, as the event ArchiveRegistered has it. */
export type RegisteredArchive = {
  readonly code: string
  readonly title: string
  /** The first day on which it takes documents. */
  readonly from: string
  /** The last. */
  readonly until?: string
}

/**
 * Archives that documents of assessments are in, to begin with; HR registers others. The first day
 * of the city's own is not known for sure: it lies before every assessment that Jejak can have.
 */
export const archives: readonly RegisteredArchive[] = [
  {
    code: 'srikandi',
    title: 'Srikandi: Sistem Informasi Kearsipan Dinamis Terintegrasi',
    from: '2020-10-27',
  },
  { code: 'arsip-bkpsdmd', title: 'Unit kearsipan BKPSDMD Kota Makassar', from: '2017-01-01' },
  { code: 'arsip-daerah', title: 'Lembaga kearsipan daerah Kota Makassar', from: '2017-01-01' },
  { code: 'arsip-opd', title: 'Unit kearsipan perangkat daerah yang menilai', from: '2017-01-01' },
]

/** Whether it could take a document of this day by today. */
export const takesDocumentOf = (
  { from, until }: RegisteredArchive,
  day: string,
  today: string,
): boolean => from <= today && (until === undefined || day <= until)
