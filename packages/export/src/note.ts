import { signatureLine, signatureLinesMax } from '@jejak/transparency/checkpoint'
import { fromBase64 } from '@jejak/transparency/encoding'
import type { Signer, VerifierKey } from '@jejak/transparency/key'
import { type Manifest, manifestSha256 } from './manifest.ts'

/** Never the text of a checkpoint, whose second line is a number: the key signs those as well. */
const noteText = (origin: string, manifest: Manifest): string =>
  `jejak-export/v1\n${origin}\n${manifest.exportId}\n${manifestSha256(manifest)}\n`

/** A signed note (c2sp.org/signed-note) of the export's maker, its id, and the manifest's hash. */
export const signManifest = (manifest: Manifest, signer: Signer): string => {
  const text = noteText(signer.name, manifest)
  return `${text}\n${signatureLine(signer.name, signer.id, signer.sign(Buffer.from(text)))}`
}

/** The fault of a manifest's note. Signatures by other keys are ignored. */
export const noteProblem = (
  note: string,
  manifest: Manifest,
  key: VerifierKey,
): string | undefined => {
  const text = noteText(key.name, manifest)
  if (!note.startsWith(`${text}\n`)) return `is not ${key.name}'s note of this manifest`
  const lines = note.slice(text.length + 1).split('\n')
  if (lines.pop() !== '') return 'does not end with a newline'
  if (lines.length > signatureLinesMax) return 'has too many signatures'
  const own = lines
    .map(line => ({ line, bytes: fromBase64(line.split(' ')[2] ?? '') ?? Buffer.of() }))
    .filter(({ line }) => line.startsWith(`— ${key.name} `))
    .filter(({ bytes }) => bytes.toString('hex', 0, 4) === key.id)
  if (own.length === 0) return `is not signed by ${key.name}+${key.id}`
  return own.every(({ bytes }) => key.verify(Buffer.from(text), bytes.subarray(4)))
    ? undefined
    : `the signature by ${key.name}+${key.id} does not verify`
}
