/** How long what another process has written may go unseen, in milliseconds. */
const keptMs = 1_000

/**
 * Answers of the last second: those who ask the same at once share one. That there is none is asked
 * again, for one may come at any moment, and callers make up as many questions as they like; so is
 * what failed.
 */
export const keptBriefly = <Question, Answer>(ask: (question: Question) => Promise<Answer>) => {
  const kept = new Map<Question, { readonly until: number; readonly answer: Promise<Answer> }>()
  return {
    ask: (question: Question): Promise<Answer> => {
      const before = kept.get(question)
      if (before && before.until > performance.now()) return before.answer
      const asking = { until: performance.now() + keptMs, answer: ask(question) }
      const drop = () => void (kept.get(question) === asking && kept.delete(question))
      asking.answer.then(answer => answer ?? drop(), drop)
      kept.set(question, asking)
      return asking.answer
    },

    /** Asks again for the next caller: this process has written what the answer comes from. */
    forget: (question: Question): void => void kept.delete(question),
  }
}
