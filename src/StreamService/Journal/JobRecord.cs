using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>A job as the catalog holds it.</summary>
/// <param name="Head">Where its log stands.</param>
/// <param name="Job">The job, without its cursor.</param>
internal sealed record JobRecord(JobHead Head, Job Job);
