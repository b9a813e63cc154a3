import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where PATH has this command; undefined: nowhere. */
export function onPath(command: string): string | undefined {
  const name = process.platform === "win32" ? `${command}.exe` : command;
  const paths = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return paths.map((folder) => join(folder, name)).find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
