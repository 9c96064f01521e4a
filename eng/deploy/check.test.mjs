// The check turns red: each test breaks deploy in one way, in memory, and looks for the word of the rule that has to see it.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chartProblems } from './chart-rules.mjs';
import { render } from './chart.mjs';
import { composeFile, composeProblems, lintProblems, readCompose } from './compose.mjs';
import { imageProblems, readImages } from './images.mjs';

const resources = render({ redis: { enabled: true } });
const find = (all, kind, name) => all.find(resource => resource.kind === kind && resource.metadata.name === `jobwatch-${name}`);
const pod = (all, name) => find(all, 'Deployment', name).spec.template.spec;
const container = (all, name) => pod(all, name).containers[0];
const variable = (all, name, setting) => container(all, name).env.find(entry => entry.name === setting);

const chart = {
  'an unknown field': [/terminationGraceSeconds/, all => { pod(all, 'node').terminationGraceSeconds = 5; }],
  'a value of a wrong type': [/not assignable/, all => { find(all, 'Service', 'edge').spec.ports[0].port = 'http'; }],
  'a missing field': [/'name' is missing/, all => { delete container(all, 'redis').name; }],
  'two resources of a name': [/two of Service jobwatch-edge/, all => { all.push(structuredClone(find(all, 'Service', 'edge'))); }],
  'a setting that there isn\'t': [/Node__GrpcURL is no setting/, all => { variable(all, 'node', 'Node__GrpcUrl').name = 'Node__GrpcURL'; }],
  'a time that is none': [/Watching__DrainTimeout is '3s'/, all => { variable(all, 'node', 'Watching__DrainTimeout').value = '3s'; }],
  'a node without a store': [/doesn't set ConnectionStrings__Jobwatch/, all => { container(all, 'node').env.shift(); }],
  'a server on loopback': [/can't reach/, all => { variable(all, 'edge', 'Edge__HttpUrl').value = 'http://127.0.0.1:8080'; }],
  'a port that is not listened on': [/no container port is that of Edge__HttpUrl/, all => { variable(all, 'edge', 'Edge__HttpUrl').value = 'http://*:8088'; }],
  'a probe of another route': [/readinessProbe doesn't ask/, all => { container(all, 'node').readinessProbe.httpGet.path = '/healthz'; }],
  'a probe of another port': [/livenessProbe asks port grpc/, all => { container(all, 'node').livenessProbe.httpGet.port = 'grpc'; }],
  'no time to stop': [/is killed after 15 s; to stop takes 20.3/, all => { pod(all, 'node').terminationGracePeriodSeconds = 15; }],
  'a longer shutdown': [/to stop takes 40.3/, all => { variable(all, 'node', 'Node__ShutdownTimeout').value = '00:00:30'; }],
  'a farewell as long as the shutdown': [/as long as the whole shutdown/, all => { variable(all, 'node', 'Watching__DrainTimeout').value = '00:00:11'; }],
  'no preStop hook': [/preStop/, all => { delete container(all, 'edge').lifecycle; }],
  'tokens outside of the secret': [/no mounted secret/, all => { variable(all, 'node', 'Tenancy__TokensFile').value = '/tmp/tokens'; }],
  'a mount of nothing': [/is no volume/, all => { pod(all, 'edge').volumes = []; }],
  'root': [/may run as root/, all => { pod(all, 'edge').securityContext.runAsNonRoot = false; }],
  'a root that can be written to': [/can write to its root/, all => { container(all, 'redis').securityContext.readOnlyRootFilesystem = false; }],
  'capabilities': [/keeps capabilities/, all => { container(all, 'node').securityContext.capabilities = {}; }],
  'no requests': [/what CPU and memory/, all => { delete container(all, 'node').resources; }],
  'an image without a version': [/has no version/, all => { container(all, 'redis').image = 'redis'; }],
  'a selector of other pods': [/selects other pods/, all => { find(all, 'Deployment', 'edge').spec.selector.matchLabels = { of: 'nobody' }; }],
  'a service of nobody': [/selects 0 workloads/, all => { find(all, 'Service', 'edge').spec.selector['app.kubernetes.io/component'] = 'egde'; }],
  'a headless service of another port': [/is headless/, all => { find(all, 'Service', 'nodes').spec.ports[0].port = 80; }],
  'a budget that lets nobody go': [/the budget lets 0 go/, all => { find(all, 'PodDisruptionBudget', 'node').spec.maxUnavailable = 0; }],
  'a budget that lets all go': [/of 1 the budget lets 1 go/, all => { find(all, 'Deployment', 'edge').spec.replicas = 1; }],
  'edges that ask nobody': [/no service of the nodes/, all => { variable(all, 'edge', 'Edge__NodeAddress').value = 'http://jobwatch-edge:80'; }],
};
for (const [what, [expected, breaks]] of Object.entries(chart)) {
  test(`The chart: ${what}`, () => {
    const broken = structuredClone(resources);
    breaks(broken);
    assert.match(chartProblems(broken).join('\n'), expected);
  });
}

test('The chart: a value that values.yaml lacks', () => assert.throws(() => render({ node: { image: undefined } }), /doesn't have/));

const compose = {
  'a setting that there isn\'t': [/Edge__Adress is no setting/, ({ edge }) => { edge.environment.Edge__Adress = 'x'; }],
  'a health check of another port': [/health check asks port 9/, ({ node }) => { node.healthcheck.test = ['CMD', 'x', '/dev/tcp/127.0.0.1/9 GET /readyz']; }],
  'a health check of another route': [/a route that there isn't/, ({ edge }) => { edge.healthcheck.test = [edge.healthcheck.test.join(' ').replace('/readyz', '/health')]; }],
  'a port that is not listened on': [/publishes 80/, ({ edge }) => { edge.ports = ['127.0.0.1:8080:80']; }],
  'no time to stop': [/is killed after 10 s/, ({ node }) => { delete node.stop_grace_period; }],
  'rights': [/rights that it doesn't need/, ({ edge }) => { edge.read_only = false; }],
  'another node': [/not where the nodes listen/, ({ edge }) => { edge.environment.Edge__NodeAddress = 'http://node:8082'; }],
  'a secret that there isn\'t': [/no secret of the node/, ({ node }) => { node.secrets = []; }],
  'a wait for what has no health': [/has no health check/, ({ postgres }) => { delete postgres.healthcheck; }],
};
for (const [what, [expected, breaks]] of Object.entries(compose)) {
  test(`Compose: ${what}`, () => {
    const file = structuredClone(readCompose());
    breaks(file.services);
    assert.match(composeProblems(file).join('\n'), expected);
  });
}

test('Compose: an unknown key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  try {
    const broken = join(folder, 'compose.yaml');
    writeFileSync(broken, readFileSync(composeFile, 'utf8').replaceAll('stop_grace_period:', 'stop_grace:'));
    assert.match(lintProblems(broken).join('\n'), /must NOT have additional properties/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const images = {
  'an instruction that there isn\'t': [/Unknown instruction/, text => text.replace('WORKDIR /app', 'WORKDR /app')],
  'a source that there isn\'t': [/copies source, which/, text => text.replace('COPY src src', 'COPY source src')],
  'another program': [/not what it publishes/, text => text.replace('Jobwatch.SseEdge.dll', 'Jobwatch.Edge.dll')],
  'root': [/runs as root/, text => text.replace('USER $APP_UID', 'USER root')],
  'another port': [/exposes 80/, text => text.replace('EXPOSE 8080', 'EXPOSE 80')],
};
for (const [what, [expected, breaks]] of Object.entries(images)) {
  test(`Images: ${what}`, () => assert.match(imageProblems('edge', breaks(readImages().edge)).join('\n'), expected));
}
