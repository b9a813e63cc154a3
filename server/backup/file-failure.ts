/** What the file system's refusals mean, and what is wrong with a backup. */
import { AppError } from "../errors.ts";

/** An AppError that names the file; what neither the file system nor zlib threw comes back as it is. */
export function explainFileFailure(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof Error) || !("code" in thrown) || thrown instanceof AppError) return thrown;
  const code = String(thrown.code);
  const options = { cause: thrown };
  if (code === "Z_BUF_ERROR") return damaged(path, "it ends too early", options);
  if (code.startsWith("Z_")) return damaged(path, "it can't be unpacked as a gzip file", options);
  if (code === "ENOSPC") {
    return new AppError(
      "OUT_OF_SPACE",
      `The disk of ${path} is full. Free some space there, or name another file.`,
      options,
    );
  }
  if (!/^E[A-Z0-9]+$/.test(code) || !("syscall" in thrown)) return thrown;
  return new AppError("INVALID_INPUT", `${path} can't be used: ${thrown.message}.`, options);
}

export function damaged(path: string, what: string, options: { readonly cause?: unknown } = {}): AppError {
  return new AppError(
    "INVALID_INPUT",
    `${path} is no whole backup: ${what}. Nothing of it is restored; take another copy of it, or another backup.`,
    options,
  );
}
