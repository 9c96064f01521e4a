// The Dockerfiles: a linter's word, and that they take what is there and run what is built, without rights.
import { existsSync, readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { portOf, servers } from './servers.mjs';

const programs = { node: 'StreamService', edge: 'SseEdge' };

export const readImages = () => Object.fromEntries(Object.keys(programs).map(component => [component, readFileSync(`deploy/${component}.Dockerfile`, 'utf8')]));

/** What is wrong with the text of a server's Dockerfile. */
export function imageProblems(component, text) {
  const file = `deploy/${component}.Dockerfile`;
  const problems = validate(text).map(({ message, range }) => `${file}:${range.start.line + 1}: ${message}`);
  for (const [, sources] of text.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
    for (const source of sources.split(' '))
      if (!existsSync(source)) problems.push(`${file} copies ${source}, which there isn't.`);
  const project = /dotnet publish (\S+)/.exec(text)?.[1];
  if (project !== `src/${programs[component]}/Jobwatch.${programs[component]}.csproj` || !existsSync(project)) problems.push(`${file} publishes ${project}.`);
  const program = /^ENTRYPOINT \["dotnet", "(.+)\.dll"\]$/m.exec(text)?.[1];
  if (!project?.endsWith(`/${program}.csproj`)) problems.push(`${file} runs ${program}, which is not what it publishes.`);
  if (!/^USER (\$APP_UID|[1-9]\d*)$/m.test(text.slice(text.lastIndexOf('\nFROM ')))) problems.push(`${file} runs as root.`);
  const exposed = /^EXPOSE (.+)$/m.exec(text)?.[1].split(' ').map(Number) ?? [];
  const expected = component === 'node' ? [portOf({}, 'Node__GrpcUrl')] : [portOf({}, 'Edge__HttpUrl')];
  if (!expected.every(port => exposed.includes(port)) || exposed.length !== servers[component].listens.length) problems.push(`${file} exposes ${exposed}.`);
  return problems;
}
