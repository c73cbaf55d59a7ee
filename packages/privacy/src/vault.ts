/** Seals one person's data. `subject` is the `asnId`; the key is 32 random bytes. */
export type SubjectKey = {
  readonly subject: string
  readonly keyId: string
  readonly key: Uint8Array
}

/** The key was destroyed: what it sealed can't be read again. */
export type Erased = 'erased'

/**
 * The keys of persons, and who holds which NIP. Apart from the logs, so that destroying a key
 * erases a person and breaks no proof. Every answer is durable before it is given, and every
 * adapter passes `vault-contract.ts`. Throws if the store can't be reached.
 */
export type Vault = {
  /** The subject's one key, made if there is none yet. */
  readonly create: (subject: string) => Promise<SubjectKey | Erased>
  /** In the order of the subjects; undefined of one that never had a key. */
  readonly keys: (
    subjects: readonly string[],
  ) => Promise<readonly (SubjectKey | Erased | undefined)[]>
  /**
   * Destroys the key and forgets the NIPs of the subject, which can't have a key again. Also of
   * one that the vault does not know. Doing it twice is doing it once.
   */
  readonly erase: (subject: string) => Promise<void>
  /**
   * Reserves the NIP and returns its holder: the subject itself, if nobody held it. An erased
   * subject is returned as if it held the NIP, and does not: `create` refuses it.
   */
  readonly reserve: (nip: string, subject: string) => Promise<string>
  /**
   * Gives a reservation whose stream never began to another; false if `from` does not hold it.
   */
  readonly takeOver: (nip: string, from: string, subject: string) => Promise<boolean>
  readonly find: (nip: string) => Promise<string | undefined>
  readonly close: () => Promise<void>
}

/** The part of a vault that readers of personal data get: it makes and destroys no keys. */
export type SubjectKeys = Pick<Vault, 'keys'>

/**
 * Erases what the logs say is erased. A vault that was restored from an older copy has keys that
 * were destroyed since: it must not serve before this. Answers how many it found.
 */
export const refuseErased = async (
  vault: Pick<Vault, 'keys' | 'erase'>,
  subjects: readonly string[],
): Promise<number> => {
  const keys = await vault.keys(subjects)
  const kept = subjects.filter((_, at) => keys[at] !== 'erased')
  for (const subject of kept) await vault.erase(subject)
  return kept.length
}
