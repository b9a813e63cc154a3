/** What a host's file system answers when it can't; the message is what commands print after a path. */
const messages = {
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  EBUSY: "Device or resource busy",
  EROFS: "Read-only file system",
  EIO: "Input/output error",
} as const;

export type FileErrorCode = keyof typeof messages;

export interface FileError extends Error {
  readonly code: FileErrorCode;
}

export function fileError(code: FileErrorCode): FileError {
  return Object.assign(new Error(messages[code]), { code });
}

/** The code, where the error is one of these. */
export function codeOf(error: unknown): FileErrorCode | undefined {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code in messages ? (code as FileErrorCode) : undefined;
}
