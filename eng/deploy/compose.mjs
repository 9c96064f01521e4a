// The compose file: its schema and its ports by a linter, and that its servers agree with node and edge.
import { readFileSync } from 'node:fs';
import { DCLinter } from 'dclint';
import { parse } from 'yaml';
import { portOf, servers } from './servers.mjs';
import { settingProblems } from './settings.mjs';

export const composeFile = 'deploy/compose.yaml';

const linter = new DCLinter({
  // Matters of taste, and what this file has on purpose: a name for the project, and images that it also builds.
  rules: Object.fromEntries([
    'no-build-and-image', 'require-quotes-in-ports', 'services-alphabetical-order', 'service-keys-order', 'service-dependencies-alphabetical-order',
    'service-ports-alphabetical-order', 'top-level-properties-order', 'require-project-name-field', 'no-quotes-in-volumes',
  ].map(rule => [rule, 0])),
});

/** What the linter has to say. */
export const lintProblems = (file = composeFile) =>
  linter.lintFiles([file], false).flatMap(({ filePath, messages }) => messages.map(({ line, message, rule }) => `${filePath}:${line}: ${message} (${rule})`));

/** The compose file as it is, with what its aliases stand for. */
export const readCompose = () => parse(readFileSync(composeFile, 'utf8'), { merge: true });

/** What doesn't agree with node and edge. */
export function composeProblems({ services, secrets }) {
  const problems = Object.values(services).flatMap(service => Object.keys(service.depends_on ?? {}))
    .filter(name => !services[name]?.healthcheck).map(name => `${name} is waited for and has no health check.`);
  for (const [component, server] of Object.entries(servers)) {
    const service = services[component];
    const { environment } = service;
    problems.push(...settingProblems(component, environment));
    for (const name of server.needs) if (!(name in environment)) problems.push(`${component} doesn't set ${name}.`);
    if (!service.read_only || !service.cap_drop?.includes('ALL') || !service.security_opt?.includes('no-new-privileges:true')) problems.push(`${component} has rights that it doesn't need.`);

    const asks = service.healthcheck.test.join(' ');
    const asked = /127\.0\.0\.1\/(\d+)/.exec(asks)?.[1];
    if (Number(asked) !== portOf(environment, server.probed)) problems.push(`${component}'s health check asks port ${asked}, which is not that of ${server.probed}.`);
    if (!server.routes.includes(/GET (\S+)/.exec(asks)?.[1])) problems.push(`${component}'s health check asks for a route that there isn't.`);

    const published = service.ports.map(port => Number(port.split(':').at(-1)));
    if (!published.every(port => server.listens.some(name => portOf(environment, name) === port))) problems.push(`${component} publishes ${published}, where it doesn't listen.`);
    const grace = Number(/^(\d+)s$/.exec(service.stop_grace_period)?.[1] ?? 10);
    if (grace < server.shutdown(environment) + 5) problems.push(`${component} is killed after ${grace} s; to stop takes ${server.shutdown(environment) + 5}.`);
  }

  const tokens = services.node.environment.Tenancy__TokensFile.replace('/run/secrets/', '');
  if (!services.node.secrets.includes(tokens) || !secrets[tokens]) problems.push('Tenancy__TokensFile is no secret of the node.');
  const [, host, port] = /^(?:http:\/\/|dns:\/\/\/)(\w+):(\d+)$/.exec(services.edge.environment.Edge__NodeAddress) ?? [];
  if (host !== 'node' || Number(port) !== portOf(services.node.environment, 'Node__GrpcUrl')) problems.push('Edge__NodeAddress is not where the nodes listen.');
  return problems;
}
