// What the chart's resources promise each other.
import { formProblems } from './kubernetes.mjs';
import { podProblems } from './pods.mjs';

/** What is wrong with the chart's resources. */
export function chartProblems(resources) {
  const workloads = resources.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  const names = resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  return [
    ...formProblems(resources),
    ...names.filter((name, index) => names.indexOf(name) !== index).map(name => `There are two of ${name}.`),
    ...workloads.flatMap(podProblems),
    ...resources.filter(({ kind }) => kind === 'Service').flatMap(service => serviceProblems(service, workloads)),
    ...['node', 'edge'].flatMap(component => budgetProblems(component, resources, workloads)),
    ...addressProblems(resources, workloads),
  ];
}

const covers = (selector, workload) => Object.entries(selector).every(([key, value]) => workload.spec.template.metadata.labels[key] === value);

function serviceProblems({ metadata, spec }, workloads) {
  const behind = workloads.filter(workload => covers(spec.selector, workload));
  if (behind.length !== 1) return [`Service ${metadata.name} selects ${behind.length} workloads.`];
  const ports = behind[0].spec.template.spec.containers.flatMap(container => container.ports);
  return spec.ports.flatMap(port => {
    const target = ports.find(({ name, containerPort }) => name === port.targetPort || containerPort === port.targetPort);
    if (!target) return [`Service ${metadata.name}: no container has the port ${port.targetPort}.`];
    // Nobody translates the port of an address that DNS gave.
    return spec.clusterIP === 'None' && target.containerPort !== port.port ? [`Service ${metadata.name} is headless: its port has to be ${target.containerPort}.`] : [];
  });
}

function budgetProblems(component, resources, workloads) {
  const workload = workloads.find(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === component);
  const budget = resources.find(({ kind, spec }) => kind === 'PodDisruptionBudget' && covers(spec.selector.matchLabels, workload));
  if (!budget) return [`${component} has no disruption budget.`];
  const { maxUnavailable, minAvailable } = budget.spec;
  const goes = maxUnavailable ?? workload.spec.replicas - minAvailable;
  return goes >= 1 && goes < workload.spec.replicas ? [] : [`${component}: of ${workload.spec.replicas} the budget lets ${goes} go.`];
}

function addressProblems(resources, workloads) {
  const edge = workloads.find(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === 'edge');
  const address = edge.spec.template.spec.containers[0].env.find(({ name }) => name === 'Edge__NodeAddress')?.value ?? '';
  // A name that is looked up once, or one whose every address is taken.
  const [, host, port] = /^(?:http:\/\/|dns:\/\/\/)([\w-]+):(\d+)$/.exec(address) ?? [];
  const service = resources.find(({ kind, metadata }) => kind === 'Service' && metadata.name === host);
  const leads = service?.spec.ports.some(offered => offered.port === Number(port) && offered.targetPort === 'grpc');
  return leads ? [] : [`Edge__NodeAddress is '${address}', which is no service of the nodes.`];
}
