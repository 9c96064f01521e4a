// The settings that docs/configuration.md has; the architecture tests hold that page to the options in the code.
import { readFileSync } from 'node:fs';

const page = readFileSync('docs/configuration.md', 'utf8');

/** A setting's default as written, by its name. */
export const defaults = new Map(
  [...page.matchAll(/^\| `(\w+__\w+)` \| (.*?) \|/gm)].map(([, name, shown]) => [name, (/^`(.*)`$/.exec(shown) ?? [, shown])[1]]));

/** What is wrong with a server's environment variables, a map of names to values. */
export function settingProblems(owner, environment) {
  return Object.entries(environment).flatMap(([name, value]) => {
    if (/^Logging__LogLevel__\w+/.test(name)) return [];
    if (!defaults.has(name)) return [`${owner}: ${name} is no setting of docs/configuration.md.`];
    const wanted = [/^(\d+\.)?\d\d:\d\d:\d\d(\.\d+)?$/, /^\d+$/].find(form => form.test(defaults.get(name)));
    return wanted && value !== undefined && !wanted.test(value) ? [`${owner}: ${name} is '${value}', of another form than its default ${defaults.get(name)}.`] : [];
  });
}

/** A time's seconds; that of the setting's default where the environment has none. */
export function seconds(environment, name) {
  const [hours, minutes, rest] = (environment[name] ?? defaults.get(name)).split(':').map(Number);
  return hours * 3600 + minutes * 60 + rest;
}
