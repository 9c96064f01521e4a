// What a pod of ours promises: its rights, its probes, its ports, its way to stop.
import { portOf, servers } from './servers.mjs';
import { settingProblems } from './settings.mjs';

/** Time that is left over when the program has stopped, in seconds: to start the signal, and to report. */
const spare = 5;

/** What is wrong with a Deployment or StatefulSet of the chart. */
export function podProblems(workload) {
  const pod = workload.spec.template.spec;
  const owner = workload.metadata.name;
  const component = workload.metadata.labels['app.kubernetes.io/component'];
  return [
    ...selectorProblems(owner, workload),
    ...(pod.securityContext?.runAsNonRoot && pod.securityContext.runAsUser > 0 ? [] : [`${owner} may run as root.`]),
    ...(pod.securityContext?.seccompProfile?.type === 'RuntimeDefault' ? [] : [`${owner} has no seccomp profile.`]),
    ...(pod.automountServiceAccountToken === false ? [] : [`${owner} has a token for the cluster's API, which it doesn't need.`]),
    ...pod.containers.flatMap(container => containerProblems(`${owner}/${container.name}`, container, pod, workload)),
    ...(servers[component] ? serverProblems(owner, component, pod) : []),
  ];
}

function selectorProblems(owner, { spec }) {
  const labels = spec.template.metadata.labels;
  return Object.entries(spec.selector.matchLabels).some(([key, value]) => labels[key] !== value) ? [`${owner} selects other pods than its own.`] : [];
}

function containerProblems(owner, container, pod, workload) {
  const problems = [];
  const rights = container.securityContext ?? {};
  if (rights.allowPrivilegeEscalation !== false) problems.push(`${owner} may gain rights.`);
  if (!rights.readOnlyRootFilesystem) problems.push(`${owner} can write to its root.`);
  if (!rights.capabilities?.drop?.includes('ALL')) problems.push(`${owner} keeps capabilities.`);
  if (!/:\w[\w.-]*$/.test(container.image) || container.image.endsWith(':latest')) problems.push(`${owner}: the image ${container.image} has no version.`);
  const { requests = {}, limits = {} } = container.resources ?? {};
  if (!requests.cpu || !requests.memory || !limits.memory) problems.push(`${owner} doesn't say what CPU and memory it needs.`);
  const volumes = [...(pod.volumes ?? []).map(volume => volume.name), ...(workload.spec.volumeClaimTemplates ?? []).map(claim => claim.metadata.name)];
  for (const mount of container.volumeMounts ?? [])
    if (!volumes.includes(mount.name)) problems.push(`${owner} mounts ${mount.name}, which is no volume of its pod.`);
  if (!container.readinessProbe) problems.push(`${owner} has no readiness probe.`);
  return problems;
}

function serverProblems(owner, component, pod) {
  const server = servers[component];
  const container = pod.containers.find(({ name }) => name === component);
  const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  const problems = settingProblems(owner, environment);
  for (const name of server.needs) if (!(name in environment)) problems.push(`${owner} doesn't set ${name}.`);
  for (const name of server.listens) {
    if (!/^http:\/\/\*:\d+$/.test(environment[name])) problems.push(`${owner}: ${name} is '${environment[name]}', which other pods can't reach.`);
    if (!container.ports.some(port => port.containerPort === portOf(environment, name))) problems.push(`${owner}: no container port is that of ${name}.`);
  }

  if (component === 'node' && !isSecret(environment.Tenancy__TokensFile, container, pod)) problems.push(`${owner}: Tenancy__TokensFile lies in no mounted secret.`);
  const probes = { startupProbe: '/livez', livenessProbe: '/livez', readinessProbe: '/readyz' };
  for (const [probe, path] of Object.entries(probes))
    problems.push(...probeProblems(`${owner}: ${probe}`, container[probe]?.httpGet, path, container, server, environment));
  return [...problems, ...stopProblems(owner, pod, container, server, environment)];
}

function probeProblems(what, get, path, container, server, environment) {
  if (get?.path !== path || !server.routes.includes(path)) return [`${what} doesn't ask ${path}, or there is no such route.`];
  const port = container.ports.find(({ name }) => name === get.port)?.containerPort ?? get.port;
  return port === portOf(environment, server.probed) ? [] : [`${what} asks port ${get.port}, which is not that of ${server.probed}.`];
}

// The hook runs first; the program's own shutdown begins when it is over, and both count.
function stopProblems(owner, pod, container, server, environment) {
  const problems = [];
  const hook = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
  const needed = hook + server.shutdown(environment) + spare;
  if (hook < 1) problems.push(`${owner} stops before others have heard of it: it needs a preStop hook.`);
  if (!(needed <= pod.terminationGracePeriodSeconds)) problems.push(`${owner} is killed after ${pod.terminationGracePeriodSeconds} s; to stop takes ${needed}.`);
  if (!(server.farewell(environment) < server.shutdown(environment))) problems.push(`${owner}: readers are waited for as long as the whole shutdown may take.`);
  return problems;
}

const isSecret = (file, container, pod) => container.volumeMounts.some(mount =>
  file?.startsWith(`${mount.mountPath}/`) && pod.volumes.some(volume => volume.name === mount.name && volume.secret));
