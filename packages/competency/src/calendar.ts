const daysIn = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

const spell = (number: number, digits: number): string => String(number).padStart(digits, '0')

/** Whether there is such a day (RFC 3339, full-date): 2026-02-29 is none. */
export const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number)
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

/** The same day so many calendar months later, or the last of a month that doesn't have it. */
export const addMonths = (date: string, months: number): string => {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const count = year * 12 + month - 1 + months
  const to = { year: Math.floor(count / 12), month: (count % 12) + 1 }
  const last = daysIn(to.year, to.month)
  return `${spell(to.year, 4)}-${spell(to.month, 2)}-${spell(Math.min(day, last), 2)}`
}

/** The day that many days later. */
export const addDays = (date: string, days: number): string =>
  spellDay(Date.parse(date) + days * dayMs)

/** How many days after one day another is: below 0 if it comes before. */
export const daysFrom = (date: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(date)) / dayMs)

export const dayBefore = (date: string): string => spellDay(Date.parse(date) - dayMs)

/** Every day from the first to the last. */
export const daysBetween = (first: string, last: string): readonly string[] => {
  const days: string[] = []
  for (let day = Date.parse(first); day <= Date.parse(last); day += dayMs) days.push(spellDay(day))
  return days
}

const spellDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

const hourMs = 3_600_000

const dayMs = 24 * hourMs
let lastDay = { number: Number.NaN, spelled: '' }

/** The day in Makassar of a moment in milliseconds since 1970: WITA is UTC+8 all year. */
export const dayOf = (ms: number): string => {
  const number = Math.floor((ms + 8 * hourMs) / dayMs)
  // Today is asked for far more often than it changes.
  if (number !== lastDay.number) {
    lastDay = { number, spelled: spellDay(number * dayMs) }
  }
  return lastDay.spelled
}
