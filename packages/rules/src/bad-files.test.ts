import { ruleFaultText } from '@jejak/texts/rule-faults'
import { describe, expect, test } from 'vitest'
import { builtInRuleSets, checkRuleSet } from './built-in.ts'
import type { RuleKind } from './kinds.ts'

const fileOf = (kind: RuleKind): string =>
  builtInRuleSets().find(({ set }) => set.kind === kind)?.content ?? ''

type Bad = readonly [RuleKind, from: string | RegExp, to: string, problem: string]

/** One change of a file that is right, and the problem that it must have: its place, and why. */
const bad: readonly Bad[] = [
  ['hours', 'kind: hours', 'kind: hour', 'kind must be one of'],
  ['hours', 'kind: hours\n', '', 'kind is missing'],
  ['hours', 'id: jam-pelajaran-v1', 'id: Jam Pelajaran', 'id must be up to 64'],
  ['hours', 'id: jam-pelajaran-v1', 'id: 2026', 'id must be a text'],
  ['hours', '2018-01-01', '2018-02-30', 'validFrom must be a day'],
  ['hours', '2018-01-01', '0000-01-01', 'validFrom must be 1945-08-17 or more'],
  ['hours', '2018-01-01', '1 Januari 2018', 'validFrom must be a day'],
  ['hours', 'certainty: second-hand', 'certainty: sure', 'certainty must be one of seen'],
  ['hours', 'certainty: second-hand', 'surety: seen', 'surety is no field here'],
  ['hours', 'minutesPerJp: 45', 'minutesPerJp: 0', 'rules.minutesPerJp must be 1 or more'],
  ['hours', 'minutesPerJp: 45', 'minutesPerJp: 45.5', 'rules.minutesPerJp must be a whole number'],
  ['hours', 'minutesPerJp: 45', "minutesPerJp: '45'", 'rules.minutesPerJp must be a whole'],
  ['hours', 'minutesPerJp: 45', 'minutesPerJp: 900', 'rules.minutesPerJp must be 240 or less'],
  ['hours', 'rounding: down', 'rounding: up', 'rules.rounding must be one of down'],
  ['hours', 'id: 2, name', 'id: 1, name', 'rules.forms[1].id has 1 twice'],
  ['hours', 'id: 2, name', 'id: 1, name', 'rules.forms lacks 2'],
  ['hours', 'id: 2, name', 'id: 26, name', 'rules.forms[1].id must be 25 or less'],
  ['hours', 'name: Magang, ', '', 'rules.forms[9].name is missing'],
  ['hours', 'per-activity, jp: 20', 'per-activity', 'rules.forms[9].jp is missing: per-activity'],
  ['hours', 'as-logged, max', 'as-logged, jp: 2, max', 'rules.forms[15].jp does not go with'],
  ['hours', 'maxJpPerDay: 3', 'maxJpPerDay: 0', 'rules.forms[15].maxJpPerDay must be above 0'],
  ['hours', 'maxJpPerDay: 3', 'maxJpPerDay: -3', 'rules.forms[15].maxJpPerDay must be above 0'],
  ['hours', 'maxJpPerDay: 3', 'maxSessionsPerMonth: 3', 'rules.forms[15].maxSessionsPerMonth does'],
  ['hours', 'abroad: { jp: 24 }', 'abroad: {}', 'rules.forms[9].abroad must have one of jp'],
  ['hours', 'blend: 10', 'blend: 30', 'rules.forms[0].blend must be one of 10, 20, 70'],
  ['hours', 'floorJp: 20', 'floorJp: twenty', 'rules.employments[0].floorJp must be a number, or'],
  ['hours', 'floorJp: 20', 'floorJp: -1', 'rules.employments[0].floorJp must be above 0'],
  ['hours', '20, ceilingJp: null', '20, ceilingJp: 10', 'floorJp must not be above the ceiling'],
  ['hours', 'employment: cpns', 'employment: pns', 'rules.employments lacks cpns'],
  [
    'hours',
    '[jpt-utama, jpt',
    '[jpt-raja, jpt',
    'ceilingExceptOffices[0] must be one of jpt-utama',
  ],
  ['level-policy', /dictionary: .*/, 'dictionary: kamus', "rules.policies lacks '*'"],
  ['level-policy', 'pick: latest', 'pick: best', 'rules.policies[0].pick must be one of latest'],
  ['level-policy', 'pick: latest', 'pick: highest-accredited', "pick can't be computed by"],
  ['level-policy', 'validityMonths: 36', 'validityMonths: 0', 'validityMonths must be 1 or more'],
  ['level-policy', 'pick: latest', 'pick: latest\n      assessors: 3', 'assessors does not go'],
  ['level-policy', 'pick: latest', 'pick: consensus', 'assessors is missing: consensus'],
  ['match', 'cap: TOTAL_100', 'cap: 100', 'rules.cap must be one of NONE'],
  ['match', 'from: 68', 'from: 80', 'steps[1].from must be below 80'],
  ['match', 'Kurang Memenuhi Syarat, from: 0', 'Kurang, from: 1', 'must be 0 in the last row'],
  ['match', 'purpose: mapping', 'purpose: selection', 'rules.categories lacks mapping'],
  ['match', 'code: MMS', 'code: MS', 'steps[1].code has MS twice'],
  ['position-levels', 'level: 4,', 'level: 3,', 'rules.levels lacks 4'],
  ['position-levels', 'level: 4,', 'level: 6,', 'rules.levels[3].level must be 5 or less'],
  ['position-levels', ', pemula', '', 'rules.levels lacks pemula'],
  ['position-levels', 'pemula', 'pemulaa', 'rules.levels[0].offices[1] must be one of'],
  ['position-levels', '[pengawas, ', '[pelaksana, ', 'offices[0] has pelaksana twice'],
  ['offices', 'level: jpt-utama', 'level: jpt', 'rules.echelons[0].level must be one of'],
  ['offices', /group: administrasi/, 'group: lain', 'rules.levels[3].group must be one of'],
  ['offices', 'holdsOffice: true', 'holdsOffice: ya', 'holdsOffice must be true or false'],
  ['offices', 'code: PLT', 'code: plt', 'rules.assignments[1].code must look like'],
  ['contest', 'members: 3', 'members: 4', 'rules.panel.members must be odd'],
  ['contest', 'fileWithinDays: 30', 'fileWithinDays: 0', 'rules.fileWithinDays must be 1'],
  ['contest', /panel:[\s\S]*/, '', 'rules.panel is missing'],
  [
    'ip-asn',
    '    groups:\n',
    '    forms: [{ form: 2, counts: seminar }]\n    groups:\n',
    'rules.competency.forms[0].counts must be',
  ],
  [
    'ip-asn',
    '    groups:\n',
    '    forms: [{ form: 2, counts: null }, { form: 2, counts: null }]\n    groups:\n',
    'rules.competency.forms[1].form has 2 twice',
  ],
  [
    'ip-asn',
    '    groups:\n',
    '    forms: [{ form: 2, counts: null }]\n    groups:\n',
    'rules.competency.forms lacks 1, 3, 4',
  ],
  ['ip-asn', 'qualification: 25', 'qualification: 20', 'rules.weights must make 100'],
  ['ip-asn', '[S-3], score: 25', '[S-3], score: 24', 'rules.qualification must be 25 at the most'],
  ['ip-asn', 'score: 17.5', 'score: 10', 'groups[2].indicators must make 40'],
  ['ip-asn', '[lainnya]', '[lain]', 'rules.qualification lacks lainnya'],
  ['ip-asn', 'above: null', 'above: 10', 'byValue[4].above must be null in the last row'],
  ['ip-asn', 'above: 75', 'above: null', 'byValue[1].above may be null in the last row alone'],
  ['ip-asn', 'above: 60', 'above: 80', 'byValue[2].above must be below 75'],
  ['ip-asn', 'level: sedang', 'level: ringan', 'rules.discipline.punished lacks sedang'],
  ['ip-asn', 'office: pengawas', 'office: camat', 'leadershipTraining[0].office must be one of'],
]

const problemsIn = (bytes: Uint8Array): readonly string[] => {
  const checked = checkRuleSet(bytes)
  if ('set' in checked) return []
  return checked.problems.map(({ path, fault }) => `${path} ${ruleFaultText(fault)}`.trim())
}

describe('a file of rules', () => {
  test.each(bad)('of %s with %s as %s is refused: %s', (kind, from, to, problem) => {
    const content = fileOf(kind)
    const changed = content.replace(from, to)
    expect(changed).not.toBe(content)
    const found = problemsIn(Buffer.from(changed))
    expect(
      found.some(text => text.includes(problem)),
      found.join('\n'),
    ).toBe(true)
  })

  test('that is no file of rules at all is refused, and says why', () => {
    const large = `${fileOf('contest')}#${'x'.repeat(50_000)}`
    const titled = (title: string) =>
      Buffer.from(fileOf('contest').replace(/^title: .*/m, `title: ${title}`))
    const broken: readonly (readonly [Uint8Array, string])[] = [
      [Buffer.from(''), 'is empty'],
      [Buffer.from([0x6b, 0xff, 0xfe]), 'is not UTF-8'],
      [Buffer.from(large), 'make it 49152 or less'],
      [Buffer.from('a: [1'), 'is not YAML'],
      [Buffer.from('['.repeat(40_000)), 'is not YAML'],
      [Buffer.from('a: 1\na: 2'), 'is not YAML'],
      [Buffer.from('a: &a 1\nb: *a'), 'is an anchor'],
      [Buffer.from('halo'), 'must be fields with values'],
      [Buffer.from(`${fileOf('contest')}# 198609262015051001`), 'looks like a NIP or NIK'],
      [Buffer.from(`${fileOf('contest')}# a\u200bb`), 'the invisible character U+200B'],
      [titled('"\\x31986\\u0030926 201505 1 001"'), 'looks like a NIP or NIK in line '],
      [titled('"oleh 19860926\\\n  2015051001"'), 'looks like a NIP or NIK in line '],
      [titled('0x2c19a124f8274f9'), 'looks like a NIP or NIK in line '],
      [titled('{ "\\x31986\\u0030926 201505 1 001": a }'), 'looks like a NIP or NIK in line '],
      [titled('"a\\u200bb"'), 'the invisible character U+200B'],
      [Buffer.from(`${fileOf('contest')}#${'"'.repeat(30_000)}`), 'make it 49152 or less'],
    ]
    for (const [bytes, problem] of broken) {
      expect(problemsIn(bytes).join('\n')).toContain(problem)
    }
  })

  test('is told all that is wrong with it at once, each with its line', () => {
    const changed = fileOf('hours').replace('minutesPerJp: 45', 'minutesPerJp: x\n  extra: 1')
    const checked = checkRuleSet(Buffer.from(changed.replace('2018-01-01', 'soon')))
    expect('problems' in checked && checked.problems.map(({ line, path }) => [line, path])).toEqual(
      [
        [7, 'validFrom'],
        [15, 'rules.minutesPerJp'],
        [16, 'rules.extra'],
      ],
    )
  })
})
