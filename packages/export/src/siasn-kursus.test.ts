import { describe, expect, test } from 'vitest'
import { siasnKursus } from './siasn-kursus.ts'
import { hospital } from './testing/signer.ts'

describe('a course for SIASN', () => {
  test('has days as dd-mm-yyyy, identifiers as text, and nothing made up', () => {
    expect(siasnKursus.rowOf(hospital)).toEqual({
      id: null,
      pnsOrangId: '',
      nipBaru: '199001012015019001',
      instansiId: '',
      jenisDiklatId: '3',
      jenisKursus: '',
      jenisKursusSertipikat: 'T',
      namaKursus: 'Manajemen Rumah Sakit',
      institusiPenyelenggara: 'BKPSDMD Kota Makassar',
      nomorSertipikat: 'MRS-2026/2026/0HJ4K2M8',
      jumlahJam: 40,
      tahunKursus: 2026,
      tanggalKursus: '05-01-2026',
      tanggalSelesaiKursus: '07-02-2026',
      lokasiId: '',
    })
  })

  test('has its fields in the order of SIASN', () => {
    expect(Object.keys(siasnKursus.rowOf(hospital))).toEqual(siasnKursus.fields)
  })

  test('counts in the year in which it was completed', () => {
    const row = siasnKursus.rowOf({
      ...hospital,
      startedOn: '2025-12-29',
      completedOn: '2026-01-02',
    })
    expect(row.tahunKursus).toBe(2026)
  })

  test('has the kind of certificate that its form gives', () => {
    const kinds = Array.from({ length: 25 }, (_, i) => {
      return siasnKursus.rowOf({ ...hospital, form: i + 1 }).jenisKursusSertipikat
    })
    expect(kinds.join('')).toBe('TFTPTTPTPTTTTTTTTTTTTTTTT')
  })

  test('keeps what BKN calls things', () => {
    const bkn = { record: 'A5EB03', person: 'b7', agency: 'c8', kind: 'd9', place: 'e0' }
    expect(siasnKursus.rowOf({ ...hospital, bkn })).toMatchObject({
      id: 'A5EB03',
      pnsOrangId: 'b7',
      instansiId: 'c8',
      jenisKursus: 'd9',
      lokasiId: 'e0',
    })
  })

  test.each([
    ['a NIP of 17 digits', { nip: '19900101201501900' }, 'a NIP has 18 digits'],
    ['a day of another form', { completedOn: '07-02-2026' }, '07-02-2026 is not a day'],
    ['a form that there is not', { form: 26 }, '26 is no form'],
  ])('is not made of %s', (_, wrong, message) => {
    expect(() => siasnKursus.rowOf({ ...hospital, ...wrong })).toThrow(message)
  })
})
