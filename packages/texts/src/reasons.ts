// tidy: one table, so that a reason has one text wherever it is shown
import { contradiction } from './days.ts'
import { type Filled, type Language, localise, type Template, type Text, wording } from './text.ts'
import { type OverCeiling, overCeiling } from './violations.ts'

/** The codes of gRPC that a reason may come with, by name. */
export type StatusName =
  | 'ABORTED'
  | 'ALREADY_EXISTS'
  | 'FAILED_PRECONDITION'
  | 'INTERNAL'
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'UNAUTHENTICATED'
  | 'UNAVAILABLE'

export type ReasonEntry = {
  readonly status: StatusName
  /** The status in HTTP, if it is another than the code of gRPC has. */
  readonly http?: number
  readonly message: Template
  /** What to do about it, for somebody who sends a file of rows. */
  readonly fix?: Text
}

type Reasons = Readonly<Record<string, ReasonEntry>>

const ofEveryCall = {
  NO_TOKEN: {
    status: 'UNAUTHENTICATED',
    message: {
      en: 'send "authorization: Bearer <token>" with the call',
      id: 'kirim "authorization: Bearer <token>" bersama permintaan',
    },
  },
  UNKNOWN_TOKEN: {
    status: 'UNAUTHENTICATED',
    message: {
      en: 'the token is unknown or revoked',
      id: 'token tidak dikenal atau sudah dicabut',
    },
  },
  NO_RIGHT: {
    status: 'PERMISSION_DENIED',
    message: ({ role, action }: { readonly role: string; readonly action: string }) => ({
      en: `the role ${role} has no right to ${action} here`,
      id: `peran ${role} tidak berhak atas ${action} di sini`,
    }),
    fix: {
      en:
        'send it with a token of the agency where the person serves; ' +
        'if that is yours, file a claim (FileClaim) and keep this row',
      id:
        'kirim dengan token instansi tempat pegawai itu bertugas; ' +
        'bila itu instansi Anda, ajukan klaim (FileClaim) dan simpan baris ini',
    },
  },
  INVALID: {
    status: 'INVALID_ARGUMENT',
    message: ({ field, description, more }: Wrong) => ({
      en: `${field}: ${description}${more > 0 ? ` (and ${more} more)` : ''}`,
      id: `${field}: ${description}${more > 0 ? ` (dan ${more} lainnya)` : ''}`,
    }),
  },
  REQUEST_ID_REUSED: {
    status: 'ALREADY_EXISTS',
    message: {
      en: 'this request id was used for something else: make a new one',
      id: 'id permintaan ini sudah dipakai untuk hal lain: buat id baru',
    },
    fix: {
      en:
        'the reference is that of a row that is stored: leave this row out if it is the same, ' +
        'or give it a new reference',
      id:
        'referensi ini milik baris yang sudah tersimpan: hapus baris ini bila isinya sama, ' +
        'atau beri referensi baru',
    },
  },
  VERSION_CONFLICT: {
    status: 'ABORTED',
    message: {
      en: 'others were faster: send it again',
      id: 'didahului perubahan lain: kirim sekali lagi',
    },
  },
  TRY_LATER: { status: 'UNAVAILABLE', message: (why: Text) => why },
  METADATA_TOO_LARGE: {
    status: 'RESOURCE_EXHAUSTED',
    message: ({ bytes, most }: { readonly bytes: number; readonly most: number }) => ({
      en: `metadata has ${bytes} bytes: at most ${most} are taken`,
      id: `metadata berukuran ${bytes} byte: paling banyak ${most} yang diterima`,
    }),
  },
  INTERNAL: {
    status: 'INTERNAL',
    message: (correlationId?: string) =>
      correlationId === undefined
        ? { en: 'internal error', id: 'kesalahan internal' }
        : {
            en: `internal error; its correlation id is ${correlationId}`,
            id: `kesalahan internal; id korelasinya ${correlationId}`,
          },
  },
} as const satisfies Reasons

/** The first violation of a request, and how many there are beside it. */
type Wrong = { readonly field: string; readonly description: string; readonly more: number }

/** What keeps the records of somebody, and until which day. */
type Kept = {
  readonly until: string
  readonly rule: string
  readonly kelasArsip: string
  readonly legalBasis: string
}

/** A list of the names that would do. */
type Known = readonly string[]

const nipUnknown: Text = {
  en: 'nobody has or had this NIP',
  id: 'tidak ada pegawai yang memiliki atau pernah memiliki NIP ini',
}

const ofPeople = {
  EMPLOYEE_UNKNOWN: {
    status: 'NOT_FOUND',
    message: (by: 'id' | 'nip' = 'id') =>
      by === 'nip'
        ? nipUnknown
        : {
            en: 'no civil servant is registered under this id',
            id: 'tidak ada pegawai yang terdaftar dengan id ini',
          },
    fix: {
      en: 'register the person first: jejak import employees',
      id: 'daftarkan pegawainya dahulu: jejak import employees',
    },
  },
  EMPLOYEE_ERASED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the person was erased, and nothing can be recorded of them',
      id: 'data pegawai ini sudah dihapus, dan tidak ada lagi yang dapat dicatat tentangnya',
    },
    fix: {
      en: 'leave the row out: the person was erased',
      id: 'hapus baris ini: data pegawainya sudah dihapus',
    },
  },
  EMPLOYEE_MERGED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the record was merged into another: use the id that GetEmployee has as merged_into',
      id: 'catatan ini sudah digabung ke catatan lain: pakai id pada merged_into dari GetEmployee',
    },
  },
  MERGED_ELSEWHERE: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the duplicate was merged into another record than this survivor',
      id: 'catatan ganda ini sudah digabung ke catatan lain, bukan ke catatan tujuan ini',
    },
  },
  MERGES_IN_CIRCLE: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the survivor was said to be a duplicate of this record: see which one is right',
      id: 'catatan tujuan pernah dinyatakan ganda dari catatan ini: periksa mana yang benar',
    },
  },
  TOO_MANY_RECORDS: {
    status: 'FAILED_PRECONDITION',
    message: ({ most }: { readonly most: number }) => ({
      en: `the person would have more than ${most} records: see whether they are all of one person`,
      id: `catatannya akan lebih dari ${most}: periksa apakah semuanya milik orang yang sama`,
    }),
  },
  REGISTERED_ALREADY: {
    status: 'ALREADY_EXISTS',
    message: {
      en: 'the registration was completed meanwhile',
      id: 'pendaftaran ini sudah selesai sementara itu',
    },
    fix: {
      en: 'the person is registered: leave the row out',
      id: 'pegawai ini sudah terdaftar: hapus baris ini',
    },
  },
  HOURS_ABOVE_CEILING: {
    status: 'FAILED_PRECONDITION',
    message: (above: OverCeiling) => ({
      en: `${overCeiling(above).en}: give override_reason if it is to be approved all the same`,
      id: `${overCeiling(above).id}: isi override_reason bila tetap disetujui`,
    }),
  },
  RETAINED: {
    status: 'FAILED_PRECONDITION',
    message: ({ until, rule, kelasArsip, legalBasis }: Kept) => ({
      en:
        `the schedule ${rule} keeps the class ${kelasArsip} until ${until} at the least ` +
        `(${legalBasis}; UU 43/2009): give last_day_of_service (--last-day) if there is one, ` +
        'or override_reason (--override) with the decision that allows it all the same',
      id:
        `jadwal ${rule} menyimpan kelas arsip ${kelasArsip} paling cepat sampai ${until} ` +
        `(${legalBasis}; UU 43/2009): isi last_day_of_service (--last-day) bila ada, ` +
        'atau override_reason (--override) dengan putusan yang tetap membolehkannya',
    }),
  },
  SUBJECT_REQUEST_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'the person has no such request with this id',
      id: 'pegawai ini tidak memiliki permintaan itu dengan id ini',
    },
  },
  SUBJECT_REQUEST_ANSWERED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the request was answered, and the person told: that stays',
      id: 'permintaan ini sudah dijawab dan diberitahukan: jawaban itu tetap',
    },
  },
  CORRECTION_NOT_MADE: {
    status: 'FAILED_PRECONDITION',
    message: {
      en:
        'a request for a correction is done by making it: use CorrectPersonalData with ' +
        'subject_request_id (jejak correct --request), or answer refused',
      id:
        'permintaan perbaikan dipenuhi dengan memperbaiki datanya: pakai CorrectPersonalData ' +
        'dengan subject_request_id (jejak correct --request), atau jawab refused',
    },
  },
  NIP_TAKEN: {
    status: 'ALREADY_EXISTS',
    /** A caller who may not read the record does not learn whose it is. */
    message: (holder: 'readable' | 'elsewhere') =>
      holder === 'readable'
        ? {
            en: 'the NIP belongs to another record: if it is the same person, merge the two',
            id: 'NIP ini milik catatan lain: bila orangnya sama, gabungkan keduanya',
          }
        : {
            en:
              'the NIP belongs to a record of another agency: if the person is yours, ' +
              'file a claim (FileClaim), and HR decides',
            id:
              'NIP ini milik catatan instansi lain: bila pegawainya milik Anda, ' +
              'ajukan klaim (FileClaim), lalu BKPSDM memutuskan',
          },
    fix: {
      en:
        'the person is registered already: leave the row out if that was you, and ' +
        'file a claim if another agency has registered your person (FileClaim)',
      id:
        'pegawai ini sudah terdaftar: hapus baris ini bila Anda yang mendaftarkannya, atau ' +
        'ajukan klaim bila instansi lain mendaftarkan pegawai Anda (FileClaim)',
    },
  },
  CLAIM_OPEN: {
    status: 'FAILED_PRECONDITION',
    message: {
      en:
        'your claim to this person is not decided yet: keep what you have, ' +
        'and send it again once HR has decided',
      id:
        'klaim Anda atas pegawai ini belum diputuskan: simpan berkasnya, ' +
        'dan kirim lagi setelah BKPSDM memutuskan',
    },
    fix: {
      en: 'keep this row, and send it again once HR has decided (ListClaims)',
      id: 'simpan baris ini, dan kirim lagi setelah BKPSDM memutuskan (ListClaims)',
    },
  },
  CLAIM_NEEDLESS: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the person is posted with you already: go on with that record',
      id: 'pegawai ini sudah ditempatkan pada Anda: lanjutkan dengan catatan itu',
    },
    fix: {
      en: 'the person is yours already: leave the row out',
      id: 'pegawai ini sudah milik Anda: hapus baris ini',
    },
  },
  CAREER_RECORD_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'the person has no such record of this kind that could be replaced',
      id: 'tidak ada catatan sejenis pada pegawai ini yang dapat diganti',
    },
  },
  CLAIM_UNKNOWN: {
    status: 'NOT_FOUND',
    message: { en: 'there is no such claim', id: 'klaim ini tidak ada' },
  },
  CLAIM_DECIDED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the claim has ended another way: the first decision stays',
      id: 'klaim ini sudah berakhir lain: keputusan pertama tetap berlaku',
    },
  },
  CLAIM_IMPOSSIBLE: {
    status: 'FAILED_PRECONDITION',
    message: ({
      field,
      description,
    }: {
      readonly field: string
      readonly description: string
    }) => ({
      en:
        `the person can't be posted as the claim says, so nothing was decided: ${field} ` +
        `${description}; dismiss the claim, and let it be filed again as it is right now`,
      id:
        `pegawai ini tidak dapat ditempatkan seperti klaimnya, jadi belum ada yang diputuskan: ` +
        `${field} ${description}; tolak klaim ini, lalu ajukan lagi dengan isian yang berlaku`,
    }),
  },
  NO_CONTRACT: {
    status: 'FAILED_PRECONDITION',
    message: {
      en:
        'a contract is that of a PPPK, and this person is none by this posting: ' +
        'state employment (pppk or pppk-paruh-waktu) with it, or leave contract_since empty',
      id:
        'perjanjian kerja hanya milik PPPK, dan menurut penempatan ini pegawainya bukan PPPK: ' +
        'isi employment (pppk atau pppk-paruh-waktu), atau kosongkan contract_since',
    },
  },
  NIP_UNKNOWN: { status: 'NOT_FOUND', message: nipUnknown },
  KEY_LOST: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the vault has no key of this person: it is older than the registration',
      id: 'kunci pegawai ini tidak ada di brankas: brankasnya lebih lama daripada pendaftarannya',
    },
    fix: {
      en: 'send the rest, and ask whoever runs Jejak about this person',
      id: 'kirim baris lainnya, dan tanyakan pegawai ini kepada pengelola Jejak',
    },
  },
} as const satisfies Reasons

const ofRegisters = {
  AGENCY_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'there is no agency with this code before that day: see ListAgencies',
      id: 'tidak ada perangkat daerah dengan kode ini sebelum tanggal itu: lihat ListAgencies',
    },
  },
  AGENCY_REGISTERED: {
    status: 'ALREADY_EXISTS',
    message: {
      en: 'an agency has this code already, and a code stands for one for ever',
      id: 'kode ini sudah dipakai perangkat daerah lain, dan satu kode berlaku selamanya',
    },
  },
  RULE_SET_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'there is no such rule set, or none that held on that day: see ListRuleSets',
      id: 'tidak ada kumpulan aturan itu, atau belum ada yang berlaku hari itu: lihat ListRuleSets',
    },
  },
  RULE_SET_ADOPTED: {
    status: 'ALREADY_EXISTS',
    message: {
      en: 'another file has this id, and an id stands for one file for ever: give a new one',
      id: 'id ini sudah dipakai berkas lain, dan satu id berlaku selamanya: berikan id baru',
    },
  },
  AGENCY_CLOSED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en:
        'the agency was closed on another day, or in another way: see ListAgencies, ' +
        'or correct what was said',
      id:
        'perangkat daerah ini sudah dihapus pada tanggal atau cara lain: lihat ListAgencies, ' +
        'atau perbaiki catatannya',
    },
  },
  AGENCY_OPEN: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the agency was never closed: there is nothing to correct',
      id: 'perangkat daerah ini belum pernah dihapus: tidak ada yang diperbaiki',
    },
  },
  ASSESSOR_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'no assessor is registered under this id: see ListAssessors',
      id: 'tidak ada asesor yang terdaftar dengan id ini: lihat ListAssessors',
    },
    fix: {
      en: 'use the id from the register of assessors, or ask HR (BKPSDMD) to register the assessor',
      id: 'pakai id dari daftar asesor, atau minta BKPSDMD mendaftarkan asesor itu',
    },
  },
  ASSESSOR_OFF_REGISTER: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the assessor was not on the register on the day of the assessment: see since and until',
      id: 'asesor ini tidak terdaftar pada hari asesmen: lihat since dan until',
    },
    fix: {
      en: 'compare the day and the assessor with the document, or ask HR (BKPSDMD) about the days',
      id: 'cocokkan tanggal dan asesornya dengan dokumen, atau tanyakan masanya kepada BKPSDMD',
    },
  },
  ASSESSOR_IS_ASSESSED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the assessor is the person who was assessed: nobody assesses themself',
      id: 'asesor ini pegawai yang dinilai itu sendiri: tidak boleh menilai diri sendiri',
    },
    fix: {
      en: 'see whether the assessor and the person are right',
      id: 'periksa asesor dan pegawainya',
    },
  },
  ASSESSOR_REGISTERED: {
    status: 'ALREADY_EXISTS',
    message: {
      en: 'an assessor is registered under this id already, and an id stands for one for ever',
      id: 'id ini sudah dipakai seorang asesor, dan satu id berlaku selamanya',
    },
  },
  ASSESSOR_ENDED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en:
        'the assessor’s time ends on another day: see ListAssessors, ' +
        'or correct what was recorded',
      id:
        'masa asesor ini berakhir pada tanggal lain: lihat ListAssessors, ' +
        'atau perbaiki catatannya',
    },
  },
  ASSESSOR_NOT_ENDED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'no end is set for the assessor: there is nothing to correct',
      id: 'masa asesor ini belum diakhiri: tidak ada yang diperbaiki',
    },
  },
  ASSESSOR_ERASED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the assessor was erased, and nothing can be recorded of them',
      id: 'asesor ini sudah dihapus, dan tidak ada lagi yang dapat dicatat tentangnya',
    },
  },
  ASSESSOR_SERVES: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the assessor’s time has not ended: end it first (EndAssessor)',
      id: 'masa asesor ini belum berakhir: akhiri dahulu (EndAssessor)',
    },
  },
  ASSESSOR_IS_EMPLOYEE: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the assessor is a civil servant, whose data is erased by EraseEmployee',
      id: 'asesor ini seorang ASN: datanya dihapus dengan EraseEmployee',
    },
  },
} as const satisfies Reasons

const ofTrainings = {
  PROGRAM_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'there is no programme with this id',
      id: 'tidak ada program dengan id ini',
    },
  },
  COHORT_UNKNOWN: {
    status: 'NOT_FOUND',
    message: { en: 'there is no cohort with this id', id: 'tidak ada angkatan dengan id ini' },
  },
  ENROLLED_ALREADY: {
    status: 'ALREADY_EXISTS',
    message: {
      en:
        'the person is enrolled in this cohort already, perhaps under another of their records: ' +
        'see enrollment_id',
      id:
        'pegawai ini sudah menjadi peserta angkatan ini, mungkin dengan catatannya yang lain: ' +
        'lihat enrollment_id',
    },
  },
  SEATED_ALREADY: {
    status: 'FAILED_PRECONDITION',
    message: {
      en:
        'the person has a seat in this cohort by another enrollment: ' + 'withdraw that one first',
      id:
        'pegawai ini sudah mendapat tempat di angkatan ini lewat kepesertaan lain: ' +
        'batalkan yang itu dahulu',
    },
  },
  COHORT_FULL: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'every seat of the cohort is taken: wait for a withdrawal, or open another cohort',
      id: 'angkatan ini penuh: tunggu ada yang mundur, atau buka angkatan lain',
    },
  },
  ENROLLMENT_UNKNOWN: {
    status: 'NOT_FOUND',
    /** A service that learns of enrollments from the log has a new one a moment later. */
    message: (arrives: 'at once' | 'later' = 'at once') =>
      arrives === 'at once'
        ? {
            en: 'there is no enrollment with this id',
            id: 'tidak ada kepesertaan dengan id ini',
          }
        : {
            en: 'there is no enrollment with this id: one that is new may take a moment',
            id: 'tidak ada kepesertaan dengan id ini: yang baru mungkin perlu beberapa saat',
          },
  },
  LEARNING_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'there is no learning with this id',
      id: 'tidak ada pembelajaran dengan id ini',
    },
  },
  LEARNING_RECORDED: {
    status: 'ALREADY_EXISTS',
    message: {
      en:
        'the person has this certificate already: the same number, organiser and last day, see ' +
        'learning_id',
      id:
        'sertifikat ini sudah tercatat pada pegawai ini: nomor, penyelenggara dan tanggal ' +
        'selesainya sama, lihat learning_id',
    },
  },
  LEARNING_REVOKED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the learning was revoked on another day or for another reason: see ListLearning',
      id: 'pembelajaran ini sudah dicabut pada tanggal atau alasan lain: lihat ListLearning',
    },
  },
  NOT_NOMINATED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the enrollment does not wait for approval',
      id: 'kepesertaan ini tidak sedang menunggu persetujuan',
    },
  },
  NOT_APPROVED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the enrollment has no seat: it was not approved, or it has ended',
      id: 'kepesertaan ini tidak mendapat tempat: belum disetujui, atau sudah berakhir',
    },
  },
  ENROLLMENT_COMPLETED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the training is completed, and the enrollment does not change any more',
      id: 'pelatihannya sudah selesai, dan kepesertaan ini tidak berubah lagi',
    },
  },
  DAYS_CONTRADICT: {
    status: 'FAILED_PRECONDITION',
    message: contradiction,
    fix: {
      en: 'compare the day with the document',
      id: 'cocokkan tanggalnya dengan dokumen',
    },
  },
  ATTENDANCE_INCOMPLETE: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'not every module was attended in full',
      id: 'belum semua modul dihadiri penuh',
    },
  },
} as const satisfies Reasons

const ofCompetencies = {
  ASSESSMENT_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'the person has no assessment with this id',
      id: 'pegawai ini tidak memiliki asesmen dengan id ini',
    },
  },
  SUPERSEDED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'another stands in the place of this assessment: take the id of that one',
      id: 'asesmen ini sudah digantikan asesmen lain: pakai id asesmen itu',
    },
  },
  TOO_MANY_ASSESSMENTS: {
    status: 'FAILED_PRECONDITION',
    message: ({ most }: { readonly most: number }) => ({
      en: `the person has ${most} assessments, which is the most: see whose they are`,
      id: `pegawai ini sudah memiliki ${most} asesmen, yaitu batasnya: periksa milik siapa`,
    }),
    fix: {
      en: 'see whether the NIP is right: no person has so many',
      id: 'periksa NIP-nya: tidak ada orang yang memiliki sebanyak itu',
    },
  },
  CONTEST_OPEN: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the assessment is contested already, and that is not decided yet',
      id: 'asesmen ini sudah diajukan keberatannya, dan belum diputuskan',
    },
  },
  CONTEST_UPHELD: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'a contest of the assessment was upheld: it does not count any more',
      id: 'keberatan atas asesmen ini dikabulkan: asesmennya tidak berlaku lagi',
    },
  },
  CONTEST_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'the person has no contest with this id',
      id: 'pegawai ini tidak memiliki keberatan dengan id ini',
    },
  },
  CONTEST_RESOLVED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the contest was decided the other way, and that stays',
      id: 'keberatan ini sudah diputuskan sebaliknya, dan putusan itu tetap',
    },
  },
  CONTEST_ENDED: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the contest ended without a decision, for the person was erased',
      id: 'keberatan ini berakhir tanpa putusan, karena data orangnya sudah dihapus',
    },
  },
  CONTEST_LATE: {
    status: 'FAILED_PRECONDITION',
    message: ({ until }: { readonly until: string }) => ({
      en: `the assessment could be contested until ${until}; HR can allow it late, with a reason`,
      id:
        `keberatan atas asesmen ini dapat diajukan sampai ${until}; ` +
        'BKPSDM dapat mengizinkannya terlambat dengan alasan',
    }),
  },
  LATE_CONTEST_FORBIDDEN: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'by the rules nobody can contest the assessment late, whatever the reason',
      id: 'menurut aturan, keberatan atas asesmen ini tidak boleh terlambat, apa pun alasannya',
    },
  },
  PANEL_TOO_SMALL: {
    status: 'FAILED_PRECONDITION',
    message: ({ least, ruleSet }: { readonly least: number; readonly ruleSet: string }) => ({
      en: `the panel must have at least ${least} persons (${ruleSet}); one with two ids is one`,
      id:
        `panel harus terdiri dari sedikitnya ${least} orang (${ruleSet}); ` +
        'seorang dengan dua id dihitung satu',
    }),
  },
  PANEL_HAS_ASSESSOR: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the assessor of the contested assessment can’t be on the panel',
      id: 'asesor dari asesmen yang diajukan keberatannya tidak boleh menjadi anggota panel',
    },
  },
  PANEL_HAS_PERSON: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'who contests the assessment can’t be on the panel',
      id: 'yang mengajukan keberatan tidak boleh menjadi anggota panel',
    },
  },
  PANELIST_UNKNOWN: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'a member of the panel is neither a civil servant nor an assessor on the register today',
      id: 'seorang anggota panel bukan pegawai dan bukan asesor yang terdaftar hari ini',
    },
  },
  FRAMEWORK_PUBLISHED: {
    status: 'ALREADY_EXISTS',
    message: {
      en: 'a dictionary with this id was published, and stays: a change takes a new id',
      id: 'kamus dengan id ini sudah diterbitkan, dan tetap: perubahan memerlukan id baru',
    },
  },
  ARCHIVE_REGISTERED: {
    status: 'ALREADY_EXISTS',
    message: {
      en: 'an archive with this code is registered, with another title or first day: both stay',
      id: 'arsip ini sudah terdaftar dengan judul atau tanggal awal lain: keduanya tetap',
    },
  },
  FRAMEWORK_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'no dictionary was published under this id',
      id: 'tidak ada kamus yang diterbitkan dengan id ini',
    },
  },
  COMPETENCY_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'the dictionary has no competency with this code',
      id: 'kamus ini tidak memuat kompetensi dengan kode itu',
    },
  },
  STANDARD_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'nothing says what the position requires on this day',
      id: 'belum ada standar kompetensi jabatan ini pada tanggal ini',
    },
  },
  CERTIFICATE_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'there is no certificate with this id',
      id: 'tidak ada sertifikat dengan id ini',
    },
  },
} as const satisfies Reasons

const ofLogs = {
  LOG_UNKNOWN: {
    status: 'NOT_FOUND',
    message: (known: Known) => ({
      en: `there is no such log: there are ${known.join(', ')}`,
      id: `tidak ada log itu: yang ada ${known.join(', ')}`,
    }),
  },
  SIGNED_ELSEWHERE: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'another process signs this log: ask it there',
      id: 'log ini ditandatangani proses lain: mintalah di sana',
    },
  },
  BEYOND_LOG: {
    status: 'FAILED_PRECONDITION',
    message: ({ size }: { readonly size: number }) => ({
      en: `the log has ${size} events only`,
      id: `log ini hanya memiliki ${size} peristiwa`,
    }),
  },
  SERVICE_UNKNOWN: {
    status: 'NOT_FOUND',
    message: (known: Known) => ({
      en: `there is no such service here: there are ${known.join(', ')}`,
      id: `tidak ada layanan itu di sini: yang ada ${known.join(', ')}`,
    }),
  },
  NOT_PARKED: {
    status: 'NOT_FOUND',
    message: {
      en: 'the stream is not parked: the service hears of it',
      id: 'stream ini tidak diparkir: layanan tetap membacanya',
    },
  },
  PARKED_AT_OTHER_VERSION: {
    status: 'FAILED_PRECONDITION',
    message: {
      en: 'the stream is parked at another version by now: list it again',
      id: 'stream ini sekarang diparkir pada versi lain: lihat kembali daftarnya',
    },
  },
} as const satisfies Reasons

const ofExports = {
  EXPORT_UNKNOWN: {
    status: 'NOT_FOUND',
    message: {
      en: 'there is no such export, or no such file',
      id: 'ekspor atau berkas itu tidak ada',
    },
  },
  EXPORT_GONE: {
    status: 'NOT_FOUND',
    message: (why: 'not kept' | 'erased' = 'not kept') => {
      const gone = {
        en: 'it is not kept any more: make a new one, which takes its place',
        id: 'tidak disimpan lagi: buat yang baru sebagai penggantinya',
      }
      if (why === 'not kept') return gone
      return {
        en: `somebody in it was erased since: ${gone.en}`,
        id: `data seseorang di dalamnya sudah dihapus: ${gone.id}`,
      }
    },
  },
} as const satisfies Reasons

/** What the HTTP server refuses before a handler sees it. */
const ofHttp = {
  BAD_URL: {
    status: 'INVALID_ARGUMENT',
    message: { en: 'the URL is not well formed', id: 'URL tidak berbentuk benar' },
  },
  BAD_JSON: {
    status: 'INVALID_ARGUMENT',
    message: (why: 'empty' | 'malformed') =>
      why === 'empty'
        ? { en: 'send a JSON object as the body', id: 'kirim objek JSON sebagai isi' }
        : { en: 'the body is not JSON', id: 'isinya bukan JSON' },
  },
  BAD_REQUEST: {
    status: 'INVALID_ARGUMENT',
    message: (why: 'unreadable' | 'length' = 'unreadable') =>
      why === 'length'
        ? {
            en: 'the body is not as long as it says',
            id: 'panjang isinya tidak sesuai dengan yang disebutkan',
          }
        : { en: 'the request can’t be read', id: 'permintaan tidak dapat dibaca' },
  },
  NO_SUCH_ROUTE: {
    status: 'NOT_FOUND',
    message: {
      en: 'there is no such route: see /openapi.json',
      id: 'rute itu tidak ada: lihat /openapi.json',
    },
  },
  BODY_TOO_LARGE: {
    status: 'INVALID_ARGUMENT',
    http: 413,
    message: {
      en: 'the body is larger than it can be',
      id: 'isinya lebih besar daripada yang dapat diterima',
    },
  },
  CONTENT_TYPE: {
    status: 'INVALID_ARGUMENT',
    http: 415,
    message: {
      en: 'send content-type: application/json',
      id: 'kirim content-type: application/json',
    },
  },
  TOO_SLOW: {
    status: 'UNAVAILABLE',
    message: {
      en: 'it took too long: try again, or ask for less',
      id: 'terlalu lama: coba lagi, atau minta lebih sedikit',
    },
  },
} as const satisfies Reasons

/** Why a call fails: stable, the same in gRPC, HTTP, files of refused rows and the terminal. */
export const reasons = {
  ...ofEveryCall,
  ...ofPeople,
  ...ofRegisters,
  ...ofTrainings,
  ...ofCompetencies,
  ...ofLogs,
  ...ofExports,
  ...ofHttp,
}

export type Reason = keyof typeof reasons

/** The reasons that only the HTTP server gives, and no call of gRPC. */
export const httpReasons: readonly Reason[] = Object.keys(ofHttp) as readonly Reason[]

type Messages = { readonly [R in Reason]: (typeof reasons)[R]['message'] }

/** A reason, with the values that its message has in it. */
export type Reasoned = Filled<Messages>

export const reasonIn = (reasoned: Reasoned): Reason =>
  typeof reasoned === 'string' ? reasoned : reasoned.key

export const messageFor = (reasoned: Reasoned, language?: Language): string =>
  wording(messages, reasoned, language)

const messages = Object.fromEntries(
  Object.entries(reasons).map(([reason, { message }]) => [reason, message]),
) as Messages

export const isReason = (name: string): name is Reason => Object.hasOwn(reasons, name)

/** What to do about a row of a file that was refused, if that is known. */
export const fixOf = (reason: Reason, language?: Language): string | undefined => {
  const { fix }: ReasonEntry = reasons[reason]
  return fix && localise(fix, language)
}
