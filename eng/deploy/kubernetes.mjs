// Holds resources to the Kubernetes API: each is compiled as a literal of its type, so that an unknown field, a missing one
// and a value of a wrong type are errors.
import { resolve } from 'node:path';
import ts from 'typescript';

/** What is wrong with the resources' forms. */
export function formProblems(resources) {
  const name = resolve('eng/deploy/rendered.ts');
  const text = resources.map(literal).join('\n');
  const options = { noEmit: true, strict: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  // It lies in memory only, beside node_modules.
  host.getSourceFile = (file, version) => file === name ? ts.createSourceFile(file, text, version) : read(file, version);
  const program = ts.createProgram([name], options, host);
  return ts.getPreEmitDiagnostics(program).map(problem => {
    const line = problem.file ? ts.getLineAndCharacterOfPosition(problem.file, problem.start).line : 0;
    const place = text.split('\n')[line].trim();
    return `${nameAbove(text, line)}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')} At: ${place}`;
  });
}

const literal = (resource, index) => {
  const { kind, apiVersion } = resource;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return `// ${kind} ${resource.metadata?.name}\nexport const r${index}: import('kubernetes-types/${group.split('.')[0]}/${version}').${kind} = ${JSON.stringify(resource, null, 1)};`;
};

const nameAbove = (text, line) => text.split('\n').slice(0, line + 1).findLast(above => above.startsWith('// '))?.slice(3);
