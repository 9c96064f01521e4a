using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>A checked batch for one job. Each event has an event id and a time; an empty execution id asks for one to be made.</summary>
/// <param name="Job">The job; the first append makes it.</param>
/// <param name="Events">1 to 1000 events. The journal owns them from now on and fills in what the server sets.</param>
/// <param name="ExpectedPosition">The head that the producer saw, or null for any.</param>
internal sealed record AppendBatch(JobKey Job, IReadOnlyList<ExecutionEvent> Events, long? ExpectedPosition);
