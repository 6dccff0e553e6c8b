/** Programs that the suite runs beside the showcase: where they are, and what their absence means. */

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where a program is: the one that the variable names, or one on PATH or where Debian puts servers. */
export function findProgram(name: string, variable: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/sbin"];
  const candidates = [process.env[variable] ?? "", ...folders.map((folder) => join(folder, name))];
  return candidates.find((file) => file !== "" && isProgram(file));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
