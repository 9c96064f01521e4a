// Renders the chart by the engine that Helm has too, Go's text/template. The chart uses no function of Helm's own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

const chart = 'deploy/helm/jobwatch';

/** The chart's resources. `changes` are values over those of values.yaml, as `--set` would give them. */
export function render(changes = {}) {
  const values = merged(parse(readFileSync(`${chart}/values.yaml`, 'utf8')), changes);
  const about = parse(readFileSync(`${chart}/Chart.yaml`, 'utf8'));
  if (about.apiVersion !== 'v2' || !about.name || !about.version) throw new Error('Chart.yaml needs apiVersion v2, name and version.');

  const files = readdirSync(`${chart}/templates`);
  // All of a chart's templates may use each other's definitions.
  const shared = files.filter(file => file.endsWith('.tpl')).map(file => readFileSync(`${chart}/templates/${file}`, 'utf8')).join('');
  return files.filter(file => file.endsWith('.yaml'))
    .flatMap(file => resources(file, run(shared + readFileSync(`${chart}/templates/${file}`, 'utf8'), { Values: values, Release: { Name: 'jobwatch' } })));
}

function run(template, data) {
  const folder = mkdtempSync(join(tmpdir(), 'chart-'));
  try {
    writeFileSync(join(folder, 'data.json'), JSON.stringify(data));
    writeFileSync(join(folder, 'out.yaml.tmpl'), template);
    execFileSync('tmpl', ['-data', `@${join(folder, 'data.json')}`, join(folder, 'out.yaml.tmpl')], { stdio: ['ignore', 'ignore', 'inherit'] });
    return readFileSync(join(folder, 'out.yaml'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function resources(file, text) {
  // What is printed of nothing, bare and by printf.
  if (/<no value>|%!/.test(text)) throw new Error(`${file} uses a value that values.yaml doesn't have:\n${text}`);
  return parseAllDocuments(text)
    .map(document => {
      if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0].message}\n${text}`);
      return document.toJS();
    })
    .filter(resource => resource);
}

function merged(base, changes) {
  if (!isMap(base) || !isMap(changes)) return changes;
  const both = { ...base };
  for (const [key, value] of Object.entries(changes)) both[key] = key in base ? merged(base[key], value) : value;
  return both;
}

const isMap = value => typeof value === 'object' && value !== null && !Array.isArray(value);
