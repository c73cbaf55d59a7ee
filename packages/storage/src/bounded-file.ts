import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

// Files that somebody else has made. A name says nothing of what is behind it: a pipe that nobody
// writes, a device without an end, a file of many terabytes that takes no room on the disk.

/** What lies at the path is not read: no regular file, or larger than such a file may be. */
export class FileRefused extends Error {
  override name = 'FileRefused'
}

/** Opens a regular file for reading, and nothing else. What it is, the open file says itself. */
export const openRegular = async (path: string): Promise<FileHandle> => {
  // Without O_NONBLOCK the open itself waits until somebody writes the pipe.
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants
  const file = await open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY).catch(error => {
    throw error.code === 'ENXIO' ? new FileRefused('it is not a regular file') : error // A socket.
  })
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new FileRefused('it is not a regular file')
}

/** The bytes of a regular file, in chunks, and no more than so many. */
export async function* boundedChunks(path: string, bytesMax: number): AsyncGenerator<Buffer> {
  const file = await openRegular(path)
  try {
    for (let left = bytesMax; left > 0; ) {
      const chunk = Buffer.allocUnsafe(Math.min(left, chunkBytes))
      const { bytesRead } = await file.read(chunk, 0, chunk.length)
      if (bytesRead === 0) return
      left -= bytesRead
      yield chunk.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

const chunkBytes = 64 * 1024

/** The bytes of a regular file that has at most so many of them, also if it grows meanwhile. */
export const readBounded = async (path: string, bytesMax: number): Promise<Buffer> => {
  const file = await openRegular(path)
  try {
    const { size } = await file.stat()
    if (size > bytesMax) {
      throw new FileRefused(`it has ${size} bytes: at most ${bytesMax} are read`)
    }
    const bytes = Buffer.allocUnsafe(size + 1) // One more, to see that it has ended.
    for (let at = 0; ; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at)
      if (bytesRead === 0) return bytes.subarray(0, at)
      at += bytesRead
      if (at > size) throw new FileRefused('it grew while it was read')
    }
  } finally {
    await file.close()
  }
}
