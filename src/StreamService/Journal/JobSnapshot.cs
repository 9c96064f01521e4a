using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>A job's current executions at one moment: the open ones and the newest one.</summary>
/// <param name="Head">The moment: true after this position, whole and nothing later.</param>
/// <param name="Job">The job, without its cursor.</param>
/// <param name="Executions">Newest first, those that were asked for.</param>
/// <param name="Omitted">How many more are open, of those that were looked through only what was asked for.</param>
internal sealed record JobSnapshot(JobHead Head, Job Job, IReadOnlyList<ExecutionRecord> Executions, int Omitted);
