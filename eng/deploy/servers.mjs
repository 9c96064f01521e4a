// What node and edge are, as far as a deployment has to agree with them. Read from the code where there is one place that says it.
import { readFileSync } from 'node:fs';
import { defaults, seconds } from './settings.mjs';

const edgeHosting = readFileSync('src/SseEdge/Hosting/HostingSetup.cs', 'utf8');
const edgeShutdown = Number(/ShutdownTimeout = TimeSpan\.FromSeconds\((\d+)\)/.exec(edgeHosting)[1]);

const literals = file => [...readFileSync(file, 'utf8').matchAll(/"(\/\w+)"/g)].map(([, path]) => path);

export const servers = {
  node: {
    routes: literals('src/StreamService/Hosting/MonitoringSetup.cs'),
    probed: 'Node__MonitoringUrl',
    listens: ['Node__GrpcUrl', 'Node__MonitoringUrl'],
    needs: ['ConnectionStrings__Jobwatch', 'Tenancy__TokensFile'],
    shutdown: environment => seconds(environment, 'Node__PreStopDelay') + seconds(environment, 'Node__ShutdownTimeout'),
    // Readers that don't read are waited for so long, then cut; that has to fit into the shutdown.
    farewell: environment => seconds(environment, 'Watching__DrainTimeout'),
  },
  edge: {
    routes: literals('src/SseEdge/Health/HealthSetup.cs'),
    probed: 'Edge__HttpUrl',
    listens: ['Edge__HttpUrl'],
    needs: ['Edge__NodeAddress'],
    shutdown: environment => seconds(environment, 'Edge__PreStopDelay') + edgeShutdown,
    farewell: environment => seconds(environment, 'Edge__FarewellTimeout'),
  },
};

/** The port of an address that is a setting's value, or its default. */
export const portOf = (environment, name) => Number(/:(\d+)$/.exec(environment[name] ?? defaults.get(name) ?? '')?.[1]);
